-- Source layer `access-points`: demand points of a tile with what a run says of them, where most people live first.
-- A point near an edge is in both tiles, with the same id.
-- $1 bigint: version of the villages that the run has seen. $2, $3, $4 integer: z, x, y.
-- $5 bigint: features kept, the most important first. $6 text: run. {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: run_point_by_geom or the primary key.
with found as materialized (
    select
        case when p.point ~ '^[0-9]{1,15}$' then p.point::bigint end as feature_id,
        p.point as id,
        p.village,
        p.people_thousandths / 1000.0::double precision as people,
        p.state,
        p.time_ms / 1000.0::double precision as time_s,
        p.length_mm / 1000.0::double precision as length_m,
        ST_AsMVTGeom(ST_Transform(p.geom, 3857), ST_TileEnvelope($2, $3, $4), 4096, 64) as geom
    from run_point p
    where p.run = $6
        -- The tile with its margin in degrees: ST_Transform would fold what lies beyond 180 degrees back into the map.
        and p.geom && ST_MakeEnvelope(
            ($3 - 64.0 / 4096) / 2 ^ $2 * 360 - 180,
            degrees(atan(sinh(pi() * (1 - ($4 + 1 + 64.0 / 4096) / 2 ^ ($2 - 1))))),
            ($3 + 1 + 64.0 / 4096) / 2 ^ $2 * 360 - 180,
            degrees(atan(sinh(pi() * (1 - ($4 - 64.0 / 4096) / 2 ^ ($2 - 1))))),
            4326)
),
kept as (
    select *
    from found
    where geom is not null
    order by people desc nulls last, id
    limit $5
)
select
    ST_AsMVT(kept, 'access-points', 4096, 'geom', 'feature_id') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
