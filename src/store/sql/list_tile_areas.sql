-- Lists the areas of a version with every vertex, in order of key.
-- {band}: the full one. {version}: the dataset version.
-- Returns key, geom (EPSG:3857). Reads every area once.
select key, geom
from tile_geometry_{band}_{version}
order by key
