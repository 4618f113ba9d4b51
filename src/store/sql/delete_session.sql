-- Ends a session.
-- $1 bytea: hash. Returns nothing. Leans on the primary key.
delete from session
where token_hash = $1
