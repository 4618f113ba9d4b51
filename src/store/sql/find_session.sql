-- Finds who a session is of, and notes that it was used.
-- $1 bytea: hash. $2 integer: hours after which an unused one has ended.
-- Returns name, full_name, role, layers, area. Leans on the primary key.
with seen as (
    update session
    set seen_at = clock_timestamp()
    where token_hash = $1
        and seen_at < clock_timestamp() - interval '1 minute'
        and clock_timestamp() < least(expires_at, seen_at + make_interval(hours => $2))
)
select
    a.name,
    a.full_name,
    a.role,
    a.layers,
    a.area
from session s
join account a on a.name = s.account
where s.token_hash = $1
    and clock_timestamp() < least(s.expires_at, s.seen_at + make_interval(hours => $2))
    and a.disabled_at is null
