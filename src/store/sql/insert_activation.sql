-- Notes that another version of a layer becomes active; called before it does.
-- $1 text: layer. $2 bigint: dataset version. $3 text: import, rollback or undo. $4 text: who. Returns nothing.
insert into activation (layer, dataset_version, previous, reason, made_by)
values ($1, $2, (select dataset_version from active_version where layer = $1), $3, $4)
