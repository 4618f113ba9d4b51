-- Lists the versions whose records nobody needs any more, in order.
-- $1 bigint: how many of the newest of each layer stay.
-- Returns id, layer, n_records. Leans on dataset_version_by_layer.
select id, layer, n_records
from (
    select
        v.id,
        v.layer,
        v.n_records,
        row_number() over (partition by v.layer order by v.id desc) as age
    from dataset_version v
    where v.records_dropped_at is null
) aged
where age > $1
    and not exists (select from active_version a where a.dataset_version = aged.id)
    and not exists (
        select
        from active_run r
        join run_input i on i.run = r.run
        where i.dataset_version = aged.id
    )
    and not exists (select from fault_list_input i where i.dataset_version = aged.id)
order by id
