-- Makes an account without a password, unless one has its name.
-- $1 text: name. $2 text: name in full, or null. $3 text: role. $4 text[]: layers. $5 text: area, or null.
-- Returns nothing; rows inserted: 1 or 0. Leans on the primary key.
insert into account (name, full_name, role, layers, area)
values ($1, $2, $3, $4, $5)
on conflict (name) do nothing
