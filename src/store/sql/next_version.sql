-- Takes the next number of a dataset version, before there is one.
-- No parameters. Returns one bigint. Leans on the identity's sequence.
select nextval(pg_get_serial_sequence('dataset_version', 'id'))
