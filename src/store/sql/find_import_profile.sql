-- Finds how the columns of a source are mapped.
-- $1 text: layer. $2 text: name of the profile. Returns mapping (a JSON array); no row where nobody said so.
-- Leans on the primary key.
select mapping
from import_profile
where layer = $1
    and source = $2
