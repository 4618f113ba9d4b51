-- Takes out of a staged import what lies far from the district.
-- {staging}: the staging table. The table of villages is filled in, too. $1 text: code of the district.
-- $2 float8: metres.
-- The district is its villages: the staged ones where villages are imported, else the active ones.
-- Returns n_left_out, n_outside (kept although it does not touch the district), has_area. Reads the staging table once.
with
villages as (
    select geom
    from {villages}
    where district_code = $1
),
area as materialized (
    select
        ST_Union(geom) as inner_area,
        ST_Buffer(ST_Union(geom)::geography, $2)::geometry as outer_area
    from villages
),
gone as (
    delete from {staging} staged
    using area
    where area.outer_area is not null
        and not ST_Intersects(staged.geom, area.outer_area)
    returning 1
)
select
    (select count(*) from gone) as n_left_out,
    (
        -- The statement still sees what it deletes.
        select count(*)
        from {staging} staged
        where not ST_Intersects(staged.geom, area.inner_area)
            and ST_Intersects(staged.geom, area.outer_area)
    ) as n_outside,
    area.outer_area is not null as has_area
from area
