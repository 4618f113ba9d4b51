-- Tells the planner what is in a full staging table.
-- {staging}: its name. Returns nothing.
analyze {staging}
