-- Lists the dataset versions, newest first.
-- No parameters. Returns id, layer, content_hash, is_sample, n_records, made_by, is_active, is_dropped,
-- activated_at (RFC 3339 in UTC; when it was made, where it is not active),
-- sources: a JSON array of editions in order, each with source, file_names, n_records and provenance.
-- Leans on primary keys.
select
    v.id,
    v.layer,
    v.content_hash,
    v.is_sample,
    v.n_records,
    v.made_by,
    a.layer is not null as is_active,
    v.records_dropped_at is not null as is_dropped,
    to_char(coalesce(a.activated_at, v.made_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as activated_at,
    coalesce(editions.sources, '[]') as sources
from dataset_version v
left join active_version a on a.dataset_version = v.id
left join lateral (
    select jsonb_agg(jsonb_build_object(
        'source', e.source,
        'file_names', e.file_names,
        'n_records', e.n_records,
        'provenance', provenance_of(e)
    ) order by e.position) as sources
    from source_edition e
    where e.dataset_version = v.id
) editions on true
order by v.id desc
