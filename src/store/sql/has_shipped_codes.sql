-- Tells whether the list of codes that comes with the program is there.
-- $1 text: its edition. $2 text: its source.
-- Returns one boolean.
select exists (
    select
    from code_list
    where edition = $1
        and source = $2
        and is_shipped
)
