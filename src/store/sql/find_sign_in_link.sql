-- Finds the account of a link that works.
-- $1 bytea: hash. Returns account. Leans on the primary key.
select l.account
from sign_in_link l
join account a on a.name = l.account
where l.token_hash = $1
    and l.used_at is null
    and clock_timestamp() < l.expires_at
    and a.disabled_at is null
