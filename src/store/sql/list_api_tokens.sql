-- Lists tokens, in order of name.
-- $1 text: account, or null for all.
-- Returns name, account, rights, state (valid, expired or revoked), created_at, expires_at, used_at (RFC 3339 in UTC;
-- used_at null where it never was). Leans on api_token_by_account.
select
    name,
    account,
    rights,
    case
        when revoked_at is not null then 'revoked'
        when expires_at <= clock_timestamp() then 'expired'
        else 'valid'
    end as state,
    to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
    to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at,
    to_char(used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as used_at
from api_token
where $1::text is null or account = $1
order by name
