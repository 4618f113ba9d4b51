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
