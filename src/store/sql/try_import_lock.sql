-- Takes the right to import into a layer, for as long as the session lives.
-- $1 text: layer. Returns whether it was free. 6973292 is `jgk` and 2: the lock of imports.
select pg_try_advisory_lock(6973292, hashtext($1))
