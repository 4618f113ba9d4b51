-- The one district of this database.
-- Returns code, name; no row before the first import of villages.
select code, name
from district
