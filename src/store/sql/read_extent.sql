-- The box around a version of a layer, in degrees; {table} is one of our tables.
-- $1 bigint: dataset version.
-- Returns west, south, east, north; all null where the version has no rows.
-- Index: none, reads the version's partition.
select
    ST_XMin(box.extent) as west,
    ST_YMin(box.extent) as south,
    ST_XMax(box.extent) as east,
    ST_YMax(box.extent) as north
from (select ST_Extent(geom) as extent from {table} where dataset_version = $1) box
