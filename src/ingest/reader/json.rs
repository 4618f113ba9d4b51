//! A look through a GeoJSON before GDAL sees it: well-formed, not too deep, and asking for nothing from the network.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;

use super::unreadable;

/// Brackets inside one another. A multipolygon's coordinates are eight deep in a collection of features.
const MAX_DEPTH: u32 = 64;

/// Members that matter here; the rest is read and forgotten, so memory does not grow with the file.
#[derive(Deserialize)]
struct Document {
    #[serde(rename = "type")]
    kind: Option<String>,
    crs: Option<Value>,
}

/// Whether something other than blanks follows the first value, so that the file is a sequence of values.
///
/// # Errors
/// The file cannot be read.
pub(super) fn is_sequence(path: &Path) -> Result<bool, Finding> {
    let file = File::open(path).map_err(|cause| unreadable(&cause))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut brackets = Brackets::default();
    let mut has_begun = false;
    loop {
        let bytes = reader.fill_buf().map_err(|cause| unreadable(&cause))?;
        if bytes.is_empty() {
            return Ok(false);
        }
        for byte in bytes {
            let has_ended = has_begun && brackets.depth == 0;
            if has_ended && !byte.is_ascii_whitespace() {
                return Ok(matches!(*byte, b'{' | RECORD_SEPARATOR));
            }
            brackets.take(*byte);
            has_begun |= brackets.depth > 0;
        }
        let n_bytes = bytes.len();
        reader.consume(n_bytes);
    }
}

/// Before each record of RFC 8142.
const RECORD_SEPARATOR: u8 = 0x1e;

/// Checks every record of a sequence.
///
/// # Errors
/// A record breaks off, is nested too deep, or is no GeoJSON; the finding says which and where.
pub(super) fn check_sequence(path: &Path) -> Result<(), Finding> {
    let mut file = File::open(path).map_err(|cause| unreadable(&cause))?;
    skip_byte_order_mark(&mut file).map_err(|cause| unreadable(&cause))?;
    let blanked = Blanked(Shallow::new(file));
    let reader = BufReader::with_capacity(1 << 16, blanked);
    let records = serde_json::Deserializer::from_reader(reader).into_iter::<Document>();
    for (number, record) in records.enumerate() {
        let number = number + 1;
        let document =
            record.map_err(|cause| not_json(&cause, &format!("record {number} cannot be read")))?;
        let kind = document.kind.unwrap_or_default();
        if !KINDS.contains(&kind.as_str()) || kind == "FeatureCollection" {
            return Err(error(
                FindingCode::FileUnsupported,
                format!("record {number} is JSON of type `{kind}`, not a feature"),
                "export the layer as GeoJSON or GeoPackage",
            ));
        }
    }
    Ok(())
}

/// Blanks for record separators, which are no JSON.
struct Blanked<R>(R);

impl<R: Read> Read for Blanked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.0.read(buffer)?;
        for byte in &mut buffer[..n_bytes] {
            if *byte == RECORD_SEPARATOR {
                *byte = b' ';
            }
        }
        Ok(n_bytes)
    }
}

const KINDS: [&str; 9] = [
    "FeatureCollection",
    "Feature",
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
];

/// Whether the file states a coordinate system of its own.
///
/// # Errors
/// It breaks off or is nested more than [`MAX_DEPTH`] deep, is no GeoJSON, or its `crs` member is not a plain name.
pub(super) fn check(path: &Path) -> Result<bool, Finding> {
    let mut file = File::open(path).map_err(|cause| unreadable(&cause))?;
    skip_byte_order_mark(&mut file).map_err(|cause| unreadable(&cause))?;
    let reader = BufReader::with_capacity(1 << 16, Shallow::new(file));
    let document: Document = serde_json::from_reader(reader)
        .map_err(|cause| not_json(&cause, "the JSON cannot be read"))?;
    let kind = document.kind.unwrap_or_default();
    if !KINDS.contains(&kind.as_str()) {
        return Err(error(
            FindingCode::FileUnsupported,
            format!("the file is JSON of type `{kind}`, not GeoJSON"),
            "export the layer as GeoJSON or GeoPackage",
        ));
    }
    match document.crs {
        None | Some(Value::Null) => Ok(false),
        Some(crs) if is_plain_name(&crs) => Ok(true),
        Some(_) => Err(error(
            FindingCode::CrsMissing,
            "the `crs` member does not name a coordinate system",
            "export the layer again in EPSG:4326; links are never followed",
        )),
    }
}

fn not_json(cause: &serde_json::Error, what: &str) -> Finding {
    if cause.is_io() && cause.to_string().contains(TOO_DEEP) {
        return error(
            FindingCode::ParseLimit,
            format!("the JSON is nested more than {MAX_DEPTH} deep"),
            "export the layer again as GeoPackage",
        );
    }
    error(
        FindingCode::FileUnreadable,
        format!("{what}: {cause}"),
        "export the layer again; the file may have been cut off",
    )
}

/// Whether it is a name such as `EPSG:32748` or `urn:ogc:def:crs:EPSG::32748`, which needs no look-up elsewhere.
fn is_plain_name(crs: &Value) -> bool {
    let name = crs.pointer("/properties/name").and_then(Value::as_str);
    crs["type"] == "name"
        && name.is_some_and(|name| {
            let lower = name.to_ascii_lowercase();
            let tail = ["urn:ogc:def:crs:", "epsg:", "ogc:"]
                .iter()
                .find_map(|start| lower.strip_prefix(start));
            tail.is_some_and(|tail| {
                tail.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b":.".contains(&byte))
            })
        })
}

const TOO_DEEP: &str = "brackets too deep";

/// Where in nested brackets a scan is.
#[derive(Default)]
struct Brackets {
    depth: u32,
    in_string: bool,
    after_backslash: bool,
}

impl Brackets {
    fn take(&mut self, byte: u8) {
        if self.in_string {
            let escaped = std::mem::take(&mut self.after_backslash);
            match byte {
                b'\\' if !escaped => self.after_backslash = true,
                b'"' if !escaped => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// Passes bytes on and fails where brackets are too deep; the parser itself skips unknown members at any depth.
struct Shallow<R> {
    inner: R,
    brackets: Brackets,
}

impl<R: Read> Shallow<R> {
    fn new(inner: R) -> Self {
        Self {
            inner,
            brackets: Brackets::default(),
        }
    }
}

impl<R: Read> Read for Shallow<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.inner.read(buffer)?;
        for byte in &buffer[..n_bytes] {
            self.brackets.take(*byte);
            if self.brackets.depth > MAX_DEPTH {
                return Err(io::Error::other(TOO_DEEP));
            }
        }
        Ok(n_bytes)
    }
}

/// Copies a file to `target` where it begins with a byte order mark, which GDAL does not expect in a sequence; tells
/// whether it did.
///
/// # Errors
/// Either file fails.
pub(super) fn copy_without_mark(path: &Path, target: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    skip_byte_order_mark(&mut file)?;
    if file.stream_position()? == 0 {
        return Ok(false);
    }
    io::copy(&mut file, &mut File::create_new(target)?)?;
    Ok(true)
}

fn skip_byte_order_mark(file: &mut File) -> io::Result<()> {
    let mut start = Vec::new();
    file.by_ref().take(3).read_to_end(&mut start)?;
    let offset = if start == b"\xef\xbb\xbf" { 3 } else { 0 };
    file.seek(SeekFrom::Start(offset))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn depth_is_counted_outside_text_only() {
        let read = |text: &str| io::copy(&mut Shallow::new(text.as_bytes()), &mut io::sink());
        assert!(read(&"[".repeat(64)).is_ok());
        assert!(read(&"[".repeat(65)).is_err());
        assert!(read(&format!(r#"["\"{}"]"#, "[".repeat(65))).is_ok());
    }

    #[test]
    fn a_link_or_a_path_is_no_name_of_a_coordinate_system() {
        let named = |name: &str| json!({"type": "name", "properties": {"name": name}});
        assert!(is_plain_name(&named("EPSG:32748")));
        assert!(is_plain_name(&named("urn:ogc:def:crs:OGC:1.3:CRS84")));
        assert!(!is_plain_name(&named("http://example.org/crs")));
        assert!(!is_plain_name(&named("/etc/passwd")));
        assert!(!is_plain_name(
            &json!({"type": "link", "properties": {"href": "http://example.org"}})
        ));
    }
}
