//! What parent and child say to each other: one job down, length-prefixed frames up.
//!
//! A frame is its length in bytes (`u32`, little endian) and a [`Frame`] in postcard.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use geo_types::Geometry;
use serde::{Deserialize, Serialize};

use crate::domain::{Finding, Layer};

use super::limits::Limits;

/// The largest frame: a polygon of five million vertices takes 80 MB.
pub(super) const MAX_FRAME_BYTES: usize = 128 * 1024 * 1024;

/// The largest job; it holds paths, names and a filter.
pub(super) const MAX_JOB_BYTES: u64 = 1024 * 1024;

/// What the child is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReadJob {
    /// The file; of a shapefile, the `.shp`.
    pub(super) file: PathBuf,
    /// An empty private folder that the parent removes.
    pub(super) work_folder: PathBuf,
    /// Whether only the layers are asked for.
    pub(super) only_inspect: bool,
    /// Name or position (from 1) of the layer wanted.
    pub(super) source_layer: Option<String>,
    /// The layer of ours that is wanted, where that is known: an OSM file holds several.
    pub(super) wanted_layer: Option<Layer>,
    /// Whether records may lie nowhere, since they update others by their keys.
    pub(super) may_lack_places: bool,
    /// Whether a record whose place cannot be used is sent without it, instead of being refused.
    pub(super) keeps_misplaced: bool,
    /// Coordinate system that overrides the file's, as `EPSG:n`.
    pub(super) crs: Option<String>,
    /// Text encoding that overrides the file's.
    pub(super) encoding: Option<String>,
    /// One OGR WHERE expression.
    pub(super) filter: Option<String>,
    /// Headings that mean longitude in a table, best first, as [`super::synonyms::folded`].
    pub(super) longitude_columns: Vec<String>,
    /// Headings that mean latitude in a table.
    pub(super) latitude_columns: Vec<String>,
    /// West, south, east, north of the district in degrees, where known.
    pub(super) district: Option<[f64; 4]>,
    /// West, south, east, north of what is wanted, in degrees; only rasters are read by it, others are sifted later.
    pub(super) only_within: Option<[f64; 4]>,
    /// What the child may use.
    pub(super) limits: Limits,
}

/// One message of the child.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Frame {
    /// The layers of the file, always first.
    Layers(Vec<LayerFound>),
    /// The layer that is read.
    Header(Header),
    /// A feature that can be read.
    Feature(RawFeature),
    /// A feature that cannot.
    Rejected(Finding),
    /// Something about the file or a feature; an error refuses the file.
    Finding(Finding),
    /// The request cannot be followed, and why.
    Misuse(String),
    /// Always last.
    End,
}

/// A layer of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerFound {
    /// Its name in the file.
    pub name: String,
    /// The format of the file that holds it.
    pub format: String,
    /// Number of features, where the file says it.
    pub n_features: Option<u64>,
    /// Its columns, in the file's order.
    pub fields: Vec<String>,
    /// The kind of its geometry; none of a table without places. This and all that follow are told by `inspect` alone.
    pub geometry: Option<String>,
    /// Coordinate system found, and why it was taken; none where the file does not say.
    pub crs: Option<String>,
    /// Text encoding found, and why it was taken.
    pub encoding: Option<String>,
    /// West, south, east and north in degrees; none where it is empty or lies nowhere yet.
    pub extent: Option<[f64; 4]>,
    /// The first records, each in the order of `fields`, long values shortened.
    pub first_rows: Vec<Vec<Option<String>>>,
    /// The same few texts in each encoding that they may be in; empty where all text is ASCII.
    pub readings: Vec<TextReading>,
}

impl LayerFound {
    /// A layer of which nothing is told but its columns.
    pub(super) fn new(
        name: String,
        format: &str,
        n_features: Option<u64>,
        fields: Vec<String>,
    ) -> Self {
        Self {
            name,
            format: format.to_owned(),
            n_features,
            fields,
            geometry: None,
            crs: None,
            encoding: None,
            extent: None,
            first_rows: Vec::new(),
            readings: Vec::new(),
        }
    }
}

/// Texts of a file as they read in one encoding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextReading {
    /// The encoding, as `--encoding` takes it.
    pub encoding: String,
    /// At most three.
    pub texts: Vec<String>,
}

/// What was decided on the layer that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its name in the file.
    pub layer: String,
    /// Its columns; a feature's values are in this order.
    pub fields: Vec<String>,
    /// Coordinate system found, and why it was taken.
    pub crs: String,
    /// Text encoding found, and why it was taken.
    pub encoding: String,
    /// Number of features, where the file says it.
    pub n_features: Option<u64>,
}

/// A feature as the file has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawFeature {
    /// Its id in the file.
    pub fid: i64,
    /// In EPSG:4326, longitude first, rings closed, without heights; none where the file has none.
    #[serde(with = "super::wire")]
    pub geometry: Option<Geometry<f64>>,
    /// In the order of [`Header::fields`].
    pub values: Vec<Cell>,
}

/// A value as the file has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each variant is what it names")]
pub enum Cell {
    Empty,
    Text(String),
    Int(i64),
    Real(f64),
}

impl Cell {
    /// The value as text, a whole number without decimals whatever type its column has; none where there is none.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Text(text) => Some(text.clone()),
            Self::Int(number) => Some(number.to_string()),
            Self::Real(number) => Some(number.to_string()),
        }
    }
}

/// Writes one frame.
///
/// # Errors
/// `InvalidData` where it is longer than [`MAX_FRAME_BYTES`], else what the pipe says.
pub(super) fn write_frame(out: &mut impl Write, frame: &Frame) -> io::Result<()> {
    let bytes = postcard::to_stdvec(frame).map_err(io::Error::other)?;
    match u32::try_from(bytes.len()) {
        Ok(length) if bytes.len() <= MAX_FRAME_BYTES => {
            out.write_all(&length.to_le_bytes())?;
            out.write_all(&bytes)
        }
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Reads one frame; a length that is not true costs no memory.
///
/// # Errors
/// `InvalidData` where it is no frame, else what the pipe says.
pub(super) fn read_frame(from: &mut impl Read) -> io::Result<Frame> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u64::from(u32::from_le_bytes(length));
    if length > MAX_FRAME_BYTES as u64 {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    if from.take(length).read_to_end(&mut bytes)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    match postcard::take_from_bytes(&bytes) {
        Ok((frame, [])) => Ok(frame),
        Ok(_) => Err(io::ErrorKind::InvalidData.into()),
        Err(cause) => Err(io::Error::new(io::ErrorKind::InvalidData, cause)),
    }
}

/// Number of frames in what a child wrote, up to the first that is none; each is written and read again on the way.
///
/// For tests and for whoever looks for bytes that break the parent.
///
/// # Panics
/// A frame that was read is not the same when it is written and read again.
pub fn frames_of_bytes(mut bytes: &[u8]) -> u64 {
    let mut n_frames = 0;
    while let Ok(frame) = read_frame(&mut bytes) {
        n_frames += 1;
        let written = rewritten(&frame);
        let read = read_frame(&mut written.as_slice()).ok();
        assert_eq!(read.as_ref().map(rewritten), Some(written));
    }
    n_frames
}

fn rewritten(frame: &Frame) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What was read fits into a frame.
    let is_written = write_frame(&mut bytes, frame).is_ok();
    assert!(is_written);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_survives_the_pipe() {
        let feature = RawFeature {
            fid: 7,
            geometry: Some(geo_types::point!(x: 102.5, y: -2.25).into()),
            values: vec![Cell::Empty, Cell::Text("Desa".to_owned()), Cell::Int(-1)],
        };
        let mut pipe = Vec::new();
        write_frame(&mut pipe, &Frame::Feature(feature.clone())).unwrap();
        let Frame::Feature(read) = read_frame(&mut pipe.as_slice()).unwrap() else {
            panic!("another frame came back");
        };
        assert_eq!(read, feature);
    }

    #[test]
    fn collections_a_million_deep_are_no_frame_and_no_recursion() {
        // Frame::Feature, feature 0, then a collection of one that holds a collection of one, and so on.
        let mut deep = vec![2, 0];
        deep.extend([2, 1].repeat(1_000_000));
        let mut bytes = u32::try_from(deep.len()).unwrap().to_le_bytes().to_vec();
        bytes.extend(deep);
        assert_eq!(frames_of_bytes(&bytes), 0);
    }

    #[test]
    fn a_length_that_lies_is_an_error_and_no_allocation() {
        let mut lie = (u32::try_from(MAX_FRAME_BYTES).unwrap())
            .to_le_bytes()
            .to_vec();
        lie.push(0);
        let error = read_frame(&mut lie.as_slice()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        let error = read_frame(&mut [0xff; 8].as_slice()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
