//! The store on a real PostGIS.

mod schema;
