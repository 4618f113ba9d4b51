-- Forgets the failed attempts of a name that signed in, and those of anybody who has not tried for a day.
-- $1 bytea: subject. Returns nothing.
delete from failed_sign_in
where subject = $1
    or last_at < clock_timestamp() - interval '1 day'
