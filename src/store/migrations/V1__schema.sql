-- Why: the tables everything else grows in: one district, immutable dataset versions, runs over them.
--
-- A layer's rows live in a table partitioned by dataset version. An import fills a staging table that is
-- attached as the version's partition; nobody ever updates a row. What is current is one row of
-- active_version (data) and of active_run (results): readers switch at once.
--
-- The tables belong to jangkau_app, since attaching a partition takes the parent's owner.
-- jangkau_reader only selects.
--
-- Keys are compared byte by byte (collate "C"): their order is part of every answer and the same on any machine.

create function same_place(one geometry, other geometry) returns boolean
language sql immutable parallel safe
return st_npoints(one) = st_npoints(other) and not exists (
    select
    from st_dumppoints(one) a
    full join st_dumppoints(other) b on b.path = a.path
    where a.path is null
        or b.path is null
        or abs(st_x(a.geom) - st_x(b.geom)) > 1e-7
        or abs(st_y(a.geom) - st_y(b.geom)) > 1e-7
);
comment on function same_place is 'Whether two geometries in degrees agree part by part and vertex by vertex, to 1e-7 (1 cm).';

create table district (
    is_only boolean primary key default true check (is_only),
    code text not null,
    name text,
    set_at timestamptz not null default now()
);
comment on table district is 'The one district of this database; villages outside its code are neighbours.';

create table dataset_version (
    id bigint generated always as identity primary key,
    layer text not null,
    content_hash text not null,
    is_sample boolean not null,
    n_records bigint not null check (n_records > 0),
    released_columns text[] not null default '{}',
    report jsonb not null,
    made_by text not null,
    made_at timestamptz not null default now()
);
comment on table dataset_version is 'One immutable state of a layer: the ordered editions of its sources.';
create index dataset_version_by_layer on dataset_version (layer, id);

create table source_edition (
    dataset_version bigint not null references dataset_version,
    position integer not null,
    source text not null,
    file_names text[] not null,
    file_hash text not null,
    crs text,
    encoding text,
    primary key (dataset_version, position),
    unique (dataset_version, source)
);
comment on table source_edition is 'What one supplier gave to a dataset version.';

create table active_version (
    layer text primary key,
    dataset_version bigint not null references dataset_version,
    activated_at timestamptz not null default now()
);

create table village (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    name text not null,
    kecamatan text,
    kecamatan_code text,
    district_code text not null,
    population_thousandths bigint check (population_thousandths >= 0),
    geom geometry (MultiPolygon, 4326) not null,
    primary key (dataset_version, key)
) partition by list (dataset_version);
create index village_by_geom on village using gist (geom);

create table road (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    name text,
    class text not null,
    surface text,
    condition text,
    width_m double precision,
    one_way text not null,
    is_bridge boolean not null,
    season text,
    max_speed_kmh double precision,
    geom geometry (MultiLineString, 4326) not null,
    primary key (dataset_version, key)
) partition by list (dataset_version);
create index road_by_geom on road using gist (geom);

create table facility (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    layer text not null,
    name text,
    tier text,
    status text not null,
    capacity double precision,
    improved boolean,
    queue_min double precision,
    confirmed_on date,
    geom geometry (Point, 4326) not null,
    primary key (dataset_version, key)
) partition by list (dataset_version);
create index facility_by_geom on facility using gist (geom);

create table settlement (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    name text,
    village_code text collate "C",
    population_thousandths bigint check (population_thousandths >= 0),
    geom geometry (Point, 4326) not null,
    primary key (dataset_version, key)
) partition by list (dataset_version);
create index settlement_by_geom on settlement using gist (geom);

create table barrier (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    kind text,
    geom geometry (MultiLineString, 4326) not null,
    primary key (dataset_version, key)
) partition by list (dataset_version);
create index barrier_by_geom on barrier using gist (geom);

create table crossing (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    kind text not null,
    season text not null,
    geom geometry (Point, 4326) not null,
    primary key (dataset_version, key)
) partition by list (dataset_version);
create index crossing_by_geom on crossing using gist (geom);

create table run (
    id text primary key,
    service text not null,
    mode text not null,
    season text not null,
    metric text not null,
    tier text[] not null,
    rule jsonb not null,
    method_version integer not null,
    is_sample boolean not null,
    unassigned jsonb not null,
    made_at timestamptz not null default now()
);
comment on column run.rule is 'domain::Rule without stale, which is a matter of when it is read.';
comment on column run.unassigned is 'Settlements that lie in no village: {"settlements": n, "people": thousandths or null}.';

create table run_input (
    run text not null references run on delete cascade,
    layer text not null,
    dataset_version bigint references dataset_version,
    primary key (run, layer)
);
comment on column run_input.dataset_version is 'Null where the layer had never been imported.';

create table active_run (
    service text not null,
    mode text not null,
    season text not null,
    metric text not null,
    tier text[] not null,
    run text not null references run,
    activated_at timestamptz not null default now(),
    primary key (service, mode, season, metric, tier)
);

create table run_village (
    run text not null references run on delete cascade,
    village text collate "C" not null,
    state text not null,
    time_ms bigint,
    length_mm bigint,
    facility text collate "C",
    second_facility text collate "C",
    second_time_ms bigint,
    second_length_mm bigint,
    median_point text collate "C" not null,
    population_thousandths bigint,
    population_source text not null,
    within_thousandths bigint,
    beyond_cutoff_thousandths bigint,
    no_path_thousandths bigint,
    unsnapped_thousandths bigint,
    no_input_thousandths bigint,
    standards jsonb not null,
    primary key (run, village),
    constraint people_are_conserved check (
        case
            when population_thousandths is null then num_nonnulls(
                within_thousandths, beyond_cutoff_thousandths, no_path_thousandths,
                unsnapped_thousandths, no_input_thousandths) = 0
            else coalesce(population_thousandths = within_thousandths + beyond_cutoff_thousandths
                + no_path_thousandths + unsnapped_thousandths + no_input_thousandths, false)
        end)
);
comment on table run_village is 'Single values are those of the median person: median_point. Facilities are keys of the layer.';
comment on column run_village.standards is '[{"id", "threshold", "unit", "people_within": thousandths or null}]';

create table run_point (
    run text not null references run on delete cascade,
    point text collate "C" not null,
    village text collate "C",
    people_thousandths bigint,
    state text not null,
    time_ms bigint,
    length_mm bigint,
    facility text collate "C",
    second_facility text collate "C",
    second_time_ms bigint,
    second_length_mm bigint,
    geom geometry (Point, 4326) not null,
    primary key (run, point)
);
create index run_point_by_village on run_point (run, village);
create index run_point_by_geom on run_point using gist (geom);

do $$
declare
    each text;
begin
    foreach each in array array[
        'district', 'dataset_version', 'source_edition', 'active_version', 'village', 'road', 'facility',
        'settlement', 'barrier', 'crossing', 'run', 'run_input', 'active_run', 'run_village', 'run_point'
    ] loop
        execute format('alter table %I owner to jangkau_app', each);
        execute format('grant select on %I to jangkau_reader', each);
    end loop;
end
$$;
