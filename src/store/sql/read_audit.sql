-- Reads rows of the trail in order.
-- $1 bigint: rows after this one. $2 text: not before this day in UTC (YYYY-MM-DD), or null. $3 text: start of the subject.
-- $4 bigint: at most so many.
-- Returns seq, at (RFC 3339 in UTC, microseconds), actor, action, subject, details (as stored, text), previous_hash, hash.
-- Leans on the primary key.
select
    seq,
    to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
    actor,
    action,
    subject,
    details::text as details,
    previous_hash,
    hash
from audit
where seq > $1
    and ($2::text is null or at >= $2::date::timestamp at time zone 'UTC')
    and starts_with(subject, $3)
order by seq
limit $4
