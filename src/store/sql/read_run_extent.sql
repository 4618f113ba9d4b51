-- The box around the villages of a run, in degrees.
-- $1 bigint: version of the villages that the run has seen. $2 text: run.
-- Returns west, south, east, north; all null where the run has no villages.
-- Index: primary keys.
select
    ST_XMin(box.extent) as west,
    ST_YMin(box.extent) as south,
    ST_XMax(box.extent) as east,
    ST_YMax(box.extent) as north
from (
    select ST_Extent(v.geom) as extent
    from run_village rv
    join village v on v.dataset_version = $1 and v.key = rv.village
    where rv.run = $2
) box
