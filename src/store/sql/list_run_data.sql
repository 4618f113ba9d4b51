-- The dataset versions that a run has seen, absent layers left out, and how its road ends were joined.
-- $1 text: run.
-- Returns layer, dataset_version, join_ends_m.
-- Leans on the primary keys of run and run_input.
select
    i.layer,
    i.dataset_version,
    (r.rule ->> 'join_ends_m')::double precision as join_ends_m
from run_input i
join run r on r.id = i.run
where i.run = $1
    and i.dataset_version is not null
