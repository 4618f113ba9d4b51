-- Gives an account another role.
-- $1 text: name. $2 text: role. $3 text[]: layers. $4 text: area, or null.
-- Returns nothing; rows updated: 1 or 0. Leans on the primary key.
update account
set role = $2,
    layers = $3,
    area = $4
where name = $1
