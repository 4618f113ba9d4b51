-- The demand points of a run that lie in a village, each village's together, best first:
-- by state, then by cost, then by id.
-- $1 text: run. $2 text[]: states, best first. $3 text: metric.
-- Returns village, people_thousandths, state, cost (ms or mm).
-- Index: run_point_by_village.
select
    p.village,
    p.people_thousandths,
    p.state,
    case $3 when 'time' then p.time_ms else p.length_mm end as cost
from run_point p
where p.run = $1
    and p.village is not null
order by array_position($2, p.state), cost, p.point collate "C"
