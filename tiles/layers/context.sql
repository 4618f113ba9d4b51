-- Source layer of a context layer: whatever lies in a tile.
-- $1 bigint: dataset version. $2, $3, $4 integer: z, x, y. $5 bigint: features kept, the most important first.
-- {band}: the band of the zoom. {layer}: the name of the layer.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: tile_geometry_{band}_by_geom, primary keys.
with found as materialized (
    select
        case when c.key ~ '^[0-9]{1,15}$' then c.key::bigint end as feature_id,
        c.key as id,
        c.name,
        c.kind,
        ST_AsMVTGeom(g.geom, ST_TileEnvelope($2, $3, $4), 4096, 64) as geom
    from tile_geometry_{band} g
    join context_feature c on c.dataset_version = $1 and c.key = g.key
    where g.dataset_version = $1
        and g.geom && ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096)
),
kept as (
    select *
    from found
    where geom is not null
    order by id
    limit $5
)
select
    ST_AsMVT(kept, '{layer}', 4096, 'geom', 'feature_id') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
