-- Lists the versions whose tile geometry was never made, in order.
-- No parameters. Returns id, layer. Leans on the catalogue.
select id, layer
from dataset_version
where to_regclass('tile_geometry_z11_' || id) is null
order by id
