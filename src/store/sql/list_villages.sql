-- Lists the villages of a dataset version, in order of code, each with a point inside it.
-- $1 bigint: dataset version. Returns key, name, kecamatan, kecamatan_code, population_thousandths, inside (point).
-- Leans on the partition.
select key, name, kecamatan, kecamatan_code, population_thousandths, st_pointonsurface(geom) as inside
from village
where dataset_version = $1
order by key
