-- A page of a run's villages with their areas, in order of code.
-- $1 bigint: version of the villages that the run has seen. $2 text: run.
-- $3 text: area as WKT, EPSG:4326; null = everywhere.
-- $4 text: only codes after this one; null = from the start. $5 text: only this code; null = all.
-- $6 bigint: limit. $7 bigint: rows to pass over first.
-- Returns key, properties (a JSON object), released (null), geom (WKB).
-- Index: primary keys; village_by_geom where the area is small.
select
    v.key,
    json_build_object(
        'code', v.key,
        'name', v.name,
        'kecamatan', v.kecamatan,
        'population', trim_scale(rv.population_thousandths / 1000.0),
        'time_s', trim_scale(rv.time_ms / 1000.0),
        'length_m', trim_scale(rv.length_mm / 1000.0),
        'state', rv.state,
        'cutoff', r.rule -> 'cutoff',
        'people_within', trim_scale(rv.within_thousandths / 1000.0),
        'people_beyond_cutoff', trim_scale(rv.beyond_cutoff_thousandths / 1000.0),
        'people_no_path', trim_scale(rv.no_path_thousandths / 1000.0),
        'people_unsnapped', trim_scale(rv.unsnapped_thousandths / 1000.0),
        'people_no_input', trim_scale(rv.no_input_thousandths / 1000.0)
    )::text as properties,
    null::text as released,
    ST_AsBinary(v.geom, 'NDR') as geom
from run_village rv
join run r on r.id = rv.run
join village v on v.dataset_version = $1 and v.key = rv.village
where rv.run = $2
    and ($3 is null or ST_Intersects(v.geom, ST_GeomFromText($3, 4326)))
    and ($4 is null or v.key > $4)
    and ($5 is null or v.key = $5)
order by v.key
limit $6 offset $7
