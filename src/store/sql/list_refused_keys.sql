-- Lists the keys of a staged import that the way of importing does not allow.
-- {staging}: the staging table. {table}: its parent. $1 text: layer. $2 text: source of the import.
-- $3 boolean: whether known keys are refused; otherwise unknown ones are.
-- Returns key, in order. Reads the staging table once.
select staged.key
from {staging} staged
where exists (
    select
    from {table} active
    where active.dataset_version = (select dataset_version from active_version where layer = $1)
        and active.source = $2
        and active.key = staged.key
    union all
    select
    from set_aside aside
    where aside.dataset_version = (select dataset_version from active_version where layer = $1)
        and aside.source = $2
        and aside.key = staged.key
) = $3
order by staged.key
