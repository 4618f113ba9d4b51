-- Fills the geometry of a version in one band.
-- {band}: the band. {version}: the dataset version. Takes rows in PostgreSQL's binary format.
copy tile_geometry_{band}_{version} (dataset_version, key, geom) from stdin (format binary)
