-- Leaves vertices out of lines; their ends stay, and a line that collapses stays a straight one.
-- $1 double precision: how far a line may move, in metres of EPSG:3857.
-- {band}: the band that is filled. {finer}: the band that it is made from. {version}: the dataset version.
-- Returns nothing. Reads every line once.
insert into tile_geometry_{band}_{version} (dataset_version, key, geom)
select dataset_version, key, ST_Simplify(geom, $1, true)
from tile_geometry_{finer}_{version}
