-- Begins a session.
-- $1 bytea: hash. $2 text: account. $3 integer: hours until it ends in any case. Returns nothing.
insert into session (token_hash, account, expires_at)
values ($1, $2, clock_timestamp() + make_interval(hours => $3))
