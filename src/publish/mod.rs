//! What leaves the house: files and encodings that others read, and the classes of a map's legend.
//!
//! Nothing here asks the database or knows HTTP.

mod atomic_file;
mod classes;
mod data_table;
mod error;
mod feature_table;
mod geojson_writer;
pub mod palette;
mod picture;
mod rejected_file;
mod row_file;
mod sample_files;
mod sprite;
mod table_csv;
mod template_file;
mod text_file;
mod vector_file;
mod wkb;
pub mod words;
mod workbook;

pub use atomic_file::UnfinishedFile;
pub use classes::{ClassBreaks, ClassMethod, PolicyBreaks, class_of};
pub use data_table::{Cell, DataTable};
pub use error::PublishError;
pub use feature_table::{Column, ColumnKind, FeatureTable, Row, Shape, Value};
pub use geojson_writer::write_geometry;
pub use picture::{
    Look, MAX_SIDE_PX, MIN_HEIGHT_PX, MIN_WIDTH_PX, MapPicture, PictureError, PictureForm,
    PictureLegendRow, PictureSettlement, PictureSize, PictureVillage, PictureWords, draw,
    inline_map, write_png, write_svg,
};
pub use rejected_file::{RejectedFile, RejectedRow};
pub use row_file::{RowFile, RowForm, RowSchema};
pub use sample_files::write_sample;
pub use sprite::{Sprite, SpritePlace, sprite};
pub use table_csv::{DecimalMark, csv_head, csv_row, table_csv};
pub use template_file::{BlankLayer, write_blank_geopackage};
pub use text_file::{write_csv, write_geojson};
pub use vector_file::{write_geopackage, write_zipped_shapefile};
pub use wkb::{GeometryError, read_area};
pub use workbook::table_workbook;
