-- What is current: the active version of every layer.
-- Returns layer, dataset_version, n_records, is_sample, released_columns, activated_at (RFC 3339).
-- Index: primary keys.
select
    av.layer,
    dv.id as dataset_version,
    dv.n_records,
    dv.is_sample,
    dv.released_columns,
    to_char(av.activated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as activated_at
from active_version av
join dataset_version dv on dv.id = av.dataset_version
order by av.layer
