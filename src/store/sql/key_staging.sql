-- Gives a full staging table the index of its parent's key; fails where two records share one.
-- {staging}: its name. Returns nothing. Others may index the table meanwhile.
create unique index {staging}_key on {staging} (dataset_version, key)
