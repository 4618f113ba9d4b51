-- Lists the accounts, in order of name.
-- No parameters. Returns name, full_name, role, layers, area, has_password, is_disabled, created_at (RFC 3339 in UTC).
select
    name,
    full_name,
    role,
    layers,
    area,
    password_hash is not null as has_password,
    disabled_at is not null as is_disabled,
    to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at
from account
order by name
