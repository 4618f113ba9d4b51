-- Drops the records of a version, with what was drawn of them; what the version was stays.
-- {table}: the table of its layer's records. {version}: the version. Returns nothing.
drop table {table}_{version};
drop table if exists tile_geometry_z0_{version}, tile_geometry_z5_{version}, tile_geometry_z8_{version},
    tile_geometry_z11_{version};
delete from kecamatan_border where dataset_version = {version};
delete from set_aside where dataset_version = {version};
update dataset_version set records_dropped_at = now() where id = {version}
