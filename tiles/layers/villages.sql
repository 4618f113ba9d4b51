-- Source layer `villages`: areas of a tile. A village that is smaller than a cell of the tile's grid is drawn as one.
-- $1 bigint: dataset version. $2, $3, $4 integer: z, x, y. $5 bigint: features kept, the most important first.
-- {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: tile_geometry_{band}_by_geom, primary keys.
with found as materialized (
    select
        case when v.key ~ '^[0-9.]{1,16}$' then replace(v.key, '.', '')::bigint end as feature_id,
        v.key as code,
        v.name,
        v.kecamatan,
        v.kecamatan_code,
        v.population_thousandths / 1000.0::double precision as population,
        -- A cell is 1/4096 of the tile's side.
        coalesce(
            ST_AsMVTGeom(g.geom, ST_TileEnvelope($2, $3, $4), 4096, 64),
            ST_AsMVTGeom(
                ST_Expand(ST_PointOnSurface(g.geom), 40075016.68557849 / (2 ^ $2 * 4096)),
                ST_TileEnvelope($2, $3, $4), 4096, 64)
        ) as geom
    from tile_geometry_{band} g
    join village v on v.dataset_version = $1 and v.key = g.key
    where g.dataset_version = $1
        and g.geom && ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096)
),
kept as (
    select *
    from found
    where geom is not null
    order by population desc nulls last, code
    limit $5
)
select
    ST_AsMVT(kept, 'villages', 4096, 'geom', 'feature_id') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
