-- Why: who changed what, and when, must be known to whoever answers for the data, and a trail that can be changed proves
-- nothing.

create table audit (
    seq bigint primary key check (1 <= seq),
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    details jsonb not null,
    previous_hash bytea not null,
    hash bytea not null
);
comment on table audit is 'What was done, in order, written only by append_audit; each row holds the hash of the one before.';
comment on column audit.seq is 'Counted from 1 without a gap.';
comment on column audit.at is 'By the clock of the database, never before the row before.';
comment on column audit.previous_hash is 'The hash of the row before; 32 bytes of 0 in the first.';
comment on column audit.hash is 'SHA-256 of previous_hash and audit_text of the row, in UTF-8.';
create index audit_by_subject on audit (subject text_pattern_ops, seq);

create function audit_text(seq bigint, at timestamptz, actor text, action text, subject text, details jsonb) returns text
language sql stable
as $$
    select string_agg(octet_length(convert_to(part, 'UTF8')) || ':' || part, ',' order by place)
    from unnest(array[
        seq::text,
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        actor,
        action,
        subject,
        details::text
    ]) with ordinality as parts (part, place)
$$;
comment on function audit_text is 'A row of the trail as one text: each part after its length in bytes, so that no two rows look alike.';

create function append_audit(actor text, action text, subject text, details jsonb) returns bigint
language plpgsql security definer
set search_path = jangkau, pg_temp
as $$
declare
    last audit;
    seq bigint;
    at timestamptz;
    previous_hash bytea;
begin
    -- One at a time until the end of the transaction: two rows must not follow the same one. Readers are not held up.
    lock table audit in share row exclusive mode;
    select a.* into last from audit a order by a.seq desc limit 1;
    seq := coalesce(last.seq, 0) + 1;
    -- A clock that was set back does not turn the order around.
    at := greatest(clock_timestamp(), last.at);
    previous_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    insert into audit
    values (
        seq, at, actor, action, subject, details, previous_hash,
        sha256(previous_hash || convert_to(audit_text(seq, at, actor, action, subject, details), 'UTF8'))
    );
    return seq;
end
$$;
comment on function append_audit is 'The only way into the trail; returns the number of the row.';
revoke execute on function append_audit from public;
grant execute on function append_audit to jangkau_app;

create function refuse_audit_change() returns trigger
language plpgsql
as $$
begin
    raise exception 'rows of the audit trail are never changed or removed' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_is_append_only
before update or delete or truncate on audit
for each statement execute function refuse_audit_change();

-- Owned by the owner: the writing role may read it and append, the reading role may neither.
grant select on audit to jangkau_app;
