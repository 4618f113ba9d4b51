-- Why: who asks decides what they may see and change. Secrets are here as hashes only; the reading role sees none of it.

create table account (
    name text collate "C" primary key,
    full_name text,
    role text not null check (role in ('admin', 'editor', 'planner', 'auditor', 'dinas', 'camat', 'desa')),
    layers text[] not null default '{}',
    area text collate "C",
    password_hash text,
    created_at timestamptz not null default clock_timestamp(),
    disabled_at timestamptz,
    check ((role = 'dinas') = (layers <> '{}')),
    check ((role in ('camat', 'desa')) = (area is not null))
);
comment on column account.layers is 'The layers that a dinas keeps.';
comment on column account.area is 'Code of the kecamatan of a camat, of the village of a desa.';
comment on column account.password_hash is 'Argon2id, in the form of the PHC; null until a link was used.';

create table sign_in_link (
    token_hash bytea primary key,
    account text collate "C" not null references account,
    expires_at timestamptz not null,
    used_at timestamptz
);
comment on table sign_in_link is 'Links that set a password once; of an account only the newest works.';
create index sign_in_link_by_account on sign_in_link (account);

create table session (
    token_hash bytea primary key,
    account text collate "C" not null references account,
    created_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null
);
comment on column session.seen_at is 'When it was used last, to the minute.';
create index session_by_account on session (account);

create table api_token (
    name text collate "C" primary key,
    account text collate "C" not null references account,
    token_hash bytea not null unique,
    rights text[] not null check (rights <> '{}'),
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
comment on column api_token.used_at is 'When it was used last, to the minute.';
create index api_token_by_account on api_token (account);

create table failed_sign_in (
    subject bytea primary key,
    n_failures integer not null,
    last_at timestamptz not null,
    wait_until timestamptz not null
);
comment on table failed_sign_in is 'Attempts that failed, or whose end is not known yet; forgotten a day after the last.';
comment on column failed_sign_in.subject is 'Hash of a name that was tried, or of an address that tried.';

do $$
declare
    each text;
begin
    foreach each in array array['account', 'sign_in_link', 'session', 'api_token', 'failed_sign_in'] loop
        execute format('alter table %I owner to jangkau_app', each);
    end loop;
end
$$;
