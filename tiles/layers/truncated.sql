-- Source layer `truncated`: the honest mark of a tile that leaves features out, an area as large as the tile.
-- $1, $2, $3 integer: z, x, y. $4 bigint: features left out. Returns tile (bytea). Reads no table.
with mark as (
    select
        $4::bigint as dropped,
        ST_AsMVTGeom(ST_TileEnvelope($1, $2, $3), ST_TileEnvelope($1, $2, $3), 4096, 0) as geom
)
select ST_AsMVT(mark, 'truncated', 4096, 'geom') as tile
from mark
