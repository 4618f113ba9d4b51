-- Lists which village each code of BPS means, as the newest list that has it says.
-- No parameters.
-- Returns bps, code.
select distinct on (c.bps)
    c.bps,
    c.code
from listed_code c
join code_list l on l.id = c.list
where c.bps is not null
order by c.bps, l.edition desc, l.id desc
