-- Finds the version that a layer goes back to.
-- $1 text: layer. $2 bigint: the version wanted, or null. $3 boolean: whether the last rollback is undone.
-- Returns active, target (null where there is none), is_dropped: whether its records were; no row before the first import.
-- Leans on activation_by_layer and primary keys.
with
last_change as (
    select dataset_version, previous, reason
    from activation
    where layer = $1
    order by id desc
    limit 1
),
target as (
    select case
        when $2::bigint is not null then $2
        when $3 then (select previous from last_change where reason = 'rollback')
        -- The version that was active before the active one became so for the first time.
        else (
            select previous
            from activation
            where layer = $1
                and dataset_version = a.dataset_version
                and previous is distinct from a.dataset_version
            order by id
            limit 1
        )
    end as id
    from active_version a
    where a.layer = $1
)
select
    a.dataset_version as active,
    v.id as target,
    coalesce(v.records_dropped_at is not null, false) as is_dropped
from active_version a
cross join target
left join dataset_version v on v.id = target.id and v.layer = $1
where a.layer = $1
