-- Drops an edition of a list of codes, to be loaded again.
-- $1 text: edition. $2 text: source. $3 boolean: whether it came with the program.
-- Returns nothing. Its codes go with it.
delete from code_list
where edition = $1
    and source = $2
    and is_shipped = $3
