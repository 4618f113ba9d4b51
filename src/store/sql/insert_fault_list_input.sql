-- Records what a list of faults has seen.
-- $1 text: list. $2 text: layer. $3 bigint: dataset version or null. Returns nothing. Leans on the primary key.
insert into fault_list_input (fault_list, layer, dataset_version)
values ($1, $2, $3)
on conflict (fault_list, layer) do update
set dataset_version = excluded.dataset_version
