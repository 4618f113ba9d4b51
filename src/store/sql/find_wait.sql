-- How long subjects have to wait until the next attempt.
-- $1 bytea[]: subjects. Returns wait_s: whole seconds, rounded up, at least 1. Leans on the primary key.
select greatest(1, ceil(extract(epoch from max(wait_until) - clock_timestamp())))::bigint as wait_s
from failed_sign_in
where subject = any($1)
