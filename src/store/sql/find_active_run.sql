-- Finds the run that readers of an indicator see.
-- $1 text: service. $2 text: mode. $3 text: season. $4 text: metric. $5 text[]: tiers. $6 integer: method version.
-- Returns run, is_stale: whether a layer has another active version than the run has seen, or the method is another.
-- Leans on primary keys.
select
    a.run,
    r.method_version <> $6 or exists (
        select
        from run_input i
        left join active_version v on v.layer = i.layer
        where i.run = a.run
            and v.dataset_version is distinct from i.dataset_version
    ) as is_stale
from active_run a
join run r on r.id = a.run
where a.service = $1
    and a.mode = $2
    and a.season = $3
    and a.metric = $4
    and a.tier = $5
