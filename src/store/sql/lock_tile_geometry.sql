-- Waits until nobody else makes tile geometry; the session keeps the lock for its life.
-- No parameters. Returns nothing.
select pg_advisory_lock(hashtext('jangkau tile geometry'))
