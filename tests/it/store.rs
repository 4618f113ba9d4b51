//! The store on a real PostGIS.

mod audit;
mod cluster;
mod history;
mod imports;
mod inputs;
mod kills;
mod parts;
mod records;
mod round_trips;
mod runs;
mod schema;
mod tile_geometry;
mod updates;
