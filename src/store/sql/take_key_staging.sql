-- Makes the index of a staging table its primary key, and tells the planner what is in the table.
-- {staging}: its name. Returns nothing. Reads a sample of the rows.
alter table {staging} add primary key using index {staging}_key;
analyze {staging} (dataset_version, key, geom)
