//! Files in, checked records out.
//!
//! Whatever somebody hands over is opened in a child process ([`reader`]) that may use only so much memory and time.
//! The child sends plain features; this side maps their columns onto a layer's fields, checks each, gives it a key,
//! and reports everything that is wrong at once. What becomes of the records is up to the caller.
//! What may be wrong with data is a [`crate::domain::Finding`]; [`IngestError`] is for all else.

#![expect(
    clippy::result_large_err,
    reason = "a finding is made once for each broken record; a box around each would only be in the way"
)]

mod child;
mod columns;
mod error;
mod fields;
mod files;
mod findings;
mod import;
mod keys;
mod limits;
mod personal;
mod protocol;
mod raw;
pub mod reader;
mod records;
mod request;
mod row;
mod shapes;
mod sidecar;
mod synonyms;
mod template;
mod unknowns;
mod values;
mod wire;

pub use child::ReaderCommand;
pub use error::IngestError;
pub use import::{Checked, Progress, read_records};
pub use protocol::{Cell, Header, LayerFound, RawFeature, TextReading, frames_of_bytes};
pub use raw::{FeaturesRead, Inspection, inspect, read_features, read_features_of};
pub use request::{
    CodeScheme, FilesToRead, ImportRequest, MappedFrom, Mapping, ReleaseColumns, Updates,
};
pub use template::{Template, TemplateField, TemplateShape, template};
