-- Lists the roads of a dataset version, in order of key.
-- $1 bigint: dataset version. Returns the columns of road that the engine reads. Leans on the partition.
select
    key, name, class, surface, condition, width_m, one_way, is_bridge, season, max_speed_kmh, is_tunnel, barred, geom
from road
where dataset_version = $1
order by key
