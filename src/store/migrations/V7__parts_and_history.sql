-- Why: offices hand over tables without places, and layers whose parts come from several suppliers; what was active when,
-- and who said so, must be known to go back.

create table village_office (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    name text,
    village_code text collate "C",
    geom geometry (Point, 4326) not null,
    primary key (dataset_version, key)
) partition by list (dataset_version);
create index village_office_by_geom on village_office using gist (geom);

create table village_values (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    layer text not null,
    period text,
    values_by_field jsonb not null,
    geom geometry (Point, 4326) check (geom is null),
    primary key (dataset_version, key)
) partition by list (dataset_version);
comment on table village_values is 'What a table says of a village: population, poverty, declared-values. Its key is the code.';
comment on column village_values.geom is 'Always null: here so that every layer is copied and compared in one way.';

create table context_feature (
    dataset_version bigint not null,
    source text not null,
    key text collate "C" not null,
    content_hash bytea not null,
    extra jsonb not null,
    name text,
    kind text,
    geom geometry (Geometry, 4326) not null,
    primary key (dataset_version, key)
) partition by list (dataset_version);
create index context_feature_by_geom on context_feature using gist (geom);

-- Runs and lists of faults from before have seen none of the new layers.
insert into run_input (run, layer, dataset_version)
select id, 'population', null from run;
insert into fault_list_input (fault_list, layer, dataset_version)
select l.id, new.layer, null
from fault_list l
cross join unnest(array['markets', 'village-offices', 'population', 'poverty', 'declared-values']) as new (layer);

alter table source_edition
    add n_records bigint,
    add producer text,
    add data_date text,
    add basis text,
    add licence text,
    add is_restricted boolean,
    add contact text;
comment on column source_edition.n_records is 'Records of the source in the version; null in versions made before this was counted.';
comment on column source_edition.producer is 'Who is answerable for the data (walidata).';
comment on column source_edition.data_date is 'The time that the data are of: 2025, 2025-06, 2025-06-30, or a text such as semester 2 2025.';
comment on column source_edition.basis is 'The decree or the document that they come from.';
comment on column source_edition.is_restricted is 'Whether they may not be given to the public; null is unknown.';

create function facts_of(record jsonb) returns jsonb
language sql immutable parallel safe
return (record - '{dataset_version,source,key,content_hash,extra,layer,geom}'::text[]) || (record -> 'extra');
comment on function facts_of is 'What a row of a layer says beside its key and its geometry, columns that the layer does not know included.';

create function provenance_of(edition source_edition) returns jsonb
language sql immutable parallel safe
return jsonb_strip_nulls(jsonb_build_object(
    'producer', edition.producer,
    'date', edition.data_date,
    'basis', edition.basis,
    'licence', edition.licence,
    'access', case edition.is_restricted when true then 'restricted' when false then 'open' end,
    'contact', edition.contact
));
comment on function provenance_of is 'What is known of where an edition comes from; what is unknown is left out.';

alter table dataset_version add records_dropped_at timestamptz;
comment on column dataset_version.records_dropped_at is 'When its records were dropped to save room; what it was stays known.';

create table activation (
    id bigint generated always as identity primary key,
    layer text not null,
    dataset_version bigint not null references dataset_version,
    previous bigint references dataset_version,
    reason text not null check (reason in ('import', 'rollback', 'undo')),
    made_by text not null,
    made_at timestamptz not null default now()
);
comment on table activation is 'Every change of what is active, in order; nobody ever updates a row.';
create index activation_by_layer on activation (layer, id);
insert into activation (layer, dataset_version, reason, made_by, made_at)
select a.layer, a.dataset_version, 'import', v.made_by, a.activated_at
from active_version a
join dataset_version v on v.id = a.dataset_version
order by a.activated_at;

create table set_aside (
    dataset_version bigint not null,
    layer text not null,
    source text not null,
    key text collate "C" not null,
    kept_source text not null,
    kept_key text collate "C" not null,
    content_hash bytea not null,
    record jsonb not null,
    geom geometry (Geometry, 4326),
    primary key (dataset_version, source, key)
);
comment on table set_aside is 'Records that another source''s record stands for in a version: of the same key, or said to be the same.';
comment on column set_aside.record is 'Its row, without its geometry.';

create table same_record (
    layer text not null,
    source text not null,
    key text collate "C" not null,
    kept_source text not null,
    kept_key text collate "C" not null,
    made_by text not null,
    made_at timestamptz not null default now(),
    primary key (layer, source, key),
    check (source <> kept_source or key <> kept_key)
);
comment on table same_record is 'What people said of two records of a layer: they are one, and the second stands for both.';

create table import_profile (
    layer text not null,
    source text not null,
    mapping jsonb not null,
    made_by text not null,
    made_at timestamptz not null default now(),
    primary key (layer, source)
);
comment on table import_profile is 'How the columns of a source were mapped, to be mapped so again.';

do $$
declare
    each text;
begin
    foreach each in array array[
        'village_office', 'village_values', 'context_feature', 'activation', 'set_aside', 'same_record', 'import_profile'
    ] loop
        execute format('alter table %I owner to jangkau_app', each);
        execute format('grant select on %I to jangkau_reader', each);
    end loop;
end
$$;
