-- Finds an account that may sign in.
-- $1 text: name. Returns name, full_name, role, layers, area, password_hash. Leans on the primary key.
select
    name,
    full_name,
    role,
    layers,
    area,
    password_hash
from account
where name = $1
    and disabled_at is null
