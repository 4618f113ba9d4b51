-- Lists the crossings of a dataset version, in order of key.
-- $1 bigint: dataset version. Returns key, kind, season, geom. Leans on the partition.
select key, kind, season, geom
from crossing
where dataset_version = $1
order by key
