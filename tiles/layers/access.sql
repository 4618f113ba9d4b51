-- Source layer `access`: villages of a tile with what a run says of their median person. A village that is smaller
-- than a cell of the tile's grid is drawn as one. Below zoom 9 without people, and
-- of time and length only the one that the run minimises.
-- $1 bigint: version of the villages that the run has seen. $2, $3, $4 integer: z, x, y.
-- $5 bigint: features kept, the most important first. $6 text: run. {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: tile_geometry_{band}_by_geom, primary keys.
with found as materialized (
    select
        case when v.key ~ '^[0-9.]{1,16}$' then replace(v.key, '.', '')::bigint end as feature_id,
        v.key as code,
        v.name,
        v.kecamatan,
        rv.population_thousandths,
        case when 9 <= $2 then rv.population_thousandths / 1000.0::double precision end as population,
        case when 9 <= $2 or r.metric = 'time' then rv.time_ms / 1000.0::double precision end as time_s,
        case when 9 <= $2 or r.metric = 'distance' then rv.length_mm / 1000.0::double precision end as length_m,
        rv.state,
        -- A cell is 1/4096 of the tile's side.
        coalesce(
            ST_AsMVTGeom(g.geom, ST_TileEnvelope($2, $3, $4), 4096, 64),
            ST_AsMVTGeom(
                ST_Expand(ST_PointOnSurface(g.geom), 40075016.68557849 / (2 ^ $2 * 4096)),
                ST_TileEnvelope($2, $3, $4), 4096, 64)
        ) as geom
    from tile_geometry_{band} g
    join village v on v.dataset_version = $1 and v.key = g.key
    join run_village rv on rv.run = $6 and rv.village = g.key
    join run r on r.id = rv.run
    where g.dataset_version = $1
        and g.geom && ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096)
),
kept as (
    select feature_id, code, name, kecamatan, population, time_s, length_m, state, geom
    from found
    where geom is not null
    order by population_thousandths desc nulls last, code
    limit $5
)
select
    ST_AsMVT(kept, 'access', 4096, 'geom', 'feature_id') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
