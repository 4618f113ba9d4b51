-- Finds who a token stands for, and notes that it was used.
-- $1 bytea: hash. Returns name, full_name, role, layers, area, rights. Leans on the unique hash.
with used as (
    update api_token
    set used_at = clock_timestamp()
    where token_hash = $1
        and (used_at is null or used_at < clock_timestamp() - interval '1 minute')
        and revoked_at is null
        and clock_timestamp() < expires_at
)
select
    a.name,
    a.full_name,
    a.role,
    a.layers,
    a.area,
    t.rights
from api_token t
join account a on a.name = t.account
where t.token_hash = $1
    and t.revoked_at is null
    and clock_timestamp() < t.expires_at
    and a.disabled_at is null
