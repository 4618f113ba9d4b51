-- What every current run says of one village.
-- $1 text: code.
-- Returns the indicator, rule (domain::Rule), is_sample, the village's values, names of its nearest facilities.
-- Index: primary keys. A version holds one layer, so only the version of facilities has a facility of the key.
select
    ar.service,
    ar.mode,
    ar.season,
    ar.metric,
    ar.tier,
    r.rule || jsonb_build_object('stale', exists (
        select
        from run_input i
        left join active_version av on av.layer = i.layer
        where i.run = r.id
            and i.dataset_version is distinct from av.dataset_version
    )) as rule,
    r.is_sample,
    rv.state,
    rv.time_ms,
    rv.length_mm,
    rv.facility,
    nearest.name as facility_name,
    nearest.tier as facility_tier,
    rv.second_facility,
    second.name as second_facility_name,
    second.tier as second_facility_tier,
    rv.second_time_ms,
    rv.second_length_mm,
    rv.population_thousandths,
    rv.population_source,
    rv.within_thousandths,
    rv.beyond_cutoff_thousandths,
    rv.no_path_thousandths,
    rv.unsnapped_thousandths,
    rv.no_input_thousandths,
    rv.standards
from active_run ar
join run r on r.id = ar.run
join run_village rv on rv.run = ar.run and rv.village = $1
left join lateral (
    select f.name, f.tier
    from run_input i
    join facility f on f.dataset_version = i.dataset_version
    where i.run = ar.run and f.key = rv.facility
) nearest on true
left join lateral (
    select f.name, f.tier
    from run_input i
    join facility f on f.dataset_version = i.dataset_version
    where i.run = ar.run and f.key = rv.second_facility
) second on true
order by ar.service, ar.mode, ar.season, ar.metric, ar.tier
