-- Sets the password of an account.
-- $1 text: name. $2 text: hash. Returns nothing; rows updated: 1 or 0. Leans on the primary key.
update account
set password_hash = $2
where name = $1
    and disabled_at is null
