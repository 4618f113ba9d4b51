-- Brings the geometry of a version into EPSG:3857, with every vertex.
-- {band}: the full one. {version}: the dataset version. {records}: the table that holds its records.
-- Returns nothing. Reads every record once.
insert into tile_geometry_{band}_{version} (dataset_version, key, geom)
select {version}, key, ST_Transform(geom, 3857)
from {records}
where dataset_version = {version}
