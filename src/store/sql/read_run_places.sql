-- Where the people of a run are, in order of point.
-- $1 text: run. $2 text: metric.
-- Returns lon, lat, people_thousandths, state, cost (ms or mm).
-- Index: primary key.
select
    ST_X(p.geom) as lon,
    ST_Y(p.geom) as lat,
    p.people_thousandths,
    p.state,
    case $2 when 'time' then p.time_ms else p.length_mm end as cost
from run_point p
where p.run = $1
    and p.village is not null
order by p.point
