-- Makes the table of a version's geometry in one band, to be filled before it is attached.
-- {band}: first zoom of the band. {version}: the only dataset version in it; since the table says so, attaching it
-- reads no row.
-- Returns nothing.
create table tile_geometry_{band}_{version} (
    like tile_geometry_{band},
    check (dataset_version = {version})
)
