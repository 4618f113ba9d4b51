-- Makes the types and functions of PostGIS, in the schema where other programs look for them.
-- No parameters. Returns nothing.
create extension if not exists postgis schema public
