-- Points readers of an indicator to a run.
-- $1 text: service. $2 text: mode. $3 text: season. $4 text: metric. $5 text[]: tiers. $6 text: run. Returns nothing.
-- Leans on the primary key.
insert into active_run (service, mode, season, metric, tier, run)
values ($1, $2, $3, $4, $5, $6)
on conflict (service, mode, season, metric, tier) do update
set run = excluded.run,
    activated_at = excluded.activated_at
