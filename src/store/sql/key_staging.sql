-- Gives a full staging table the key of its parent; fails where two records share one.
-- {staging}: its name. Returns nothing.
alter table {staging} add primary key (dataset_version, key)
