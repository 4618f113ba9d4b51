-- Fills a staging table.
-- {staging}: its name. {columns}: the typed columns of its layer. Takes rows in PostgreSQL's binary format.
copy {staging} (dataset_version, source, key, content_hash, extra, {columns}, geom) from stdin (format binary)
