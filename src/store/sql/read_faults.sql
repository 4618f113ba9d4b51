-- A page of the list of faults, the most people first, unknown people before nobody: a fault of which nobody knows whom
-- it touches is not one that touches nobody.
-- $1 text: list. $2 text: kind, or null for all.
-- $3 text: service whose people are meant, or null for all; then the order is by its people.
-- $4 text: area (WKT, EPSG:4326), or null. $5 bigint: largest number of rows. $6 bigint: rows passed over.
-- Returns id, kind, people_thousandths, by_service, detail, village, village_name, kecamatan, lon, lat,
-- n_matched: rows without limit and offset. Leans on the primary key, and on fault_by_geom for an area.
select
    f.id,
    f.kind,
    people.thousandths as people_thousandths,
    f.by_service,
    f.detail,
    f.village,
    v.name as village_name,
    v.kecamatan,
    st_x(f.geom) as lon,
    st_y(f.geom) as lat,
    count(*) over () as n_matched
from fault f
join fault_list l on l.id = f.fault_list
left join village v on v.dataset_version = l.villages_version and v.key = f.village
left join lateral (
    select (each ->> 'people')::bigint as thousandths, true as is_of_service
    from jsonb_array_elements(f.by_service) each
    where each ->> 'service' = $3
) of_service on $3::text is not null
cross join lateral (
    select case when $3::text is null then f.people_thousandths else of_service.thousandths end as thousandths
) people
where f.fault_list = $1
    and ($2::text is null or f.kind = $2)
    and ($3::text is null or of_service.is_of_service)
    and ($4::text is null or st_intersects(f.geom, st_geomfromtext($4, 4326)))
order by people.thousandths is not distinct from 0, people.thousandths desc nulls last, f.rank
limit $5
offset $6
