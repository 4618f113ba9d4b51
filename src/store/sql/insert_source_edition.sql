-- Records what a supplier gave to a dataset version, as its first edition.
-- $1 bigint: dataset version. $2 text: source. $3 text[]: files. $4 text: their hash. $5 text: CRS. $6 text: encoding.
-- Returns nothing.
insert into source_edition (dataset_version, position, source, file_names, file_hash, crs, encoding)
values ($1, 1, $2, $3, $4, $5, $6)
