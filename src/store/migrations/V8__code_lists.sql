-- Why: a code is right only against a dated list of codes, and one of BPS means a village only where a list says which.

create function folded_name(name text) returns text
language sql immutable parallel safe
return regexp_replace(lower(name), '[^[:alnum:]]+', '', 'g');
comment on function folded_name is 'A name without case, blanks and punctuation, to be compared.';

create table code_list (
    id bigint generated always as identity primary key,
    edition text collate "C" not null check (edition ~ '^[0-9]{4}(-[0-9]{2}){0,2}$'),
    source text not null,
    is_shipped boolean not null,
    provinces text[] collate "C" not null,
    districts text[] collate "C" not null,
    loaded_by text not null,
    loaded_at timestamptz not null default now(),
    unique (edition, source, is_shipped)
);
comment on table code_list is 'An edition of a list of Kemendagri codes of villages.';
comment on column code_list.edition is 'When it came out: year, month or day; as text, so that later ones sort after earlier ones.';
comment on column code_list.is_shipped is 'Whether it came with the program; one of the same edition that somebody loaded goes first.';

create table listed_code (
    list bigint not null references code_list on delete cascade,
    code text collate "C" not null,
    district_code text collate "C" not null generated always as (left(code, 5)) stored,
    name text not null,
    folded_name text not null generated always as (folded_name(name)) stored,
    kecamatan text,
    bps text collate "C",
    primary key (list, code),
    unique (list, bps)
);
create index listed_code_by_name on listed_code (list, district_code, folded_name);
comment on column listed_code.bps is 'The code of BPS, ten digits; null where the list does not say.';

do $$
declare
    each text;
begin
    foreach each in array array['code_list', 'listed_code'] loop
        execute format('alter table %I owner to jangkau_app', each);
        execute format('grant select on %I to jangkau_reader', each);
    end loop;
end
$$;
