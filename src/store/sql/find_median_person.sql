-- Where the median person of a village lives, and the two facilities nearest to them.
-- $1 text: run. $2 text: village.
-- Returns state, facility, second_facility, geom.
-- Leans on primary keys.
select
    v.state,
    v.facility,
    v.second_facility,
    p.geom
from run_village v
join run_point p on p.run = v.run and p.point = v.median_point
where v.run = $1
    and v.village = $2
