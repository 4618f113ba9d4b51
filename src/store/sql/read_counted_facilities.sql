-- Where the facilities of a version are that count for an indicator: functioning, also in its season, of a tier that counts
-- or of none.
-- $1 bigint: dataset version. $2 text[]: tiers, empty where every one counts. $3 text: season.
-- Returns lon, lat, in order of key.
-- Index: primary key of the partition.
select
    ST_X(f.geom) as lon,
    ST_Y(f.geom) as lat
from facility f
where f.dataset_version = $1
    and f.status = 'functioning'
    and coalesce(f.season, 'all') in ('all', $3)
    and (f.tier is null or $2::text[] = '{}' or f.tier = any($2::text[]))
order by f.key
