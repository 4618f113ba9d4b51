-- Gives a full staging table the spatial index of its parent.
-- {staging}: its name. Returns nothing.
create index on {staging} using gist (geom)
