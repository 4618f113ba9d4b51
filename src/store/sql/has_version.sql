-- Looks for a version of a layer, active or not.
-- $1 bigint: dataset version. $2 text: layer. Returns one row where it exists. Leans on the primary key.
select id
from dataset_version
where id = $1
    and layer = $2
