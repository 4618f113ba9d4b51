-- Lets the writing role make partitions in the schema, and the reading role look into it.
-- No parameters. Returns nothing.
grant usage, create on schema jangkau to jangkau_app;
grant usage on schema jangkau to jangkau_reader
