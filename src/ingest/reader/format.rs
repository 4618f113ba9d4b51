//! What a file is, told by its first bytes; its suffix is only allowed to agree.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;
use crate::ingest::sidecar::SIDECAR_SUFFIXES;

use super::unreadable;

/// Bytes that are looked at: an XML head with comments fits.
pub(super) const HEAD_LENGTH: usize = 4096;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Shapefile,
    GeoPackage,
    GeoJson,
    Kml,
    Csv,
    OsmPbf,
    OsmXml,
    /// OSM XML in gzip.
    OsmGzip,
    Zip,
}

impl Format {
    /// Its name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Shapefile => "Shapefile",
            Self::GeoPackage => "GeoPackage",
            Self::GeoJson => "GeoJSON",
            Self::Kml => "KML",
            Self::Csv => "CSV",
            Self::OsmPbf => "OSM PBF",
            Self::OsmXml => "OSM XML",
            Self::OsmGzip => "OSM XML in gzip",
            Self::Zip => "ZIP",
        }
    }

    /// The GDAL drivers that may open it, and no other.
    pub(super) fn drivers(self) -> &'static [&'static str] {
        match self {
            Self::Shapefile => &["ESRI Shapefile"],
            Self::GeoPackage => &["GPKG"],
            Self::GeoJson => &["GeoJSON"],
            Self::Kml => &["LIBKML", "KML"],
            Self::Csv => &["CSV"],
            // Read without GDAL.
            Self::OsmPbf | Self::OsmXml | Self::OsmGzip | Self::Zip => &[],
        }
    }

    /// The suffixes it is known by; the first is what GDAL expects.
    pub(super) fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Shapefile => &["shp"],
            Self::GeoPackage => &["gpkg"],
            Self::GeoJson => &["geojson", "json"],
            Self::Kml => &["kml"],
            Self::Csv => &["csv", "tsv", "txt"],
            Self::OsmPbf => &["pbf"],
            Self::OsmXml => &["osm"],
            Self::OsmGzip => &["gz"],
            Self::Zip => &["zip", "kmz"],
        }
    }

    const ALL: [Self; 9] = [
        Self::Shapefile,
        Self::GeoPackage,
        Self::GeoJson,
        Self::Kml,
        Self::Csv,
        Self::OsmPbf,
        Self::OsmXml,
        Self::OsmGzip,
        Self::Zip,
    ];
}

/// Formats that people hand over and that are not read, with the way out.
const UNSUPPORTED: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "a PDF", "ask for the data behind it"),
    (b"Rar!", "a RAR archive", "pack it again as ZIP"),
    (b"7z\xbc\xaf", "a 7z archive", "pack it again as ZIP"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (
        b"AC10",
        "an AutoCAD drawing",
        "export its layers in QGIS as GeoPackage",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Office document",
        "save the sheet as CSV UTF-8",
    ),
    (b"MZ", "a program", "choose the data file"),
];

/// The lower-case suffix of a path, without the dot.
pub(super) fn suffix(path: &Path) -> String {
    path.extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase()
}

/// The format of a file.
///
/// # Errors
/// It cannot be read, is no format that is read, or is called like another one.
pub(super) fn recognise(path: &Path) -> Result<Format, Finding> {
    let suffix = suffix(path);
    if SIDECAR_SUFFIXES.contains(&suffix.as_str()) {
        return Err(unsupported(
            &format!("a .{suffix} is only a part of a dataset"),
            "name the .shp, with its parts beside it",
        ));
    }
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD_LENGTH as u64).read_to_end(&mut head))
        .map_err(|cause| unreadable(&cause))?;
    let format = by_content(&head)?;
    let called = Format::ALL
        .into_iter()
        .find(|each| each.suffixes().contains(&suffix.as_str()));
    match called {
        Some(called) if called != format => Err(error(
            FindingCode::FileUnsupported,
            format!(
                "the file is called .{suffix} but holds {}, not {}",
                format.name(),
                called.name()
            ),
            format!("call it .{} if that is what it is", format.suffixes()[0]),
        )),
        _ => Ok(format),
    }
}

/// The format whose first bytes are `head`, at most [`HEAD_LENGTH`] of them.
///
/// # Errors
/// It is no format that is read.
pub(super) fn by_content(head: &[u8]) -> Result<Format, Finding> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Format::Zip);
    }
    if head.starts_with(b"SQLite format 3\0") {
        return Ok(Format::GeoPackage);
    }
    if head.starts_with(&9994_u32.to_be_bytes()) {
        return Ok(Format::Shapefile);
    }
    // The length of the first header, then its first field: the kind of the block, nine bytes long.
    if head
        .get(4..)
        .is_some_and(|rest| rest.starts_with(b"\x0a\x09OSMHeader"))
    {
        return Ok(Format::OsmPbf);
    }
    if head.starts_with(b"\x1f\x8b") {
        return in_gzip(head);
    }
    if let Some((_, name, mend)) = UNSUPPORTED
        .iter()
        .find(|(magic, ..)| head.starts_with(magic))
    {
        return Err(unsupported(&format!("the file is {name}"), mend));
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Ok(Format::Csv);
    }
    by_text(head)
}

/// OSM XML is the only format that is read in gzip.
fn in_gzip(head: &[u8]) -> Result<Format, Finding> {
    let mut inflated = Vec::new();
    // The head ends within the archive, which is an error after as much as could be inflated.
    let _ = MultiGzDecoder::new(head)
        .take(HEAD_LENGTH as u64)
        .read_to_end(&mut inflated);
    match by_text(&inflated) {
        Ok(Format::OsmXml) => Ok(Format::OsmGzip),
        _ => Err(unsupported(
            "the file is a gzip archive of something else than OSM XML",
            "unpack it first",
        )),
    }
}

fn by_text(head: &[u8]) -> Result<Format, Finding> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = text.trim_ascii_start();
    let holds = |word: &[u8]| {
        text.windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word))
    };
    match text.first() {
        None => Err(unsupported("the file is empty", "choose another file")),
        Some(b'{' | b'[') => Ok(Format::GeoJson),
        Some(b'<') if holds(b"<kml") => Ok(Format::Kml),
        Some(b'<') if holds(b"<osmChange") => Err(unsupported(
            "the file holds changes of OSM, not the data",
            "take an extract, such as .osm.pbf",
        )),
        Some(b'<') if holds(b"<osm") => Ok(Format::OsmXml),
        Some(b'<') => Err(unsupported(
            "the file is XML or HTML, but neither KML nor OSM",
            "export it as GeoPackage or KML",
        )),
        Some(_) if text.contains(&0) => Err(unsupported(
            "the file is of no format that is read",
            "export it in QGIS as GeoPackage",
        )),
        Some(_) => {
            let heading = text
                .split(|byte| matches!(byte, b'\n' | b'\r'))
                .next()
                .unwrap_or_default();
            if heading.iter().any(|byte| b",;\t".contains(byte)) {
                Ok(Format::Csv)
            } else {
                Err(unsupported(
                    "the file is text, but its first line has no comma, semicolon or tab between headings",
                    "save the table as CSV with headings in the first line",
                ))
            }
        }
    }
}

fn unsupported(cause: &str, mend: &str) -> Finding {
    error(FindingCode::FileUnsupported, cause, mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(
            by_content(b"\x00\x00\x27\x0a....").unwrap(),
            Format::Shapefile
        );
        assert_eq!(
            by_content(b"\xef\xbb\xbf {\"type\":").unwrap(),
            Format::GeoJson
        );
        assert_eq!(
            by_content(b"<?xml version='1.0'?>\n<kml xmlns='x'>").unwrap(),
            Format::Kml
        );
        assert_eq!(by_content(b"lon;lat\n1;2\n").unwrap(), Format::Csv);
    }

    #[test]
    fn a_virtual_layer_and_a_page_are_refused() {
        for text in [
            &b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>"[..],
            b"<!DOCTYPE html><html></html>",
            b"just words",
            b"",
        ] {
            let refused = by_content(text).unwrap_err();
            assert_eq!(refused.code, FindingCode::FileUnsupported);
        }
    }
}
