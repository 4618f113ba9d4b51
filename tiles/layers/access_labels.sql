-- Source layer `access-labels`: one point within each village of a run, for its name, which it has from zoom 9.
-- $1 bigint: version of the villages that the run has seen. $2, $3, $4 integer: z, x, y.
-- $5 bigint: features kept, the most important first. $6 text: run. {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: tile_geometry_{band}_by_geom, primary keys.
with found as materialized (
    select
        case when v.key ~ '^[0-9.]{1,16}$' then replace(v.key, '.', '')::bigint end as feature_id,
        v.key as code,
        rv.population_thousandths,
        case when 9 <= $2 then v.name end as name,
        case when 9 <= $2 then v.kecamatan end as kecamatan,
        case when 9 <= $2 then rv.population_thousandths / 1000.0::double precision end as population,
        ST_AsMVTGeom(ST_PointOnSurface(g.geom), ST_TileEnvelope($2, $3, $4), 4096, 64) as geom
    from tile_geometry_{band} g
    join village v on v.dataset_version = $1 and v.key = g.key
    join run_village rv on rv.run = $6 and rv.village = g.key
    where g.dataset_version = $1
        and g.geom && ST_TileEnvelope($2, $3, $4, margin => 64.0 / 4096)
),
kept as (
    select feature_id, code, name, kecamatan, population, geom
    from found
    where geom is not null
    order by population_thousandths desc nulls last, code
    limit $5
)
select
    ST_AsMVT(kept, 'access-labels', 4096, 'geom', 'feature_id') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
