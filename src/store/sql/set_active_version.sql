-- Points readers of a layer to a version.
-- $1 text: layer. $2 bigint: dataset version. Returns nothing. Leans on the primary key.
insert into active_version (layer, dataset_version)
values ($1, $2)
on conflict (layer) do update
set dataset_version = excluded.dataset_version,
    activated_at = excluded.activated_at
