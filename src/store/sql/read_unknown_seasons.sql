-- How many roads of a version do not say when they can be used.
-- $1 bigint: dataset version.
-- Returns n_unknown, n_roads.
-- Index: none, reads the version's partition.
select
    count(*) filter (where season is null) as n_unknown,
    count(*) as n_roads
from road
where dataset_version = $1
