-- Records a run, unless one of its id is there: that is the same run.
-- $1 text: id. $2 text: service. $3 text: mode. $4 text: season. $5 text: metric. $6 text[]: tiers. $7 jsonb: rule.
-- $8 integer: method version. $9 boolean: sample. $10 jsonb: unassigned. Returns nothing; rows inserted: 1 or 0.
-- Leans on the primary key.
insert into run (id, service, mode, season, metric, tier, rule, method_version, is_sample, unassigned)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (id) do nothing
