-- Compares a staged import with the active version of its layer, key by key.
-- $1 text: layer. {staging}: the staging table. {table}: its parent. {staged_columns}, {active_columns}: typed columns.
-- Returns n_new, n_changed, n_unchanged, n_missing bigint. Leans on both primary keys.
with
-- Everything that is active now; nothing before the first import.
active as (
    select key, content_hash, extra, {columns}, geom
    from {table}
    where dataset_version = (select dataset_version from active_version where layer = $1)
),
-- One row a key of either. The hash decides first; vertices are looked at only where it differs.
compared as (
    select
        active.key is null as is_new,
        staged.key is null as is_missing,
        case
            when staged.content_hash = active.content_hash then true
            when staged.key is null or active.key is null then false
            when row(staged.extra, {staged_columns}) is distinct from row(active.extra, {active_columns}) then false
            else coalesce(same_place(staged.geom, active.geom), staged.geom is null and active.geom is null)
        end as is_same
    from {staging} staged
    full join active on active.key = staged.key
)
select
    count(*) filter (where is_new) as n_new,
    count(*) filter (where not is_new and not is_missing and not is_same) as n_changed,
    count(*) filter (where is_same) as n_unchanged,
    count(*) filter (where is_missing) as n_missing
from compared
