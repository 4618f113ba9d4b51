-- Lists the staging tables of all layers: those attached have another name.
-- $1 text: what their names begin with. Returns name. Leans on the catalogue.
select relname::text as name
from pg_class
where relnamespace = 'jangkau'::regnamespace
    and relkind = 'r'
    and starts_with(relname::text, $1)
order by relname
