-- Lists the records of a dataset version, those set aside included, in full.
-- {table}: the table of its layer. {read_columns}: its typed columns, days as text.
-- $1 bigint: dataset version. Returns source, key, extra, the columns, geom. Leans on the partition and on the primary
-- key of set_aside.
select active.source, active.key, active.extra, {read_columns}, active.geom
from {table} active
where active.dataset_version = $1
union all
select active.source, active.key, active.extra, {read_columns}, aside.geom
from set_aside aside
cross join lateral jsonb_populate_record(null::{table}, aside.record) active
where aside.dataset_version = $1
