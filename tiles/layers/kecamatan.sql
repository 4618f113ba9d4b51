-- Source layer `kecamatan` of the tiles of `villages` and `access`: the lines around kecamatan, without attributes.
-- $1 bigint: dataset version. $2, $3, $4 integer: z, x, y. $5 bigint: features kept.
-- {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: primary key.
with found as materialized (
    select ST_AsMVTGeom(geom, ST_TileEnvelope($2, $3, $4), 4096, 64) as geom
    from kecamatan_border
    where dataset_version = $1
        and band = '{band}'
        and geom && ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096)
),
kept as (
    select *
    from found
    where geom is not null
    limit $5
)
select
    ST_AsMVT(kept, 'kecamatan', 4096, 'geom') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
