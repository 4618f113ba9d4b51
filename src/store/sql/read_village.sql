-- One village of the current version.
-- $1 text: code.
-- Returns code, name, kecamatan, kecamatan_code, population_thousandths, dataset_version, is_sample.
-- Index: primary keys.
select
    v.key as code,
    v.name,
    v.kecamatan,
    v.kecamatan_code,
    v.population_thousandths,
    v.dataset_version,
    dv.is_sample
from active_version av
join village v on v.dataset_version = av.dataset_version
join dataset_version dv on dv.id = av.dataset_version
where av.layer = 'villages'
    and v.key = $1
