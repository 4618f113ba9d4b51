-- Takes an attached table off the list of those that a sweep may drop.
-- {staging}: its name. {partition}: its new one. Returns nothing.
alter table {staging} rename to {partition}
