-- Lists the barriers of a dataset version, in order of key.
-- $1 bigint: dataset version. Returns key, kind, geom. Leans on the partition.
select key, kind, geom
from barrier
where dataset_version = $1
order by key
