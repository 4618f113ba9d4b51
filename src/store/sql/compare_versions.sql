-- Compares two versions of a layer, key by key.
-- {table}: the table of its records. $1 bigint: the earlier version, or null. $2 bigint: the later one.
-- Returns key, source, name, change (new, changed, missing; unchanged in one row with n_unchanged), fields (what differs),
-- lon, lat (a point on it, in degrees). In order of key. Leans on the partitions.
with
compared as (
    select
        later.row as later_row,
        earlier.row as earlier_row,
        case
            when earlier.key is null then 'new'
            when later.key is null then 'missing'
            when (later.row).content_hash = (earlier.row).content_hash then 'unchanged'
            when facts_of(to_jsonb(later.row)) = facts_of(to_jsonb(earlier.row))
                and coalesce(same_place((later.row).geom, (earlier.row).geom), (later.row).geom is null)
            then 'unchanged'
            else 'changed'
        end as change
    from (select t as row, key from {table} t where dataset_version = $2) later
    full join (select t as row, key from {table} t where dataset_version = $1) earlier on earlier.key = later.key
),
differing as (
    select
        coalesce((later_row).key, (earlier_row).key) as key,
        coalesce((later_row).source, (earlier_row).source) as source,
        coalesce(facts, earlier_facts) ->> 'name' as name,
        change,
        case when change = 'changed' then array(
            select field
            from (
                select coalesce(l.key, e.key) as field
                from jsonb_each(facts) l
                full join jsonb_each(earlier_facts) e on e.key = l.key
                where l.value is distinct from e.value
                union all
                select 'geometry'
                where not coalesce(same_place((later_row).geom, (earlier_row).geom), true)
            ) fields
            order by field
        ) else '{}' end as fields,
        ST_PointOnSurface(coalesce((later_row).geom, (earlier_row).geom)) as place
    from compared
    cross join lateral (
        select facts_of(to_jsonb(later_row)) as facts, facts_of(to_jsonb(earlier_row)) as earlier_facts
    ) said
    where change <> 'unchanged'
)
select
    key, source, name, change, fields, ST_X(place) as lon, ST_Y(place) as lat, null::bigint as n_unchanged
from differing
union all
select '', '', null, 'unchanged', '{}', null, null, count(*)
from compared
where change = 'unchanged'
order by key
