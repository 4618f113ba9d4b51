-- Takes out of a staged table by village the villages of other districts.
-- {staging}: the staging table. $1 text: code of the district.
-- Returns nothing. Reads the staging table once.
delete from {staging}
where not starts_with(key, $1 || '.')
