-- Why: road offices survey surface and condition by stations along their roads, in tables without places.

create table road_section (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    road text collate "C" not null,
    from_m double precision not null check (0 <= from_m),
    to_m double precision not null check (from_m < to_m),
    surface text,
    condition text,
    width_m double precision,
    season text,
    geom geometry (Point, 4326) check (geom is null),
    primary key (dataset_version, key)
) partition by list (dataset_version);
comment on table road_section is 'What a survey says of a stretch of a road, by metres along its line.';
comment on column road_section.geom is 'Always null: here so that every layer is copied and compared in one way.';
alter table road_section owner to jangkau_app;
grant select on road_section to jangkau_reader;

-- Runs and lists of faults from before have seen none.
insert into run_input (run, layer, dataset_version)
select id, 'road-sections', null from run;
insert into fault_list_input (fault_list, layer, dataset_version)
select id, 'road-sections', null from fault_list;
