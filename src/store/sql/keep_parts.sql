-- Copies into a staged import those records of the active version that it leaves as they are.
-- {staging}: the staging table. {table}: its parent. {version}: the staged version. {columns}: typed columns.
-- $1 text: layer. $2 text: source of the import; empty where the parts are only put together again. $3 boolean: whether records of that source
-- stay, too, unless their keys are staged. Sample data never stay beside others' imports.
-- Returns nothing. Reads the active version once.
insert into {staging} (dataset_version, source, key, content_hash, extra, {columns}, geom)
select {version}, source, key, content_hash, extra, {columns}, geom
from {table} active
where dataset_version = (select dataset_version from active_version where layer = $1)
    and case
        when source = $2 then $3 and not exists (
            select
            from {staging} staged
            where staged.source = $2
                and staged.key = active.key
        )
        else $2 = '' or source <> 'sample'
    end
