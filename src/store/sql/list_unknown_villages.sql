-- Lists the keys of a staged table by village that no active village has.
-- {staging}: the staging table. $1 text: source whose rows are looked at.
-- Returns key, in order; nothing before the first import of villages. Leans on the primary key of village.
select staged.key
from {staging} staged
join active_version active on active.layer = 'villages'
left join village v on v.dataset_version = active.dataset_version and v.key = staged.key
where staged.source = $1
    and v.key is null
order by staged.key
