-- Records what a run has seen. A run whose inputs were imported again with the same content has now seen the new
-- version as well: its results hold for both, and the later one is named.
-- $1 text: run. $2 text: layer. $3 bigint: dataset version or null. Returns nothing. Leans on the primary key.
insert into run_input (run, layer, dataset_version)
values ($1, $2, $3)
on conflict (run, layer) do update
set dataset_version = excluded.dataset_version
