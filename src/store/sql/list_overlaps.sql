-- Lists pairs of staged villages that overlap, the largest first.
-- {staging}: the staging table, indexed. $1 double precision: square metres above which an overlap counts.
-- Returns key, name, other_key, other_name, area_m2 (on the ellipsoid), is_same_shape, n_all (how many pairs there are);
-- at most 1,000. Leans on the spatial index.
with pair as (
    select
        one.key,
        one.name,
        other.key as other_key,
        other.name as other_name,
        ST_Equals(one.geom, other.geom) as is_same_shape,
        ST_Area(ST_CollectionExtract(ST_Intersection(one.geom, other.geom), 3)::geography) as area_m2
    from {staging} one
    join {staging} other
        on one.key < other.key
        and ST_Intersects(one.geom, other.geom)
)
select
    key,
    name,
    other_key,
    other_name,
    area_m2,
    is_same_shape,
    count(*) over () as n_all
from pair
where $1 < area_m2
order by area_m2 desc, key, other_key
limit 1000
