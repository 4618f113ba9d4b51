-- Records the head of a list of faults.
-- $1 text: id. $2 integer: method version. $3 boolean: sample. $4 bigint: version of the villages or null.
-- $5 bigint: faults left out. Returns nothing. Leans on the primary key.
insert into fault_list (id, method_version, is_sample, villages_version, n_left_out)
values ($1, $2, $3, $4, $5)
