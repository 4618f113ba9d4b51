-- Revokes a token.
-- $1 text: name. $2 text: account that it must be of, or null. Returns account. Leans on the primary key.
update api_token
set revoked_at = coalesce(revoked_at, clock_timestamp())
where name = $1
    and ($2::text is null or account = $2)
returning account
