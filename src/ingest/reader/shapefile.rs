//! A look through a shapefile's parts before GDAL sees them: all there, and every record inside the file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::findings::error;
use crate::ingest::sidecar::sidecars;

use super::encoding::{self, Encoding};
use super::unreadable;

/// A `.prj` of a real coordinate system is under 4 kB.
const MAX_PRJ_BYTES: u64 = 64 * 1024;
/// Bytes of the heads of `.shp` and `.shx`.
const HEAD_BYTES: u64 = 100;
/// The shape type of bodies in three dimensions.
const MULTI_PATCH: i32 = 31;

/// A shapefile as GDAL may open it: links in a folder of its own, where nothing else lies.
pub(super) struct Staged {
    /// The `.shp`.
    pub(super) shp: PathBuf,
    /// Encoding of the table.
    pub(super) encoding: Encoding,
    /// What was mended or is odd.
    pub(super) notes: Vec<Finding>,
}

/// Checks the parts of a shapefile and links them into `folder`.
///
/// # Errors
/// A part is missing or breaks off, a record lies outside its file, records and rows differ in number,
/// or the `.prj` could make somebody open other files.
pub(super) fn stage(shp: &Path, folder: &Path, asked: Option<&str>) -> Result<Staged, Finding> {
    let io = |cause: io::Error| unreadable(&cause);
    let parts = sidecars(shp).map_err(io)?;
    let Some(dbf) = parts.get("dbf") else {
        return Err(error(
            FindingCode::FileUnreadable,
            "the shapefile has no .dbf, so its records have no attributes",
            "copy all parts of the shapefile (.shp, .shx, .dbf, .prj) together",
        ));
    };
    let stem = shp.file_stem().unwrap_or_default();
    let staged = |suffix: &str| folder.join(stem).with_added_extension(suffix);
    link(shp, &staged("shp")).map_err(io)?;
    link(dbf, &staged("dbf")).map_err(io)?;
    let mut notes = Vec::new();
    let n_shapes = match parts.get("shx") {
        Some(shx) => {
            link(shx, &staged("shx")).map_err(io)?;
            check_index(shp, shx, &mut notes)?
        }
        None => build_index(shp, &staged("shx"), &mut notes)?,
    };
    check_rows(dbf, n_shapes)?;
    if let Some(prj) = parts.get("prj") {
        check_projection(prj)?;
        link(prj, &staged("prj")).map_err(io)?;
    }
    let label = label(&parts).map_err(io)?;
    let encoding = encoding::of_dbf(dbf, label.as_deref(), asked).map_err(io)?;
    Ok(Staged {
        shp: staged("shp"),
        encoding,
        notes,
    })
}

fn link(original: &Path, link: &Path) -> io::Result<()> {
    symlink(fs::canonicalize(original)?, link)
}

/// The first line of the `.cpg` or `.cst`.
fn label(parts: &BTreeMap<String, PathBuf>) -> io::Result<Option<String>> {
    let Some(path) = parts.get("cpg").or_else(|| parts.get("cst")) else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().next().map(|line| line.trim().to_owned()))
}

/// Reads the head of a `.shp` or `.shx` and gives the length of the file in bytes, as it says.
fn read_head(file: &mut impl Read, part: &str) -> Result<u64, Finding> {
    let mut head = [0; 100];
    file.read_exact(&mut head)
        .map_err(|_cause| broken(&format!("the {part} is shorter than its head"), None))?;
    if head[..4] != 9994_u32.to_be_bytes() {
        return Err(broken(&format!("the {part} does not begin as one"), None));
    }
    let words = u32::from_be_bytes([head[24], head[25], head[26], head[27]]);
    let shape_type = i32::from_le_bytes([head[32], head[33], head[34], head[35]]);
    if shape_type == MULTI_PATCH {
        return Err(error(
            FindingCode::GeometryType,
            "the shapefile holds MultiPatch bodies",
            "turn them into polygons, in QGIS with Multipart to singleparts or Convert geometry type",
        ));
    }
    Ok(u64::from(words) * 2)
}

/// Position and content length of a record in a `.shp`, in bytes; the eight bytes of its head come before.
struct Place {
    offset: u64,
    content_bytes: u64,
}

impl Place {
    fn parse(bytes: [u8; 8]) -> Self {
        let both = u64::from_be_bytes(bytes);
        Self {
            offset: (both >> 32) * 2,
            content_bytes: (both & u64::from(u32::MAX)) * 2,
        }
    }

    fn end(&self) -> u64 {
        self.offset + 8 + self.content_bytes
    }
}

/// Checks each record that the `.shx` names against the `.shp`, and gives their number.
fn check_index(shp: &Path, shx: &Path, notes: &mut Vec<Finding>) -> Result<u64, Finding> {
    let io = |cause: io::Error| unreadable(&cause);
    let mut index = BufReader::new(File::open(shx).map_err(io)?);
    read_head(&mut index, ".shx")?;
    let index_bytes = fs::metadata(shx).map_err(io)?.len();
    let n_shapes = (index_bytes - HEAD_BYTES) / 8;
    let mut shapes = BufReader::new(File::open(shp).map_err(io)?);
    let stated_bytes = read_head(&mut shapes, ".shp")?;
    let shape_bytes = fs::metadata(shp).map_err(io)?.len();
    let mut position = HEAD_BYTES;
    let mut end = HEAD_BYTES;
    let mut is_in_order = true;
    let mut is_padded = false;
    for fid in 0..n_shapes {
        let mut bytes = [0; 8];
        index.read_exact(&mut bytes).map_err(io)?;
        let place = Place::parse(bytes);
        if place.offset < HEAD_BYTES || place.end() > shape_bytes {
            return Err(broken("the record lies outside the .shp", Some(fid)));
        }
        seek_to(&mut shapes, position, place.offset).map_err(io)?;
        shapes.read_exact(&mut bytes).map_err(io)?;
        position = place.offset + 8;
        let record = Place::parse(bytes);
        if record.content_bytes > place.content_bytes {
            return Err(broken(
                &format!(
                    "the record says it has {} bytes, the .shx says only {}",
                    record.content_bytes, place.content_bytes
                ),
                Some(fid),
            ));
        }
        is_padded |= record.content_bytes < place.content_bytes;
        is_in_order &= record.offset == (fid + 1) * 2;
        end = end.max(place.end());
    }
    if !is_in_order {
        notes.push(odd(
            "the records of the .shp are not numbered 1, 2, 3 …; the .shx was followed",
        ));
    }
    if is_padded {
        notes.push(odd(
            "records of the .shp are shorter than the .shx says; the rest of each was left out",
        ));
    }
    note_lengths(stated_bytes, end, shape_bytes, notes);
    Ok(n_shapes)
}

fn seek_to(file: &mut BufReader<File>, from: u64, to: u64) -> io::Result<()> {
    match i64::try_from(i128::from(to) - i128::from(from)) {
        Ok(step) => file.seek_relative(step),
        Err(_) => file.seek(SeekFrom::Start(to)).map(|_| ()),
    }
}

/// Writes the `.shx` that is missing, record by record, and gives their number.
fn build_index(shp: &Path, shx: &Path, notes: &mut Vec<Finding>) -> Result<u64, Finding> {
    let io = |cause: io::Error| unreadable(&cause);
    let mut shapes = BufReader::new(File::open(shp).map_err(io)?);
    let stated_bytes = read_head(&mut shapes, ".shp")?;
    let shape_bytes = fs::metadata(shp).map_err(io)?.len();
    let mut places = Vec::new();
    let mut offset = HEAD_BYTES;
    while offset + 8 <= shape_bytes {
        let mut bytes = [0; 8];
        shapes.read_exact(&mut bytes).map_err(io)?;
        let record = Place::parse(bytes);
        // A record holds at least its shape type; less is padding after the last one.
        if record.content_bytes < 4 {
            break;
        }
        let place = Place {
            offset,
            content_bytes: record.content_bytes,
        };
        if place.end() > shape_bytes {
            return Err(broken(
                "the record is longer than what is left of the .shp",
                Some(places.len() as u64),
            ));
        }
        seek_to(&mut shapes, offset + 8, place.end()).map_err(io)?;
        offset = place.end();
        places.push(place);
    }
    note_lengths(stated_bytes, offset, shape_bytes, notes);
    write_index(shp, shx, &places).map_err(io)?;
    notes.push(odd("the shapefile has no .shx; one was made from the .shp"));
    Ok(places.len() as u64)
}

fn write_index(shp: &Path, shx: &Path, places: &[Place]) -> io::Result<()> {
    let mut head = [0; 100];
    File::open(shp)?.read_exact(&mut head)?;
    let mut out = BufWriter::new(File::create_new(shx)?);
    let words = |bytes: u64| u32::try_from(bytes / 2).map_err(io::Error::other);
    let index_bytes = HEAD_BYTES + 8 * places.len() as u64;
    head[24..28].copy_from_slice(&words(index_bytes)?.to_be_bytes());
    out.write_all(&head)?;
    for place in places {
        out.write_all(&words(place.offset)?.to_be_bytes())?;
        out.write_all(&words(place.content_bytes)?.to_be_bytes())?;
    }
    out.flush()
}

fn note_lengths(stated_bytes: u64, end: u64, shape_bytes: u64, notes: &mut Vec<Finding>) {
    if end < shape_bytes || stated_bytes != shape_bytes {
        notes.push(odd(&format!(
            "the .shp has {shape_bytes} bytes, says {stated_bytes} and its records end at {end}; what follows them was left out"
        )));
    }
}

/// Checks that the table has a row for each shape, all of them inside the file.
fn check_rows(dbf: &Path, n_shapes: u64) -> Result<(), Finding> {
    let mut head = [0; 32];
    let mut file = File::open(dbf).map_err(|cause| unreadable(&cause))?;
    file.read_exact(&mut head)
        .map_err(|_cause| broken("the .dbf is shorter than its head", None))?;
    let n_rows = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
    let header_bytes = u64::from(u16::from_le_bytes([head[8], head[9]]));
    let row_bytes = u64::from(u16::from_le_bytes([head[10], head[11]]));
    let dbf_bytes = file.metadata().map_err(|cause| unreadable(&cause))?.len();
    if n_rows != n_shapes {
        return Err(Finding {
            code: FindingCode::ShpCountMismatch,
            ..broken(
                &format!("the .dbf has {n_rows} rows, the .shp {n_shapes} shapes"),
                None,
            )
        });
    }
    if header_bytes + n_rows * row_bytes > dbf_bytes {
        return Err(broken("the .dbf breaks off before its last row", None));
    }
    Ok(())
}

/// Refuses a `.prj` that is too long to be one or that names files.
fn check_projection(prj: &Path) -> Result<(), Finding> {
    let mut text = Vec::new();
    File::open(prj)
        .and_then(|file| file.take(MAX_PRJ_BYTES + 1).read_to_end(&mut text))
        .map_err(|cause| unreadable(&cause))?;
    let lower = String::from_utf8_lossy(&text).to_lowercase();
    let names_files = ["grids", "proj4", "+init", "+proj", "://"]
        .iter()
        .any(|word| lower.contains(word));
    if text.len() as u64 > MAX_PRJ_BYTES || names_files {
        return Err(error(
            FindingCode::CrsMissing,
            "the .prj is not a plain description of a coordinate system",
            "delete the .prj and pass --crs EPSG:n",
        ));
    }
    Ok(())
}

fn broken(cause: &str, fid: Option<u64>) -> Finding {
    Finding {
        fid: fid.and_then(|fid| i64::try_from(fid).ok()),
        ..error(
            FindingCode::FileUnreadable,
            format!("the shapefile is broken: {cause}"),
            "copy it again from its source, or repair it in QGIS with Repair shapefile",
        )
    }
}

fn odd(cause: &str) -> Finding {
    Finding::new(
        Severity::Warning,
        FindingCode::FileUnreadable,
        cause,
        "compare the number of records with the source",
    )
}
