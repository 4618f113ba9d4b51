-- The head of the list of faults.
-- $1 bigint: method version.
-- Returns id, is_sample, stale, n_left_out, made_at (RFC 3339). Leans on primary keys.
select
    l.id,
    l.is_sample,
    l.n_left_out,
    l.method_version::bigint <> $1 or exists (
        select
        from fault_list_input i
        left join active_version v on v.layer = i.layer
        where i.fault_list = l.id
            and v.dataset_version is distinct from i.dataset_version
    ) as stale,
    to_char(l.made_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as made_at
from fault_list l
