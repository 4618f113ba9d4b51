-- Lists the versions whose tile geometry is not made yet, in order.
-- Tables by village have none, and neither have versions whose records were dropped.
-- No parameters. Returns id, layer. Leans on the catalogue.
select id, layer
from dataset_version
where to_regclass('tile_geometry_z11_' || id) is null
    and layer not in ('population', 'poverty', 'declared-values', 'road-sections')
    and records_dropped_at is null
order by id
