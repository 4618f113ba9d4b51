-- Lists the official people of villages that a table by village gives.
-- $1 bigint: dataset version. Returns key, population_thousandths (bigint). Leans on the partition.
select
    key,
    round((values_by_field ->> 'population')::numeric * 1000)::bigint as population_thousandths
from village_values
where dataset_version = $1
    and values_by_field ? 'population'
order by key
