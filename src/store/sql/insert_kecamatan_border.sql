-- Stores the lines around the kecamatan of a version of the villages in one band.
-- $1 bigint: dataset version. $2 text: band. $3 geometry: the lines, EPSG:3857. Returns nothing.
-- Lines that are there already are the same: they follow from the version.
insert into kecamatan_border (dataset_version, band, geom)
values ($1, $2, $3)
on conflict (dataset_version, band) do nothing
