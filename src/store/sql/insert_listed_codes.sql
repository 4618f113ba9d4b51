-- Adds the codes of a list.
-- $1 bigint: the list. $2 text[]: codes. $3 text[]: names. $4 text[]: kecamatan, perhaps null. $5 text[]: codes of BPS,
-- perhaps null.
-- Returns nothing.
insert into listed_code (list, code, name, kecamatan, bps)
select $1, code, name, kecamatan, bps
from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as listed (code, name, kecamatan, bps)
