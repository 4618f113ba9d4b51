-- The dataset versions that a run has seen, absent layers left out.
-- $1 text: run.
-- Returns layer, dataset_version.
-- Leans on the primary key of run_input.
select
    layer,
    dataset_version
from run_input
where run = $1
    and dataset_version is not null
