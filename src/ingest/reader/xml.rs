//! A look through a KML or GPX before GDAL sees it: no document type, no entities, not too deep.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;

use super::unreadable;

/// Elements inside one another. Google Earth's own folders reach about ten.
const MAX_DEPTH: u32 = 64;

/// Refuses what could make a parser follow, expand or recurse; gives the number of links to other files, which are
/// never followed.
///
/// # Errors
/// A declaration (`<!DOCTYPE`, `<!ENTITY`), elements more than [`MAX_DEPTH`] deep, or a file that cannot be read.
pub(super) fn check(path: &Path) -> Result<u64, Finding> {
    let file = File::open(path).map_err(|cause| unreadable(&cause))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut scan = Scan::default();
    loop {
        let bytes = reader.fill_buf().map_err(|cause| unreadable(&cause))?;
        if bytes.is_empty() {
            return Ok(scan.n_links);
        }
        for byte in bytes {
            scan.take(*byte)?;
        }
        let n_bytes = bytes.len();
        reader.consume(n_bytes);
    }
}

/// Where in the document the scan is.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum At {
    #[default]
    Text,
    /// After `<`.
    Opening,
    /// After `<!`, with the bytes that follow.
    Declaration,
    Comment,
    CharacterData,
    Instruction,
    /// Inside `<name …`, outside quotes.
    Start,
    /// Inside an attribute's value.
    Quoted(u8),
    /// Inside `</name`.
    End,
}

#[derive(Default)]
struct Scan {
    at: At,
    depth: u32,
    /// The last two bytes, newest first.
    last: [u8; 2],
    /// What follows `<!`, or `<` as far as a link is told by it.
    word: Vec<u8>,
    /// Elements that say where more is to be fetched.
    n_links: u64,
}

/// The element of KML that is a link to another KML.
const LINK: &[u8] = b"NetworkLink";

impl Scan {
    fn take(&mut self, byte: u8) -> Result<(), Finding> {
        self.at = match (self.at, byte) {
            (At::Text, b'<') => At::Opening,
            (At::Opening, b'!') => {
                self.word.clear();
                At::Declaration
            }
            (At::Opening, b'?') => At::Instruction,
            (At::Opening, b'/') => At::End,
            (At::Opening, _) => {
                self.word.clear();
                self.name(byte);
                At::Start
            }
            (At::Declaration, _) => self.declaration(byte)?,
            (At::Comment, b'>') if self.last == *b"--" => At::Text,
            (At::CharacterData, b'>') if self.last == *b"]]" => At::Text,
            (At::Instruction, b'>') if self.last[0] == b'?' => At::Text,
            (At::Start, b'"' | b'\'') => At::Quoted(byte),
            (At::Quoted(quote), _) if byte == quote => At::Start,
            (At::Start, b'>') => {
                self.name(byte);
                if self.last[0] != b'/' {
                    self.deeper()?;
                }
                At::Text
            }
            (At::End, b'>') => {
                self.depth = self.depth.saturating_sub(1);
                At::Text
            }
            (At::Start, _) => {
                self.name(byte);
                At::Start
            }
            (at, _) => at,
        };
        self.last = [byte, self.last[0]];
        Ok(())
    }

    /// Takes a byte of an element's name, or what follows it.
    fn name(&mut self, byte: u8) {
        let is_of_name = byte.is_ascii_alphanumeric();
        if self.word == LINK && !is_of_name {
            self.n_links += 1;
        }
        if self.word.len() <= LINK.len() {
            self.word.push(byte);
        }
    }

    fn declaration(&mut self, byte: u8) -> Result<At, Finding> {
        self.word.push(byte);
        if self.word == b"--" {
            Ok(At::Comment)
        } else if self.word == b"[CDATA[" {
            Ok(At::CharacterData)
        } else if b"--".starts_with(&self.word) || b"[CDATA[".starts_with(&self.word) {
            Ok(At::Declaration)
        } else {
            Err(error(
                FindingCode::FileUnsupported,
                "the XML declares a document type or entities, which are never expanded",
                "export the layer again from Google Earth or QGIS",
            ))
        }
    }

    fn deeper(&mut self) -> Result<(), Finding> {
        self.depth += 1;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        Err(error(
            FindingCode::ParseLimit,
            format!("elements are more than {MAX_DEPTH} deep inside one another"),
            "move the placemarks out of their folders",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Result<(), Finding> {
        let mut scan = Scan::default();
        text.bytes().try_for_each(|byte| scan.take(byte))
    }

    #[test]
    fn an_entity_is_refused_and_a_mention_of_it_is_not() {
        let refused =
            scan("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><kml/>").unwrap_err();
        assert_eq!(refused.code, FindingCode::FileUnsupported);
        scan("<kml><!-- <!DOCTYPE --><a b='<!x'/><![CDATA[<!DOCTYPE]]></kml>").unwrap();
    }

    #[test]
    fn links_are_counted_and_their_like_are_not() {
        let mut counted = Scan::default();
        "<kml><NetworkLink><Link/></NetworkLink><NetworkLink a='b'/><NetworkLink\n/><NetworkLinkControl/><a b='<NetworkLink>'/></kml>"
            .bytes()
            .try_for_each(|byte| counted.take(byte))
            .unwrap();
        assert_eq!(counted.n_links, 3);
    }

    #[test]
    fn depth_is_counted_and_width_is_not() {
        scan(&"<a><b/></a>".repeat(1000)).unwrap();
        let refused = scan(&"<Folder>".repeat(65)).unwrap_err();
        assert_eq!(refused.code, FindingCode::ParseLimit);
        scan(&"<Folder>".repeat(64)).unwrap();
    }
}
