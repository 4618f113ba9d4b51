-- Takes out of a staged import, and keeps beside it, each record that another source's record stands for:
-- one of the same key whose source comes earlier, or the one that people said is the same.
-- {staging}: the staging table. {version}: the staged version.
-- $1 text: layer. $2 text[]: sources, the one that goes first first.
-- Returns source, key, kept_source, kept_key of each. Reads the staging table once; it has no index yet.
with
by_key as (
    select
        ctid as row_id,
        first_value(source) over same_key as kept_source,
        key as kept_key,
        row_number() over same_key as place
    from {staging}
    window same_key as (
        partition by key
        order by array_position($2::text[], source), source
        rows between unbounded preceding and unbounded following
    )
),
lost as (
    select row_id, kept_source, kept_key
    from by_key
    where place > 1
    union all
    select said.ctid, d.kept_source, d.kept_key
    from {staging} said
    join same_record d on d.layer = $1 and d.source = said.source and d.key = said.key
    join by_key on by_key.row_id = said.ctid and by_key.place = 1
    where exists (
        select
        from {staging} kept
        where kept.source = d.kept_source
            and kept.key = d.kept_key
    )
),
taken as (
    delete from {staging} staged
    using lost
    where staged.ctid = lost.row_id
    returning staged, lost.kept_source, lost.kept_key
)
insert into set_aside (dataset_version, layer, source, key, kept_source, kept_key, content_hash, record, geom)
select
    {version},
    $1,
    (staged).source,
    (staged).key,
    kept_source,
    kept_key,
    (staged).content_hash,
    to_jsonb(staged) - 'geom',
    (staged).geom
from taken
returning source, key, kept_source, kept_key
