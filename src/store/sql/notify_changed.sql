-- Tells those who listen on `jangkau_changed`, when the transaction commits, that what is current has changed.
-- $1 text: layer or run. Returns nothing of use.
select pg_notify('jangkau_changed', $1)
