-- Finds the version of the villages that a run has seen.
-- $1 text: run. Returns dataset_version, null where the run saw none; no row without such a run.
-- Leans on the primary key.
select dataset_version
from run_input
where run = $1
    and layer = 'villages'
