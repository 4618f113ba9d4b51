//! What a file is, told by its first bytes; its suffix is only allowed to agree.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;
use crate::ingest::sidecar::{GDB_CATALOG, SIDECAR_SUFFIXES};

use super::archive::{self, Contents};
use super::{json, unreadable};

/// Bytes that are looked at: an XML head with comments fits.
pub(super) const HEAD_LENGTH: usize = 4096;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Shapefile,
    GeoPackage,
    /// A folder `NAME.gdb`.
    FileGdb,
    GeoJson,
    /// Features one after the other, not in a collection.
    GeoJsonSeq,
    Kml,
    Gpx,
    FlatGeobuf,
    /// A drawing in text.
    Dxf,
    Csv,
    Xlsx,
    Xls,
    Ods,
    OsmPbf,
    OsmXml,
    /// OSM XML in gzip.
    OsmGzip,
    Zip,
    /// Read only for its cells.
    GeoTiff,
}

impl Format {
    /// Its name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Shapefile => "Shapefile",
            Self::GeoPackage => "GeoPackage",
            Self::FileGdb => "File Geodatabase",
            Self::GeoJson => "GeoJSON",
            Self::GeoJsonSeq => "GeoJSON sequence",
            Self::Kml => "KML",
            Self::Gpx => "GPX",
            Self::FlatGeobuf => "FlatGeobuf",
            Self::Dxf => "DXF",
            Self::Csv => "CSV",
            Self::Xlsx => "XLSX",
            Self::Xls => "XLS",
            Self::Ods => "ODS",
            Self::OsmPbf => "OSM PBF",
            Self::OsmXml => "OSM XML",
            Self::OsmGzip => "OSM XML in gzip",
            Self::Zip => "ZIP",
            Self::GeoTiff => "GeoTIFF",
        }
    }

    /// The GDAL drivers that may open it, and no other.
    pub(super) fn drivers(self) -> &'static [&'static str] {
        match self {
            Self::Shapefile => &["ESRI Shapefile"],
            Self::GeoPackage => &["GPKG"],
            Self::FileGdb => &["OpenFileGDB"],
            Self::GeoJson => &["GeoJSON"],
            Self::GeoJsonSeq => &["GeoJSONSeq"],
            Self::Kml => &["LIBKML", "KML"],
            Self::Gpx => &["GPX"],
            Self::FlatGeobuf => &["FlatGeobuf"],
            Self::Dxf => &["DXF"],
            Self::GeoTiff => &["GTiff"],
            // A spreadsheet is written as CSV before it is opened.
            Self::Csv | Self::Xlsx | Self::Xls | Self::Ods => &["CSV"],
            // Read without GDAL.
            Self::OsmPbf | Self::OsmXml | Self::OsmGzip | Self::Zip => &[],
        }
    }

    /// The suffixes it is known by; the first is what GDAL expects.
    pub(super) fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Shapefile => &["shp"],
            Self::GeoPackage => &["gpkg"],
            Self::FileGdb => &["gdb"],
            Self::GeoJson => &["geojson", "json"],
            Self::GeoJsonSeq => &["geojsonl", "geojsons", "ndjson", "jsonl"],
            Self::Kml => &["kml"],
            Self::Gpx => &["gpx"],
            Self::FlatGeobuf => &["fgb"],
            Self::Dxf => &["dxf"],
            Self::Csv => &["csv", "tsv", "tab", "txt"],
            Self::Xlsx => &["xlsx", "xlsm"],
            Self::Xls => &["xls"],
            Self::Ods => &["ods"],
            Self::OsmPbf => &["pbf"],
            Self::OsmXml => &["osm"],
            Self::OsmGzip => &["gz"],
            Self::Zip => &["zip", "kmz"],
            Self::GeoTiff => &["tif", "tiff"],
        }
    }

    /// Whether a file may hold one and be called the other.
    fn is_akin_to(self, other: Self) -> bool {
        let is_json = |format| matches!(format, Self::GeoJson | Self::GeoJsonSeq);
        self == other || (is_json(self) && is_json(other))
    }

    const ALL: [Self; 18] = [
        Self::Shapefile,
        Self::GeoPackage,
        Self::FileGdb,
        Self::GeoJson,
        Self::GeoJsonSeq,
        Self::Kml,
        Self::Gpx,
        Self::FlatGeobuf,
        Self::Dxf,
        Self::Csv,
        Self::Xlsx,
        Self::Xls,
        Self::Ods,
        Self::OsmPbf,
        Self::OsmXml,
        Self::OsmGzip,
        Self::Zip,
        Self::GeoTiff,
    ];
}

const AS_GEOPACKAGE: &str = "export its layers in QGIS as GeoPackage";
const AS_ZIP: &str = "pack it again as ZIP";

/// Beginnings of TIFF and of `BigTIFF`, of either order of bytes.
const TIFF: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];

/// Formats that people hand over and that are not read, with the way out.
const UNSUPPORTED: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "a PDF", "ask for the data behind it"),
    (b"Rar!", "a RAR archive", AS_ZIP),
    (b"7z\xbc\xaf", "a 7z archive", AS_ZIP),
    (b"\xfd7zXZ\0", "an xz archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (
        b"AC10",
        "an AutoCAD drawing (DWG)",
        "save it as DXF, or export its layers in QGIS as GeoPackage",
    ),
    (
        b"AutoCAD Binary DXF",
        "a DXF in binary form",
        "save it as DXF in text form",
    ),
    (b"\x89PNG", "a picture", "ask for the data behind it"),
    (b"\xff\xd8\xff", "a picture", "ask for the data behind it"),
    (b"PAR1", "a Parquet file", AS_GEOPACKAGE),
    (b"!table", "a MapInfo table", AS_GEOPACKAGE),
    (b"!TABLE", "a MapInfo table", AS_GEOPACKAGE),
    (b"\x7fELF", "a program", "choose the data file"),
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
    if path.is_dir() {
        return folder(path);
    }
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD_LENGTH as u64).read_to_end(&mut head))
        .map_err(|cause| unreadable(&cause))?;
    let format = refined(path, by_content(&head)?)?;
    let called = Format::ALL
        .into_iter()
        .find(|each| each.suffixes().contains(&suffix.as_str()));
    match called {
        Some(called) if !called.is_akin_to(format) => Err(error(
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

fn folder(path: &Path) -> Result<Format, Finding> {
    if path.join(GDB_CATALOG).is_file() {
        return Ok(Format::FileGdb);
    }
    Err(unsupported(
        "the folder is no File Geodatabase",
        "name a file, or pack the folder as ZIP",
    ))
}

/// What the first bytes do not tell: what an archive is, and whether JSON goes on behind its first value.
fn refined(path: &Path, format: Format) -> Result<Format, Finding> {
    match format {
        Format::Zip => match contents(path)? {
            Contents::Files => Ok(Format::Zip),
            Contents::Xlsx => Ok(Format::Xlsx),
            Contents::Ods => Ok(Format::Ods),
            Contents::Office(what) => Err(unsupported(
                &format!("the file is {what}"),
                "put the table into a spreadsheet and save it as XLSX",
            )),
        },
        Format::GeoJson if json::is_sequence(path)? => Ok(Format::GeoJsonSeq),
        format => Ok(format),
    }
}

fn contents(path: &Path) -> Result<Contents, Finding> {
    let file = File::open(path).map_err(|cause| unreadable(&cause))?;
    Ok(archive::contents(file))
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
    if head.starts_with(b"fgb\x03fgb") {
        return Ok(Format::FlatGeobuf);
    }
    if TIFF.iter().any(|magic| head.starts_with(magic)) {
        return Ok(Format::GeoTiff);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0") {
        return Ok(Format::Xls);
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
        // The record separator of RFC 8142.
        Some(0x1e) => Ok(Format::GeoJsonSeq),
        Some(b'<') if holds(b"<kml") => Ok(Format::Kml),
        Some(b'<') if holds(b"<gpx") => Ok(Format::Gpx),
        Some(b'<') if holds(b"<osmChange") => Err(unsupported(
            "the file holds changes of OSM, not the data",
            "take an extract, such as .osm.pbf",
        )),
        Some(b'<') if holds(b"<osm") => Ok(Format::OsmXml),
        Some(b'<') if holds(b"<html") || holds(b"<table") => Err(unsupported(
            "the file is a web page, whatever it is called",
            "open it in a spreadsheet program and save the table as XLSX or CSV",
        )),
        Some(b'<') => Err(unsupported(
            "the file is XML, but neither KML nor GPX nor OSM",
            "export it as GeoPackage or KML",
        )),
        Some(_) if text.contains(&0) => Err(unsupported(
            "the file is of no format that is read",
            "export it in QGIS as GeoPackage",
        )),
        Some(_) if is_drawing(text) => Ok(Format::Dxf),
        Some(_) if is_sql(text) => Err(unsupported(
            "the file is an SQL script, which is never run here",
            "load it into a PostgreSQL or MySQL database and export the table from there in QGIS, or ask the supplier for GeoPackage or GeoJSON",
        )),
        Some(_) if is_interchange(text) => {
            Err(unsupported("the file is of MapInfo (MIF)", AS_GEOPACKAGE))
        }
        Some(_) if text.iter().any(|byte| b",;\t|".contains(byte)) => Ok(Format::Csv),
        Some(_) => Err(unsupported(
            "the file is text, but its first lines have no comma, semicolon or tab between cells",
            "save the table as CSV UTF-8 or XLSX",
        )),
    }
}

/// A DXF in text is pairs of lines, a code and a value; comments have the code 999, the first section has 0.
fn is_drawing(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    while let (Some(code), Some(value)) = (lines.next(), lines.next()) {
        match code {
            b"999" => {}
            b"0" => return value == b"SECTION",
            _ => return false,
        }
    }
    false
}

/// No table begins with a comment or a statement.
fn is_sql(text: &[u8]) -> bool {
    const STARTS: [&str; 9] = [
        "--",
        "/*",
        "insert into",
        "create table",
        "create database",
        "drop table",
        "set ",
        "begin;",
        "start transaction",
    ];
    STARTS.iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
    })
}

/// A MIF begins with its version, then says its characters.
fn is_interchange(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| matches!(byte, b'\n' | b'\r'));
    let first = lines.next().unwrap_or_default().to_ascii_lowercase();
    first
        .strip_prefix(b"version ")
        .is_some_and(|version| version.trim_ascii().iter().all(u8::is_ascii_digit))
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
        assert_eq!(
            by_content(b"DAFTAR SEKOLAH\n\nlon;lat\n1;2\n").unwrap(),
            Format::Csv
        );
        assert_eq!(
            by_content(b"<?xml version='1.0'?><gpx version='1.1'>").unwrap(),
            Format::Gpx
        );
        assert_eq!(
            by_content(b"\x1e{\"type\":\"Feature\"").unwrap(),
            Format::GeoJsonSeq
        );
        assert_eq!(
            by_content(b"fgb\x03fgb\x01...").unwrap(),
            Format::FlatGeobuf
        );
        assert_eq!(
            by_content(b"999\nmade by hand\n  0\r\nSECTION\r\n  2\r\nHEADER\r\n").unwrap(),
            Format::Dxf
        );
        assert_eq!(
            by_content(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").unwrap(),
            Format::Xls
        );
        for head in [b"II*\0\x08\0\0\0", b"MM\0+\0\x08\0\0"] {
            assert_eq!(by_content(head).unwrap(), Format::GeoTiff);
        }
    }

    #[test]
    fn what_is_not_read_says_the_way_out() {
        for (head, word, way) in [
            (&b"Rar!\x1a\x07"[..], "RAR", "ZIP"),
            (b"7z\xbc\xaf\x27\x1c", "7z", "ZIP"),
            (b"AC1027", "DWG", "DXF"),
            (b"%PDF-1.7", "PDF", "data behind it"),
            (b"!table\n!version 300\n", "MapInfo", "GeoPackage"),
            (
                b"Version 300\nCharset \"WindowsLatin1\"\nDelimiter \",\"\n",
                "MapInfo",
                "GeoPackage",
            ),
            (
                b"/*\n a dump, of something\n*/\nINSERT INTO x VALUES (1,2);",
                "SQL",
                "GeoPackage",
            ),
            (b"-- phpMyAdmin SQL Dump", "SQL", "GeoPackage"),
            (b"insert into wilayah values (1, 2)", "SQL", "GeoPackage"),
            (b"<table><tr><td>1</td></tr></table>", "web page", "XLSX"),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                "XML",
                "GeoPackage",
            ),
            (b"MZ\x90\0", "program", "data file"),
        ] {
            let refused = by_content(head).unwrap_err();
            assert_eq!(refused.code, FindingCode::FileUnsupported);
            assert!(refused.cause.contains(word), "{}", refused.cause);
            assert!(refused.mend.contains(way), "{}", refused.mend);
        }
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
