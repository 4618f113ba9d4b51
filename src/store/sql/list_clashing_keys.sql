-- Lists the records of a staged import that share their key with one of an earlier source, and lie too far from it to be
-- the same: numbers that each office counts from 1.
-- {staging}: the staging table. $1 text[]: sources, the one that goes first first. $2 double precision: metres.
-- Returns source, key, kept_source, distance_m, in order of key. Reads the staging table once; it has no index yet.
with by_key as (
    select
        source,
        key,
        geom,
        first_value(source) over same_key as kept_source,
        first_value(geom) over same_key as kept_geom
    from {staging}
    window same_key as (
        partition by key
        order by array_position($1::text[], source), source
        rows between unbounded preceding and unbounded following
    )
)
select
    source,
    key,
    kept_source,
    ST_Distance(geom::geography, kept_geom::geography) as distance_m
from by_key
where source <> kept_source
    and not ST_DWithin(geom::geography, kept_geom::geography, $2)
order by key, source
