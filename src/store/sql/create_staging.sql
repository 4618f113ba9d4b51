-- Makes the table that an import fills: shaped like its parent, indexed only when it is full.
-- {staging}: its name. {table}: the parent. {version}: the only dataset version in it; since the table says so,
-- attaching it later reads no row.
-- Returns nothing.
create table {staging} (
    like {table} including defaults including constraints,
    check (dataset_version = {version})
)
