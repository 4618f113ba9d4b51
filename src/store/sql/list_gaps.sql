-- Lists the holes in the union of the staged villages, the largest first.
-- {staging}: the staging table. $1 double precision: square metres above which a hole counts.
-- Returns longitude and latitude of a point in it, area_m2 (on the ellipsoid), n_all (how many holes there are);
-- at most 1,000. Reads the whole table.
with part as (
    select (ST_Dump(ST_UnaryUnion(ST_Collect(geom)))).geom
    from {staging}
),
ring as (
    select ST_DumpRings(geom) as dumped
    from part
),
hole as (
    select
        (dumped).geom as geom,
        ST_Area((dumped).geom::geography) as area_m2
    from ring
    where (dumped).path[1] > 0
)
select
    ST_X(ST_PointOnSurface(geom)) as longitude,
    ST_Y(ST_PointOnSurface(geom)) as latitude,
    area_m2,
    count(*) over () as n_all
from hole
where $1 < area_m2
order by area_m2 desc, longitude, latitude
limit 1000
