-- Appends a row to the trail of what was done, in the transaction that does it.
-- $1 text: actor. $2 text: action. $3 text: subject. $4 jsonb: details. Returns the row's number.
-- Holds back others who append until the transaction ends: the last statement of it. Leans on the primary key.
select append_audit($1, $2, $3, $4)
