-- Finds the list of faults that readers see.
-- $1 integer: method version.
-- Returns id, is_stale: whether a layer has another active version than the list has seen, or the method is another.
-- Leans on primary keys.
select
    l.id,
    l.method_version <> $1 or exists (
        select
        from fault_list_input i
        left join active_version v on v.layer = i.layer
        where i.fault_list = l.id
            and v.dataset_version is distinct from i.dataset_version
    ) as is_stale
from fault_list l
