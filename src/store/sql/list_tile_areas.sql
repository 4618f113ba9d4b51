-- Lists the areas of a version of the villages with every vertex, in order of key.
-- {band}: the full one. {version}: the dataset version. {records}: the table that holds its records.
-- Returns key, kecamatan (its code, else its name, else null), geom (EPSG:3857). Reads every area once.
select g.key, coalesce(r.kecamatan_code, r.kecamatan) as kecamatan, g.geom
from tile_geometry_{band}_{version} g
join {records} r on r.dataset_version = g.dataset_version and r.key = g.key
order by g.key
