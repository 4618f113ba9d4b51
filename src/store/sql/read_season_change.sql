-- Who is within a threshold in one season and not in the other, by village: points of both runs side by side.
-- $1 text: dry run. $2 text: wet run. $3 bigint: threshold of the headline, ms or mm. $4 text: metric.
-- $5 text[]: standards. $6 text: village; null = all.
-- Returns village, standard (null is the headline's threshold), lost_in_wet, lost_in_dry (thousandths of people; null
-- where nobody's number is known). Villages where nobody loses anything have no row.
-- Index: primary key, run_point_by_village.
select
    change.village,
    change.standard,
    sum(change.people) filter (where change.in_dry)::bigint as lost_in_wet,
    sum(change.people) filter (where change.in_wet)::bigint as lost_in_dry
from (
    select
        dry.village,
        each.standard,
        dry.people_thousandths as people,
        case when each.standard is null
            then dry.state = 'within'
                and case $4 when 'time' then dry.time_ms else dry.length_mm end <= $3
            else each.standard = any(dry.standards)
        end as in_dry,
        case when each.standard is null
            then wet.state = 'within'
                and case $4 when 'time' then wet.time_ms else wet.length_mm end <= $3
            else each.standard = any(wet.standards)
        end as in_wet
    from run_point dry
    join run_point wet on wet.run = $2 and wet.point = dry.point
    cross join (select null::text as standard union all select unnest($5::text[])) each
    where dry.run = $1
        and dry.village is not null
        and ($6::text is null or dry.village = $6)
) change
where coalesce(change.in_dry, false) is distinct from coalesce(change.in_wet, false)
group by change.village, change.standard
order by change.village, change.standard nulls first
