-- Ends the sessions of an account but one, and whatever sessions have ended by themselves.
-- $1 text: account. $2 bytea: hash of the one that stays, or null. Returns nothing. Leans on session_by_account.
delete from session
where (account = $1 and token_hash is distinct from $2)
    or expires_at <= clock_timestamp()
