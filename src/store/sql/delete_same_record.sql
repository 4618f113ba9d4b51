-- Takes back that a record is the same as another.
-- $1 text: layer. $2 text: source of the one left out. $3 text: its key. Returns nothing.
delete from same_record
where layer = $1
    and source = $2
    and key = $3
