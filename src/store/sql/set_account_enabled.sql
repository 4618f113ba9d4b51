-- Lets an account sign in, or no longer.
-- $1 text: name. $2 boolean: whether it may. Returns nothing; rows updated: 1 or 0. Leans on the primary key.
update account
set disabled_at = case when not $2 then coalesce(disabled_at, clock_timestamp()) end
where name = $1
