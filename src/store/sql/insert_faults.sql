-- Records faults, each with the village that contains it (the lowest code where several do).
-- $1 text: list. $2 bigint: version of the villages or null.
-- $3 jsonb: [{"rank", "id", "kind", "people", "by_service", "detail", "lon", "lat"}].
-- Returns nothing. Leans on village_by_geom.
insert into fault (fault_list, rank, id, kind, people_thousandths, by_service, detail, village, geom)
select $1, f.rank, f.id, f.kind, f.people, f.by_service, f.detail, containing.key, place.geom
from jsonb_to_recordset($3) as f (
    rank integer, id text, kind text, people bigint, by_service jsonb, detail jsonb,
    lon double precision, lat double precision
)
cross join lateral (select st_setsrid(st_makepoint(f.lon, f.lat), 4326) as geom) place
left join lateral (
    select (array_agg(v.key order by v.key))[1] as key
    from village v
    where v.dataset_version = $2
        and st_covers(v.geom, place.geom)
) containing on true
