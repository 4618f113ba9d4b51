-- Says whether any migration was ever run here.
-- No parameters. Returns one boolean. Leans on the catalogue.
select to_regclass('jangkau.refinery_schema_history') is not null as has_history
