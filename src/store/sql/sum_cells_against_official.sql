-- The people of staged cells in villages that have an official total, and these totals.
-- {staging}: the staging table. No parameters. Returns cells, official (thousandths), n_villages; 0 where none touch.
-- Leans on the spatial index of the staging table; cells on a border count by the share of their area.
with village_total as materialized (
    select
        v.geom,
        coalesce(
            round((p.values_by_field ->> 'population')::numeric * 1000)::bigint,
            v.population_thousandths
        ) as official
    from village v
    join active_version on active_version.layer = 'villages'
        and active_version.dataset_version = v.dataset_version
    left join active_version official on official.layer = 'population'
    left join village_values p on p.dataset_version = official.dataset_version and p.key = v.key
),
compared as (
    select t.official, inside.people
    from village_total t
    cross join lateral (
        select sum(
            c.population_thousandths * case
                when ST_Covers(t.geom, c.geom) then 1.0
                else ST_Area(ST_Intersection(t.geom, c.geom)) / ST_Area(c.geom)
            end
        ) as people
        from {staging} c
        where ST_Intersects(t.geom, c.geom)
    ) inside
    where t.official is not null
        and inside.people is not null
)
select
    coalesce(round(sum(people)), 0)::bigint as cells,
    coalesce(sum(official), 0)::bigint as official,
    count(*) as n_villages
from compared
