-- Whether the tables that readers need are there.
-- $1 text[]: their names.
-- Returns has_tables.
select bool_and(to_regclass(name) is not null) as has_tables
from unnest($1::text[]) name
