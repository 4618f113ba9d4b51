-- Lists the records of a layer that others stand for, in order.
-- $1 text: layer. Returns source, key, kept_source, kept_key. Leans on the primary key.
select source, key, kept_source, kept_key
from set_aside
where dataset_version = (select dataset_version from active_version where layer = $1)
order by source, key
