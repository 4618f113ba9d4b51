-- The areas of a version as a picture draws them, in order of key; {band} is one of our bands.
-- $1 bigint: dataset version.
-- Returns key, geom (WKB, EPSG:3857).
-- Index: primary key of the partition.
select key, ST_AsBinary(geom, 'NDR') as geom
from tile_geometry_{band}
where dataset_version = $1
order by key
