//! The store on a real PostGIS.

mod cluster;
mod imports;
mod inputs;
mod records;
mod runs;
mod schema;
mod tile_geometry;
