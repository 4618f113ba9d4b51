-- How many villages of a run touch an area.
-- $1 bigint: version of the villages that the run has seen. $2 text: run.
-- $3 text: area as WKT, EPSG:4326; null = everywhere.
-- Returns n.
-- Index: primary keys; village_by_geom where the area is small.
select count(*) as n
from run_village rv
join village v on v.dataset_version = $1 and v.key = rv.village
where rv.run = $2
    and ($3::text is null or ST_Intersects(v.geom, ST_GeomFromText($3, 4326)))
