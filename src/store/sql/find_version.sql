-- Looks for a version of a layer, active or not.
-- $1 bigint: dataset version. $2 text: layer. Returns is_drawn boolean, whether its tile geometry is made, in one row
-- where the version exists. Leans on the primary key and the catalogue.
select to_regclass('tile_geometry_z11_' || id) is not null as is_drawn
from dataset_version
where id = $1
    and layer = $2
