-- Removes the list of faults with its inputs and faults: the next one takes its place.
-- Returns nothing. Leans on the primary key.
delete from fault_list
