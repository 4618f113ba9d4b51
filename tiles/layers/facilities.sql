-- Source layers `clinics`, `water-points` and `schools`: points of a tile. Below zoom 7 they say only what a mark
-- looks like: a country's water points fit into one tile then. What is more than id and name comes from zoom 9.
-- $1 bigint: dataset version. $2, $3, $4 integer: z, x, y. $5 bigint: features kept, the most important first.
-- {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: tile_geometry_{band}_by_geom, primary keys.
-- {layer}: the source layer.
with found as materialized (
    select
        case when f.key ~ '^[0-9]{1,15}$' then f.key::bigint end as feature_id,
        array_position(array['rumah-sakit', 'puskesmas', 'pustu', 'poskesdes', 'posyandu', 'sma', 'smp', 'sd'], f.tier)
            as importance,
        f.key,
        case when 7 <= $2 then f.key end as id,
        case when 7 <= $2 then f.name end as name,
        f.tier,
        f.status,
        f.improved,
        case when 9 <= $2 then f.capacity end as capacity,
        case when 9 <= $2 then f.queue_min end as queue_min,
        case when 9 <= $2 then f.confirmed_on::text end as confirmed_on,
        ST_AsMVTGeom(g.geom, ST_TileEnvelope($2, $3, $4), 4096, 64) as geom
    from tile_geometry_{band} g
    join facility f on f.dataset_version = $1 and f.key = g.key
    where g.dataset_version = $1
        and g.geom && ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096)
),
kept as (
    select feature_id, id, name, tier, status, improved, capacity, queue_min, confirmed_on, geom
    from found
    where geom is not null
    order by importance nulls last, key
    limit $5
)
select
    ST_AsMVT(kept, '{layer}', 4096, 'geom', 'feature_id') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
