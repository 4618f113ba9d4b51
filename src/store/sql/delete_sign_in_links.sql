-- Ends the links of an account.
-- $1 text: account. Returns nothing. Leans on sign_in_link_by_account.
delete from sign_in_link
where account = $1
