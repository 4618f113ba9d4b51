-- Finds the two versions of a layer that are compared.
-- $1 text: layer. $2 bigint: the earlier one wanted, or null for the one
-- that was active before the later one was, the last time. $3 bigint: the later one wanted, or null for the active one.
-- Returns from_version, to_version (null where there is none), from_is_wanted, is_dropped: whether the records of
-- either were. Leans on dataset_version_by_layer.
with
later as (
    select v.id, v.records_dropped_at
    from dataset_version v
    where v.layer = $1
        and v.id = coalesce($3, (select dataset_version from active_version where layer = $1))
),
earlier as (
    select v.id, v.records_dropped_at
    from dataset_version v
    where v.layer = $1
        and v.id = coalesce($2, (
            select a.previous
            from activation a
            where a.layer = $1
                and a.dataset_version = (select id from later)
            order by a.id desc
            limit 1
        ))
)
select
    (select id from earlier) as from_version,
    (select id from later) as to_version,
    $2::bigint is not null as from_is_wanted,
    coalesce((select records_dropped_at from earlier), (select records_dropped_at from later)) is not null as is_dropped
