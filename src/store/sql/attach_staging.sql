-- Makes a full staging table the partition of its version: no row is copied or read.
-- {staging}: its name. {table}: the parent. {version}: the dataset version. Returns nothing.
alter table {table} attach partition {staging} for values in ({version})
