-- Source layer `access-points`: demand points of a tile with what a run says of them, where most people live first.
-- A point near an edge is in both tiles, with the same id. Below zoom 10 a point says only what its circle needs: state,
-- whole people and the cost that the run minimises; the rest would be most of a tile's bytes.
-- $1 bigint: version of the villages that the run has seen. $2, $3, $4 integer: z, x, y.
-- $5 bigint: features kept, the most important first. $6 text: run. {band}: the band of the zoom.
-- Returns tile (bytea), n_kept and n_found (bigint). Index: run_point_by_geom or the primary key.
with found as materialized (
    select
        case when p.point ~ '^[0-9]{1,15}$' then p.point::bigint end as feature_id,
        p.point as key,
        case when 10 <= $2 then p.point end as id,
        case when 10 <= $2 then p.village end as village,
        case when 10 <= $2 then p.people_thousandths / 1000.0::double precision
            else round(p.people_thousandths / 1000.0::double precision) end as people,
        p.state,
        case when 10 <= $2 or r.metric = 'time' then p.time_ms / 1000.0::double precision end as time_s,
        case when 10 <= $2 or r.metric = 'distance' then p.length_mm / 1000.0::double precision end as length_m,
        ST_AsMVTGeom(ST_Transform(p.geom, 3857), ST_TileEnvelope($2, $3, $4), 4096, 64) as geom
    from run_point p
    join run r on r.id = p.run
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
    select feature_id, id, village, people, state, time_s, length_m, geom
    from found
    where geom is not null
    order by people desc nulls last, key
    limit $5
)
select
    ST_AsMVT(kept, 'access-points', 4096, 'geom', 'feature_id') as tile,
    count(*) as n_kept,
    (select count(*) from found where geom is not null) as n_found
from kept
