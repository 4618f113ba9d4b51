//! Encodings of what leaves the house: GeoJSON, and the classes of a map's legend.
//!
//! Nothing here asks the database or knows HTTP.

mod classes;
mod geojson_writer;

pub use classes::{ClassBreaks, ClassMethod, PolicyBreaks, class_of};
pub use geojson_writer::{GeometryError, write_geometry};
