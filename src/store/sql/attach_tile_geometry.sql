-- Gives the full table of a band its indexes and statistics, and makes it the version's partition.
-- {band}: first zoom of the band. {version}: the dataset version. Returns nothing.
alter table tile_geometry_{band}_{version} add primary key (dataset_version, key);
create index on tile_geometry_{band}_{version} using gist (geom);
analyze tile_geometry_{band}_{version};
alter table tile_geometry_{band} attach partition tile_geometry_{band}_{version} for values in ({version})
