-- Why: road data may know tunnels and whom a road bars, and surveys in which season a facility works.

alter table road
    add is_tunnel boolean not null default false,
    add barred text[] not null default '{}';
comment on column road.barred is 'Modes that may not use the road, whatever its class says.';

alter table facility add season text;
comment on column facility.season is 'all | dry | wet | none: when it works; null is unknown and counts as all year.';
