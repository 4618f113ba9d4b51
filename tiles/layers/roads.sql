-- Source layer `roads`: lines of a tile. Each class has a zoom from which it is drawn, by design and not by the cap;
-- names and what else is known of a road begin at zoom 12, where they can be read.
-- $1 bigint: dataset version. $2, $3, $4 integer: z, x, y. $5 bigint: features kept, the most important first.
-- {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: tile_geometry_{band}_by_geom, primary keys.
with drawn (class, importance, first_zoom) as (
    values
        ('motorway', 1, 0), ('trunk', 2, 0), ('primary', 3, 0), ('secondary', 4, 6), ('tertiary', 5, 8),
        ('unclassified', 6, 10), ('road', 7, 10), ('residential', 8, 12), ('living_street', 9, 12), ('track', 10, 12),
        ('path', 11, 12), ('service', 12, 13), ('pedestrian', 13, 13), ('footway', 14, 13), ('cycleway', 15, 13),
        ('bridleway', 16, 13), ('steps', 17, 13), ('ferry', 6, 8), ('unusable', 18, 13)
),
found as materialized (
    select
        case when r.key ~ '^[0-9]{1,15}$' then r.key::bigint end as feature_id,
        d.importance,
        r.key,
        r.class,
        case when 12 <= $2 then r.key end as id,
        case when 12 <= $2 then r.name end as name,
        case when 12 <= $2 then r.surface end as surface,
        case when 12 <= $2 then r.condition end as condition,
        case when 12 <= $2 then r.season end as season,
        case when 12 <= $2 then nullif(r.one_way, 'no') end as one_way,
        case when 12 <= $2 then nullif(r.is_bridge, false) end as bridge,
        case when 12 <= $2 then nullif(r.is_tunnel, false) end as tunnel,
        case when 12 <= $2 then nullif(array_to_string(r.barred, ' '), '') end as barred,
        ST_AsMVTGeom(g.geom, ST_TileEnvelope($2, $3, $4), 4096, 64) as geom
    from tile_geometry_{band} g
    join road r on r.dataset_version = $1 and r.key = g.key
    join drawn d on d.class = r.class and d.first_zoom <= $2
    where g.dataset_version = $1
        and g.geom && ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096)
),
kept as (
    select feature_id, id, name, class, surface, condition, season, one_way, bridge, tunnel, barred, geom
    from found
    where geom is not null
    order by importance, key
    limit $5
)
select
    ST_AsMVT(kept, 'roads', 4096, 'geom', 'feature_id') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
