//! What is asked of ingest, as plain data: which files, and how their columns are meant.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use crate::domain::{BpsVillages, DEFAULT_SOURCE, KnownRecords, Layer};

use super::error::IngestError;

/// Files of one source, and what is known about them beside their content.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FilesToRead {
    /// The files; several are read one after the other. Sidecars of a shapefile may be named or not.
    pub files: Vec<PathBuf>,
    /// Name or position (from 1) of the layer, where a file holds several.
    pub source_layer: Option<String>,
    /// Coordinate system that overrides the file's, as `EPSG:32748`.
    pub crs: Option<String>,
    /// Text encoding that overrides the file's, such as `windows-1252`.
    pub encoding: Option<String>,
    /// One OGR WHERE expression; features that do not fulfil it are not read.
    pub filter: Option<String>,
    /// Whether the operator lifts the caps on what an archive inflates to.
    pub trust_file: bool,
    /// West, south, east, north of the district in degrees: data far outside it are refused as implausible.
    pub district: Option<[f64; 4]>,
    /// West, south, east, north in degrees: features that do not touch this box are passed over.
    pub only_within: Option<[f64; 4]>,
}

/// An import of one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRequest {
    /// The layer that the records are to belong to.
    pub layer: Layer,
    /// Where they come from.
    pub from: FilesToRead,
    /// Columns and constants named by hand; they go before synonyms.
    pub mapping: Vec<Mapping>,
    /// Villages without codes: the column whose text `x` becomes the key `x:<text>`.
    pub code_from: Option<String>,
    /// Whose codes the villages have in the files.
    pub codes: CodeScheme,
    /// The column that identifies a record.
    pub key: Option<String>,
    /// Whether a record without an id is refused, instead of getting a key from its geometry.
    pub needs_id: bool,
    /// Which columns that the layer does not know become public.
    pub release: ReleaseColumns,
    /// Whether every refused record is named, and not only as many as people can mend by hand.
    pub list_rejected: bool,
    /// The records that rows of the same keys update; none where every row is a whole record.
    pub updates: Option<Updates>,
}

impl ImportRequest {
    /// A request without any wish of its own.
    pub fn new(layer: Layer, files: Vec<PathBuf>) -> Self {
        Self {
            layer,
            from: FilesToRead {
                files,
                ..FilesToRead::default()
            },
            mapping: Vec::new(),
            code_from: None,
            codes: CodeScheme::Kemendagri,
            key: None,
            needs_id: false,
            release: ReleaseColumns::None,
            list_rejected: false,
            updates: None,
        }
    }
}

/// An import by key: a row says what has changed, and the record of its key keeps the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Updates {
    /// What is there.
    pub known: Arc<KnownRecords>,
    /// Whose the rows are; none takes the word of the first record's own column `source`.
    pub source: Option<String>,
    /// Whether a row of a key that is not there is a new record.
    pub may_add: bool,
}

impl Updates {
    /// Whose a row is that says `origin` of its source.
    pub(super) fn source_of(&self, origin: Option<String>) -> String {
        let named = self.source.clone().or(origin);
        named.unwrap_or_else(|| DEFAULT_SOURCE.to_owned())
    }
}

/// Whose codes the villages have in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CodeScheme {
    /// Kemendagri's, with their dots.
    #[default]
    Kemendagri,
    /// Those of BPS, and the villages that lists give for them.
    Bps(Arc<BpsVillages>),
}

/// Which columns that the layer does not know become public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseColumns {
    /// None of them.
    None,
    /// All of them.
    All,
    /// Those of these names, compared without case.
    Named(Vec<String>),
}

/// Where a field's values come from: `field=COL` or `field='constant'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// A field of the layer, or `longitude`, `latitude`, `source`.
    pub field: String,
    /// Its column or constant.
    pub from: MappedFrom,
}

/// A column, or one value for all records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MappedFrom {
    /// The column of this name.
    Column(String),
    /// This value; empty means that no column is taken.
    Constant(String),
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.from {
            MappedFrom::Column(column) => write!(f, "{}={column}", self.field),
            MappedFrom::Constant(value) => write!(f, "{}='{value}'", self.field),
        }
    }
}

impl FromStr for Mapping {
    type Err = IngestError;

    fn from_str(text: &str) -> Result<Self, IngestError> {
        let (field, from) = text
            .split_once('=')
            .filter(|(field, _)| !field.trim().is_empty())
            .ok_or_else(|| {
                IngestError::Request(format!(
                    "cannot take `{text}` as a mapping: write field=COLUMN, or \"field='VALUE'\" for one value of all"
                ))
            })?;
        let constant = from
            .strip_prefix('\'')
            .and_then(|rest| rest.strip_suffix('\''));
        Ok(Self {
            field: field.trim().to_owned(),
            from: match constant {
                Some(constant) => MappedFrom::Constant(constant.to_owned()),
                // What a shell leaves of `field=''`.
                None if from.is_empty() => MappedFrom::Constant(String::new()),
                None => MappedFrom::Column(from.to_owned()),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_a_column_or_a_quoted_constant() {
        let column: Mapping = "name=NAMOBJ".parse().unwrap();
        assert_eq!(column.from, MappedFrom::Column("NAMOBJ".to_owned()));
        let constant: Mapping = "surface='tanah liat'".parse().unwrap();
        assert_eq!(constant.from, MappedFrom::Constant("tanah liat".to_owned()));
        assert_eq!(constant.to_string(), "surface='tanah liat'");
        assert_eq!(column.to_string().parse::<Mapping>().unwrap(), column);
        let nothing: Mapping = "id=".parse().unwrap();
        assert_eq!(nothing, "id=''".parse().unwrap());
        assert!("name".parse::<Mapping>().is_err());
        assert!("=NAMOBJ".parse::<Mapping>().is_err());
    }
}
