-- Lists the dataset versions, newest first.
-- No parameters. Returns id, layer, content_hash, is_sample, n_records, made_by, is_active,
-- activated_at (RFC 3339 in UTC; when it was made, where it is not active),
-- sources and file_names: one entry an edition, in order; the files of an edition joined by slashes, which no name has.
-- Leans on primary keys.
select
    v.id,
    v.layer,
    v.content_hash,
    v.is_sample,
    v.n_records,
    v.made_by,
    a.layer is not null as is_active,
    to_char(coalesce(a.activated_at, v.made_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as activated_at,
    coalesce(editions.sources, '{}') as sources,
    coalesce(editions.file_names, '{}') as file_names
from dataset_version v
left join active_version a on a.dataset_version = v.id
left join lateral (
    select
        array_agg(e.source order by e.position) as sources,
        array_agg(array_to_string(e.file_names, '/') order by e.position) as file_names
    from source_edition e
    where e.dataset_version = v.id
) editions on true
order by v.id desc
