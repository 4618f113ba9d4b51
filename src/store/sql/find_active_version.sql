-- Finds the active version of a layer.
-- $1 text: layer. Returns dataset_version, is_sample, released_columns, sources in order, provenances (a JSON array
-- beside them); no row before the first import.
-- Leans on primary keys.
select
    v.id as dataset_version,
    v.is_sample,
    v.released_columns,
    array(
        select e.source
        from source_edition e
        where e.dataset_version = v.id
        order by e.position
    ) as sources,
    coalesce((
        select jsonb_agg(provenance_of(e) order by e.position)
        from source_edition e
        where e.dataset_version = v.id
    ), '[]') as provenances
from active_version a
join dataset_version v on v.id = a.dataset_version
where a.layer = $1
