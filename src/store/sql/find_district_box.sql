-- The box around the active villages.
-- Returns one row: west, south, east, north, in degrees; nulls where there are none.
-- Leans on the primary keys: the geometries of one version.
select
    ST_XMin(box) as west,
    ST_YMin(box) as south,
    ST_XMax(box) as east,
    ST_YMax(box) as north
from (
    select ST_Extent(geom) as box
    from village
    where dataset_version = (select dataset_version from active_version where layer = 'villages')
) active
