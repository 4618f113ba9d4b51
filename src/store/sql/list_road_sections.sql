-- Lists the sections of roads of a dataset version, in order of road and start.
-- $1 bigint: dataset version. Returns road, from_m, to_m, surface, condition, width_m, season. Leans on the partition.
select road, from_m, to_m, surface, condition, width_m, season
from road_section
where dataset_version = $1
order by road, from_m, to_m
