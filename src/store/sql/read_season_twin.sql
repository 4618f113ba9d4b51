-- The current run of the same indicator in the other season, made from the same data.
-- $1 text: run. $2 text: the other season. Returns run, or no row.
-- Index: primary keys.
select other.id as run
from run this
join active_run ar on
    (ar.service, ar.mode, ar.season, ar.metric, ar.tier) = (this.service, this.mode, $2, this.metric, this.tier)
join run other on other.id = ar.run and other.method_version = this.method_version
where this.id = $1
    and not exists (
        select
        from run_input i
            left join (select layer, dataset_version from run_input where run = other.id) o on o.layer = i.layer
        where i.run = $1
            and i.dataset_version is distinct from o.dataset_version
    )
