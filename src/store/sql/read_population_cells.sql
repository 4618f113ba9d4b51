-- A page of population cells, in order of key.
-- $1 bigint: dataset version. $2 text[]: released columns. $3 text: area as WKT, EPSG:4326; null = everywhere.
-- $4 text: only keys after this one; null = from the start. $5 text: only this key; null = all.
-- $6 bigint: limit. $7 bigint: rows to pass over first.
-- Returns key, properties (a JSON object), released (a JSON object of other names, or null), geom (WKB).
-- Index: primary key; population_cell_by_geom where the area is small.
select
    key,
    typed.properties::text as properties,
    case when cardinality($2) > 0 then (
        select jsonb_object_agg(c.key, c.value)
        from jsonb_each(extra) c
        where c.key = any($2)
            and not typed.properties::jsonb ? c.key
    ) end::text as released,
    ST_AsBinary(geom, 'NDR') as geom
from population_cell
cross join lateral (
    select json_build_object(
        'id', key,
        'population', trim_scale(population_thousandths / 1000.0)
    ) as properties
) typed
where dataset_version = $1
    and ($3 is null or ST_Intersects(geom, ST_GeomFromText($3, 4326)))
    and ($4 is null or key > $4)
    and ($5 is null or key = $5)
order by key
limit $6 offset $7
