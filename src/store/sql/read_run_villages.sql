-- The villages of a run, without their areas, in order of code.
-- $1 bigint: version of the villages that the run has seen. $2 text: run.
-- Returns code, name, kecamatan, kecamatan_code, district_code, state, time_ms, length_mm, people by state.
-- Index: primary keys.
select
    v.key as code,
    v.name,
    v.kecamatan,
    v.kecamatan_code,
    v.district_code,
    rv.state,
    rv.time_ms,
    rv.length_mm,
    rv.population_thousandths,
    rv.within_thousandths,
    rv.beyond_cutoff_thousandths,
    rv.no_path_thousandths,
    rv.unsnapped_thousandths,
    rv.no_input_thousandths
from run_village rv
join village v on v.dataset_version = $1 and v.key = rv.village
where rv.run = $2
order by v.key
