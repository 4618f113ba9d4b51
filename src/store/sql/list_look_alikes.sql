-- Lists pairs of staged records of different sources that seem to be one: the same name within 50 m.
-- {staging}: the staging table, indexed. No parameters.
-- Returns source, key, other_source, other_key, name, distance_m, at most 1,000, in order of keys.
-- Leans on the spatial index: 0.0005 degrees are at least 50 m nearly everywhere people live.
select
    one.source,
    one.key,
    other.source as other_source,
    other.key as other_key,
    one.name,
    ST_Distance(one.geom::geography, other.geom::geography) as distance_m
from {staging} one
join {staging} other
    on ST_DWithin(other.geom, one.geom, 0.0005)
    and (one.source, one.key) < (other.source, other.key)
    and one.source <> other.source
    and regexp_replace(lower(one.name), '[^[:alnum:]]+', '', 'g')
        = regexp_replace(lower(other.name), '[^[:alnum:]]+', '', 'g')
where one.name is not null
    and ST_DWithin(one.geom::geography, other.geom::geography, 50)
order by one.source, one.key, other.source, other.key
limit 1000
