-- Makes a token, unless one has its name.
-- $1 text: name. $2 text: account. $3 bytea: hash. $4 text[]: rights. $5 integer: days until it expires.
-- Returns nothing; rows inserted: 1 or 0. Leans on the primary key.
insert into api_token (name, account, token_hash, rights, expires_at)
values ($1, $2, $3, $4, clock_timestamp() + make_interval(days => $5))
on conflict (name) do nothing
