-- Lists the facilities of a dataset version, in order of key.
-- $1 bigint: dataset version. Returns the columns of facility; confirmed_on as YYYY-MM-DD. Leans on the partition.
select
    key,
    name,
    tier,
    status,
    capacity,
    improved,
    queue_min,
    season,
    to_char(confirmed_on, 'YYYY-MM-DD') as confirmed_on,
    geom
from facility
where dataset_version = $1
order by key
