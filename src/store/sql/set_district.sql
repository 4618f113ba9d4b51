-- Says which district the database is about, once.
-- $1 text: code. $2 text: name or null. Returns nothing; does nothing where it is set.
insert into district (code, name)
values ($1, $2)
on conflict do nothing
