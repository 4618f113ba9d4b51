-- Records that a dataset version holds what a supplier gave to an earlier one.
-- {staging}: the table of the version's records.
-- $1 bigint: dataset version. $2 integer: position. $3 text: source. $4 bigint: the earlier version. Returns nothing.
insert into source_edition
    (dataset_version, position, source, file_names, file_hash, crs, encoding, n_records,
    producer, data_date, basis, licence, is_restricted, contact)
select
    $1, $2, source, file_names, file_hash, crs, encoding,
    (select count(*) from {staging} where source = $3),
    producer, data_date, basis, licence, is_restricted, contact
from source_edition
where dataset_version = $4
    and source = $3
