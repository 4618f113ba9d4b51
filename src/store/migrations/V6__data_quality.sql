-- Why: what is wrong with the data is a list with people, computed with the runs and read like them.
--
-- Only the newest list is kept: saving one removes the one before, in the same transaction.

create table fault_list (
    id text primary key,
    is_only boolean not null default true unique check (is_only),
    method_version integer not null,
    is_sample boolean not null,
    villages_version bigint references dataset_version,
    n_left_out bigint not null,
    made_at timestamptz not null default now()
);
comment on table fault_list is 'The one list of faults of the data. Its id is a hash of the versions it has seen and the method.';

create table fault_list_input (
    fault_list text not null references fault_list on delete cascade,
    layer text not null,
    dataset_version bigint references dataset_version,
    primary key (fault_list, layer)
);
comment on column fault_list_input.dataset_version is 'Null where the layer had never been imported.';

create table fault (
    fault_list text not null references fault_list on delete cascade,
    rank integer not null,
    id text collate "C" not null,
    kind text not null,
    people_thousandths bigint check (people_thousandths >= 0),
    by_service jsonb not null,
    detail jsonb not null,
    village text collate "C",
    geom geometry (Point, 4326) not null,
    primary key (fault_list, rank),
    unique (fault_list, id)
);
create index fault_by_geom on fault using gist (geom);
comment on column fault.rank is 'From 1, the most people first, unknown people last.';
comment on column fault.people_thousandths is 'People whose number changes if this fault alone is mended; null is unknown.';
comment on column fault.by_service is '[{"service", "mode", "people": thousandths or null}], one a service with data.';

do $$
declare
    each text;
begin
    foreach each in array array['fault_list', 'fault_list_input', 'fault'] loop
        execute format('alter table %I owner to jangkau_app', each);
        execute format('grant select on %I to jangkau_reader', each);
    end loop;
end
$$;
