-- Every indicator that has been computed.
-- Returns service, mode, season, metric, tier.
-- Index: none, a few dozen rows.
select service, mode, season, metric, tier
from active_run
order by service, mode, season, metric, tier
