-- Lists the roads of a staged table of sections with the distance that it goes to and the length of their lines.
-- {staging}: the staging table. No parameters.
-- Returns road, stated_m, length_m (null where no active road has the id), in order of road; nothing before the first
-- import of roads. Leans on the primary key of road.
select
    stated.road,
    stated.stated_m,
    ST_Length(r.geom::geography) as length_m
from (
    select road, max(to_m) as stated_m
    from {staging}
    group by road
) stated
join active_version a on a.layer = 'roads'
left join road r on r.dataset_version = a.dataset_version and r.key = stated.road
order by stated.road
