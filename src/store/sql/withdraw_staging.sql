-- Takes records out of an import again.
-- {staging}: the staging table. $1 text[]: their keys.
-- Returns nothing. Reads the whole table, once an import at most: it has no index yet.
delete from {staging}
where key = any($1)
