-- Uses a link that works: of two at once, one.
-- $1 bytea: hash. Returns account. Leans on the primary key.
update sign_in_link l
set used_at = clock_timestamp()
from account a
where l.token_hash = $1
    and l.used_at is null
    and clock_timestamp() < l.expires_at
    and a.name = l.account
    and a.disabled_at is null
returning l.account
