-- Takes the last attempt of an address back: it did not fail. What failed before stays counted.
-- $1 bytea: subject. Returns nothing. Leans on the primary key.
update failed_sign_in
set n_failures = greatest(n_failures - 1, 0),
    wait_until = clock_timestamp()
where subject = $1
