-- Whether anybody can sign in.
-- No parameters. Returns one boolean.
select exists (select from account where password_hash is not null and disabled_at is null)
