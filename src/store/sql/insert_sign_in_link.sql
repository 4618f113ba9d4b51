-- Gives an account a link; there must be the account, and it must not be disabled.
-- $1 bytea: hash. $2 text: account. $3 integer: hours that it works for. Returns nothing; rows inserted: 1 or 0.
insert into sign_in_link (token_hash, account, expires_at)
select $1, name, clock_timestamp() + make_interval(hours => $3)
from account
where name = $2
    and disabled_at is null
