-- Counts an attempt to sign in as failed, before it is known, unless its subject has to wait.
-- $1 bytea: subject. Returns n_failures; no row where it has to wait. Leans on the primary key.
-- Five are free; then the wait is 1, 2, 4 … s, at most 900 (15 minutes). An hour without one is a new start.
insert into failed_sign_in as f (subject, n_failures, last_at, wait_until)
values ($1, 1, clock_timestamp(), clock_timestamp())
on conflict (subject) do update
set n_failures = case when f.last_at < clock_timestamp() - interval '1 hour' then 1 else f.n_failures + 1 end,
    last_at = clock_timestamp(),
    wait_until = clock_timestamp() + make_interval(secs => case
        when f.last_at < clock_timestamp() - interval '1 hour' or f.n_failures < 4 then 0
        -- 2 to the 10th is above 900 already.
        else least(2 ^ least(f.n_failures - 4, 10), 900)
    end)
where f.wait_until <= clock_timestamp()
returning n_failures
