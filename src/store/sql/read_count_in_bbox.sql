-- How many rows of a version touch an area, counted no further than a limit; {table} is one of our tables.
-- $1 bigint: dataset version. $2 text: area as WKT, EPSG:4326. $3 bigint: limit.
-- Returns n.
-- Index: {table}_by_geom.
select count(*) as n
from (
    select
    from {table}
    where dataset_version = $1
        and ST_Intersects(geom, ST_GeomFromText($2, 4326))
    limit $3
) found
