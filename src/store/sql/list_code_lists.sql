-- Lists the editions of lists of codes, the newest first.
-- No parameters.
-- Returns edition, source, is_shipped, provinces, n_districts, n_codes, n_bps (codes with that of BPS), loaded_by,
-- loaded_at (text).
select
    l.edition,
    l.source,
    l.is_shipped,
    l.provinces,
    cardinality(l.districts)::bigint as n_districts,
    count(*) as n_codes,
    count(c.bps) as n_bps,
    l.loaded_by,
    to_char(l.loaded_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as loaded_at
from code_list l
join listed_code c on c.list = l.id
group by l.id
order by l.edition desc, l.is_shipped, l.id desc
