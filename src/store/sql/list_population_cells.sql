-- Lists the inhabited cells of a dataset version, one row for each village that a cell touches, in order of key, village.
-- $1 bigint: version of the cells. $2 bigint: version of the villages. $3 text[]: the villages that count.
-- Returns key, population_thousandths, village, share (of the cell's area, in degrees: within a cell a degree of
-- longitude has one length), place. The last three are null where the cell touches none of the villages.
-- Leans on population_cell_by_geom; villages come one after the other, so that PostGIS prepares each of them once.
with counted as materialized (
    select key, geom
    from village
    where dataset_version = $2
        and key = any($3)
),
touching as materialized (
    select
        c.key,
        v.key as village,
        c.geom as cell,
        -- Null where the cell is wholly inside: only cells on a border are cut.
        case when not ST_Covers(v.geom, c.geom) then ST_CollectionExtract(ST_Intersection(v.geom, c.geom), 3) end as piece
    from counted v
    join population_cell c on c.dataset_version = $1 and ST_Intersects(v.geom, c.geom)
    where c.population_thousandths > 0
),
part as (
    select
        key,
        village,
        coalesce(ST_Area(piece) / ST_Area(cell), 1.0) as share,
        case
            when piece is null and ST_Covers(cell, ST_Centroid(cell)) then ST_Centroid(cell)
            else ST_PointOnSurface(coalesce(piece, cell))
        end as place
    from touching
    where piece is null
        or ST_Area(piece) > 0
)
select c.key, c.population_thousandths, p.village, p.share, p.place
from population_cell c
left join part p on p.key = c.key
where c.dataset_version = $1
    and c.population_thousandths > 0
order by c.key, p.village
