-- Lists the staged places that lie in no active village.
-- {staging}: the staging table. $1 text: source whose records are looked at.
-- Returns key, name (may be null), in order of key; nothing before the first import of villages.
-- Leans on the spatial index of the villages.
select
    staged.key,
    staged.name
from {staging} staged
where staged.source = $1
    and exists (select from active_version where layer = 'villages')
    and not exists (
        select
        from village
        where village.dataset_version = (select dataset_version from active_version where layer = 'villages')
            and ST_Covers(village.geom, staged.geom)
    )
order by staged.key
