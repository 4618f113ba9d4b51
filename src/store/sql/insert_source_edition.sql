-- Records what a supplier gave to a dataset version: with what it gave before, where the import adds to that.
-- {staging}: the table of the version's records.
-- $1 bigint: dataset version. $2 integer: position. $3 text: source. $4 text[]: files. $5 text: their hash.
-- $6 text: CRS. $7 text: encoding. $8 bigint: version whose files these add to, or null.
-- $9 text: producer. $10 text: date. $11 text: basis. $12 text: licence. $13 boolean: restricted. $14 text: contact.
-- Returns nothing.
insert into source_edition
    (dataset_version, position, source, file_names, file_hash, crs, encoding, n_records,
    producer, data_date, basis, licence, is_restricted, contact)
select
    $1,
    $2,
    $3,
    coalesce(before.file_names, '{}') || $4,
    $5,
    $6,
    $7,
    (select count(*) from {staging} where source = $3),
    coalesce($9, before.producer),
    coalesce($10, before.data_date),
    coalesce($11, before.basis),
    coalesce($12, before.licence),
    coalesce($13, before.is_restricted),
    coalesce($14, before.contact)
from (values (1)) as one
left join source_edition before on before.dataset_version = $8 and before.source = $3
