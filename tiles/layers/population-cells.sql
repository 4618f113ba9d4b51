-- Source layer `population-cells`: cells of a tile, where most people live first.
-- $1 bigint: dataset version. $2, $3, $4 integer: z, x, y. $5 bigint: features kept, the most important first.
-- {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: tile_geometry_{band}_by_geom, primary keys.
with found as materialized (
    select
        c.key,
        case when 11 <= $2 then c.key end as id,
        c.population_thousandths / 1000.0::double precision as population,
        ST_AsMVTGeom(g.geom, ST_TileEnvelope($2, $3, $4), 4096, 64) as geom
    from tile_geometry_{band} g
    join population_cell c on c.dataset_version = $1 and c.key = g.key
    where g.dataset_version = $1
        and g.geom && ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096)
),
kept as (
    select id, population, geom
    from found
    where geom is not null
    order by population desc, key
    limit $5
)
select
    ST_AsMVT(kept, 'population-cells', 4096, 'geom') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
