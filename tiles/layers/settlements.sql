-- Source layer `settlements`: points of a tile, where most people live first.
-- $1 bigint: dataset version. $2, $3, $4 integer: z, x, y. $5 bigint: features kept, the most important first.
-- {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: tile_geometry_{band}_by_geom, primary keys.
with found as materialized (
    select
        case when s.key ~ '^[0-9]{1,15}$' then s.key::bigint end as feature_id,
        s.key,
        case when 7 <= $2 then s.key end as id,
        case when 7 <= $2 then s.name end as name,
        case when 7 <= $2 then s.village_code end as village_code,
        s.population_thousandths / 1000.0::double precision as population,
        ST_AsMVTGeom(g.geom, ST_TileEnvelope($2, $3, $4), 4096, 64) as geom
    from tile_geometry_{band} g
    join settlement s on s.dataset_version = $1 and s.key = g.key
    where g.dataset_version = $1
        and g.geom && ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096)
),
kept as (
    select feature_id, id, name, village_code, population, geom
    from found
    where geom is not null
    order by population desc nulls last, key
    limit $5
)
select
    ST_AsMVT(kept, 'settlements', 4096, 'geom', 'feature_id') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
