-- Lists the staged facilities that are more than 1,000 m from every active road.
-- {staging}: the staging table. $1 text: source whose records are looked at.
-- Returns key, name (may be null), in order of key; nothing before the first import of roads.
-- Leans on the spatial index of the roads: 0.0095 degrees are at least 1,000 m between 18° south and 18° north.
select
    staged.key,
    staged.name
from {staging} staged
where staged.source = $1
    and exists (select from active_version where layer = 'roads')
    and not exists (
        select
        from road
        where road.dataset_version = (select dataset_version from active_version where layer = 'roads')
            and ST_DWithin(road.geom, staged.geom, 0.0095)
            and ST_DWithin(road.geom::geography, staged.geom::geography, 1000)
    )
order by staged.key
