-- Adds an edition of a list of codes, still without its codes.
-- $1 text: edition. $2 text: source. $3 boolean: whether it came with the program. $4 text[]: the codes.
-- $5 text: who loads it.
-- Returns its id.
insert into code_list (edition, source, is_shipped, provinces, districts, loaded_by)
select
    $1,
    $2,
    $3,
    array(select distinct left(code, 2) from unnest($4::text[]) as listed (code) order by 1),
    array(select distinct left(code, 5) from unnest($4::text[]) as listed (code) order by 1),
    $5
returning id
