-- Lists the settlements of a dataset version, in order of key, each with the village it counts in.
-- $1 bigint: version of the settlements. $2 bigint: version of the villages, or null for none.
-- Returns key, name (may be null), population_thousandths, geom, village (may be null).
-- Leans on the key of village for those that name one, on village_by_geom for the others.
select s.key, s.name, s.population_thousandths, s.geom, coalesce(named.key, containing.key) as village
from settlement s
left join village named on named.dataset_version = $2 and named.key = s.village_code
-- An array and not `limit 1`: that would walk all villages in order of code instead of the few around the point.
left join lateral (
    select (array_agg(v.key order by v.key))[1] as key
    from village v
    where v.dataset_version = $2
        and st_covers(v.geom, s.geom)
) containing on named.key is null
where s.dataset_version = $1
order by s.key
