-- Lists the staging tables of a layer: those attached have another name.
-- $1 text: what their names begin with. Returns dataset_version bigint. Leans on the catalogue.
select substr(relname, length($1) + 1)::bigint as dataset_version
from pg_class
where relnamespace = 'jangkau'::regnamespace
    and relkind = 'r'
    and starts_with(relname::text, $1)
    and substr(relname, length($1) + 1) ~ '^[0-9]+$'
order by dataset_version
