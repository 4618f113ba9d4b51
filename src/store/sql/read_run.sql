-- The current run of an indicator.
-- $1 text: service. $2 text: mode. $3 text: season. $4 text: metric. $5 text[]: tiers, sorted.
-- Returns id, rule (domain::Rule), is_sample, made_at (RFC 3339), unassigned, villages_version (null where villages were never imported).
-- Index: primary keys.
select
    r.id,
    r.rule || jsonb_build_object('stale', exists (
        select
        from run_input i
        left join active_version av on av.layer = i.layer
        where i.run = r.id
            and i.dataset_version is distinct from av.dataset_version
    )) as rule,
    r.is_sample,
    to_char(r.made_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as made_at,
    r.unassigned,
    (select i.dataset_version from run_input i where i.run = r.id and i.layer = 'villages') as villages_version
from active_run ar
join run r on r.id = ar.run
where (ar.service, ar.mode, ar.season, ar.metric, ar.tier) = ($1, $2, $3, $4, $5)
