-- The areas of villages, in the order in which they are asked for.
-- $1 bigint: dataset version. $2 text[]: keys.
-- Returns key, geom (WKB).
-- Index: primary key.
select
    v.key,
    ST_AsBinary(v.geom, 'NDR') as geom
from unnest($2::text[]) with ordinality as wanted (key, position)
join village v on v.dataset_version = $1 and v.key = wanted.key
order by wanted.position
