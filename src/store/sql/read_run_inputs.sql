-- The dataset versions that a run has seen, by layer; layers that had never been imported are left out.
-- $1 text: run.
-- Returns layer, dataset_version, sources (in order), provenances (a JSON array beside them), made_at (RFC 3339), n_records, is_sample.
-- Index: primary keys.
select
    i.layer,
    dv.id as dataset_version,
    array(
        select e.source
        from source_edition e
        where e.dataset_version = dv.id
        order by e.position
    ) as sources,
    coalesce((
        select jsonb_agg(provenance_of(e) order by e.position)
        from source_edition e
        where e.dataset_version = dv.id
    ), '[]') as provenances,
    to_char(dv.made_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as made_at,
    dv.n_records,
    dv.is_sample
from run_input i
join dataset_version dv on dv.id = i.dataset_version
where i.run = $1
order by i.layer
