-- Remembers how the columns of a source are mapped.
-- $1 text: layer. $2 text: name of the profile. $3 jsonb: an array of mappings. $4 text: who. Returns nothing.
insert into import_profile (layer, source, mapping, made_by)
values ($1, $2, $3, $4)
on conflict (layer, source) do update
set mapping = excluded.mapping,
    made_by = excluded.made_by,
    made_at = now()
