//! The store on a real PostGIS.

mod audit;
mod cluster;
mod history;
mod imports;
mod inputs;
mod parts;
mod records;
mod runs;
mod schema;
mod tile_geometry;
