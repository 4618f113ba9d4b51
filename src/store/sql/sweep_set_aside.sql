-- Drops what killed imports of a layer had set aside, but for one that is under way.
-- $1 text: layer. Returns nothing. Leans on the primary key of dataset_version.
delete from set_aside
where layer = $1
    and not exists (select from dataset_version v where v.id = set_aside.dataset_version)
