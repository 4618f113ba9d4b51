-- Lists the villages' codes of an import that are not on the list that holds for them, or stand for another name there.
-- The list that holds: the newest that has the code's district, else the newest that has its province; codes of
-- provinces that no list has are not returned.
-- {staging}: the staging table. {code}: its column with the code. {name}: its column with the village's name, or null.
-- $1 text: source whose records are looked at.
-- Returns code, name (may be null), n_records, edition, list_source, listed_name (null where the code is not listed),
-- suggestion (the one code of that name in the district, for unlisted codes), in order of code.
with staged_code as (
    select
        {code} as code,
        min({name}) as name,
        count(*) as n_records
    from {staging} staged
    where staged.source = $1
        and {code} not like 'x:%'
    group by {code}
),
holding as (
    select distinct on (district.code)
        district.code as district_code,
        l.id as list,
        l.edition,
        l.source
    from (select distinct left(code, 5) as code from staged_code) district
    join code_list l on left(district.code, 2) = any(l.provinces)
    order by
        district.code,
        district.code = any(l.districts) desc,
        l.edition desc,
        l.is_shipped,
        l.id desc
)
select
    staged.code,
    staged.name,
    staged.n_records,
    holding.edition,
    holding.source as list_source,
    listed.name as listed_name,
    case when listed.code is null then (
        select min(same.code)
        from listed_code same
        where same.list = holding.list
            and same.district_code = holding.district_code
            and same.folded_name = folded_name(staged.name)
        having count(*) = 1
    ) end as suggestion
from staged_code staged
join holding on holding.district_code = left(staged.code, 5)
left join listed_code listed on listed.list = holding.list and listed.code = staged.code
where listed.code is null
    or listed.folded_name <> folded_name(staged.name)
order by staged.code
