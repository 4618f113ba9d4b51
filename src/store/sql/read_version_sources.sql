-- Lists the suppliers of a dataset version, in order.
-- $1 bigint: dataset version. Returns source. Leans on the primary key.
select source
from source_edition
where dataset_version = $1
order by position
