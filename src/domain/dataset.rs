//! Dataset versions and the report of the import that made one.

use serde::{Deserialize, Serialize};

use super::{Finding, Layer, Severity};

/// What stands on everything made from sample data.
pub const SAMPLE_NOTICE: &str = "DATA CONTOH – bukan data nyata / SAMPLE DATA – not real";

/// The word in a file's `source` column that marks sample data.
pub const SAMPLE_SOURCE: &str = "sample";

/// The source of data whose supplier nobody named.
pub const DEFAULT_SOURCE: &str = "default";

/// The number of a dataset version, counted up through all layers of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DatasetVersionId(pub i64);

/// An immutable import of one layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DatasetVersion {
    /// Its number.
    pub id: DatasetVersionId,
    /// Its layer.
    pub layer: Layer,
    /// SHA-256 of its canonical content, hexadecimal: the same content has the same hash on any machine.
    pub content_hash: String,
    /// Whether any of its records is sample data.
    pub is_sample: bool,
    /// When it became active, RFC 3339 in UTC.
    pub activated_at: String,
    /// Number of records.
    pub n_records: i64,
}

/// How the records of an import compare with the version that was active before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Keys that were not there.
    pub new: u64,
    /// Keys whose content differs.
    pub changed: u64,
    /// Keys whose content is equal.
    pub unchanged: u64,
    /// Keys that are no longer there.
    pub missing: u64,
    /// Records refused.
    pub rejected: u64,
    /// Warnings given.
    pub warnings: u64,
}

/// How a column of a file was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnUse {
    /// Its name in the file.
    pub column: String,
    /// The field that it feeds; none where the layer does not know it.
    pub field: Option<String>,
}

/// What an import did, or on a dry run would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportReport {
    /// The layer imported into.
    pub layer: Layer,
    /// The supplier whose part it is.
    pub source: String,
    /// The version that is active now; none where nothing was ever imported.
    pub version: Option<DatasetVersionId>,
    /// Whether anything was only tried.
    pub dry_run: bool,
    /// Whether the version named was made by this import.
    pub activated: bool,
    /// Coordinate system found, and why it was taken.
    pub crs: Option<String>,
    /// Text encoding found, and why it was taken.
    pub encoding: Option<String>,
    /// How each column was taken.
    pub columns: Vec<ColumnUse>,
    /// The comparison.
    #[serde(flatten)]
    pub counts: Counts,
    /// Everything found, in order of severity, file, feature.
    pub rows: Vec<Finding>,
}

impl ImportReport {
    /// Whether anything found keeps the file out.
    pub fn has_errors(&self) -> bool {
        self.rows.iter().any(|row| row.severity == Severity::Error)
    }
}
