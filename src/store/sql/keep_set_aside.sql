-- Copies into a staged import what the active version had set aside and the import leaves as it is.
-- {staging}: the staging table. {table}: its parent. {version}: the staged version. {columns}, {active_columns}.
-- $1 text: layer. $2 text: source of the import; empty where the parts are only put together again. $3 boolean: whether records of that source
-- stay, too, unless their keys are staged.
-- Returns nothing. Leans on the primary key of set_aside.
insert into {staging} (dataset_version, source, key, content_hash, extra, {columns}, geom)
select {version}, active.source, active.key, active.content_hash, active.extra, {active_columns}, aside.geom
from set_aside aside
cross join lateral jsonb_populate_record(null::{table}, aside.record) active
where aside.dataset_version = (select dataset_version from active_version where layer = $1)
    and case
        when aside.source = $2 then $3 and not exists (
            select
            from {staging} staged
            where staged.source = $2
                and staged.key = aside.key
        )
        else $2 = '' or aside.source <> 'sample'
    end
