-- Drops a staging table.
-- {staging}: its name. Returns nothing.
drop table if exists {staging}
