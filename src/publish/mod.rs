//! What leaves the house: files and encodings that others read.

mod atomic_file;
mod error;
mod feature_table;
mod sample_files;
mod text_file;
mod vector_file;

pub use error::PublishError;
pub use feature_table::{Column, ColumnKind, FeatureTable, Row, Shape, Value};
pub use sample_files::write_sample;
pub use text_file::{write_csv, write_geojson};
pub use vector_file::{write_geopackage, write_zipped_shapefile};
//! Encodings of what leaves the house: GeoJSON, and the classes of a map's legend.
//!
//! Nothing here asks the database or knows HTTP.

mod classes;
mod geojson_writer;

pub use classes::{ClassBreaks, ClassMethod, PolicyBreaks, class_of};
pub use geojson_writer::{GeometryError, write_geometry};
