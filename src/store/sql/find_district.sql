-- Finds the district that the database is about.
-- No parameters. Returns code, name (may be null); no row before it is set.
select code, name
from district
