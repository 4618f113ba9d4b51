-- Notes that two records of a layer are one, and which stands for both.
-- $1 text: layer. $2 text: source of the one left out. $3 text: its key. $4 text: source of the one kept. $5 text: its key.
-- $6 text: who says so. Returns nothing.
insert into same_record (layer, source, key, kept_source, kept_key, made_by)
values ($1, $2, $3, $4, $5, $6)
on conflict (layer, source, key) do update
set kept_source = excluded.kept_source,
    kept_key = excluded.kept_key,
    made_by = excluded.made_by,
    made_at = now()
