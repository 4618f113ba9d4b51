//! The bytes of an OSM file, from its start as often as they are wanted.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::ingest::limits::Limits;
use crate::ingest::reader::format::Format;
use crate::ingest::reader::{Stop, unreadable};

use super::element::Wanted;
use super::{Visit, pbf, xml};

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Pbf,
    Xml,
    GzippedXml,
}

impl Packing {
    /// The packing of a format, if it is OSM's.
    pub(super) fn of(format: Format) -> Option<Self> {
        match format {
            Format::OsmPbf => Some(Self::Pbf),
            Format::OsmXml => Some(Self::Xml),
            Format::OsmGzip => Some(Self::GzippedXml),
            _ => None,
        }
    }
}

/// An OSM file.
pub(super) struct Source<'a> {
    bytes: Bytes<'a>,
    packing: Packing,
    limits: &'a Limits,
}

enum Bytes<'a> {
    File(&'a Path),
    Memory(&'a [u8]),
}

impl<'a> Source<'a> {
    pub(super) fn file(path: &'a Path, packing: Packing, limits: &'a Limits) -> Self {
        Self {
            bytes: Bytes::File(path),
            packing,
            limits,
        }
    }

    pub(super) fn memory(bytes: &'a [u8], packing: Packing, limits: &'a Limits) -> Self {
        Self {
            bytes: Bytes::Memory(bytes),
            packing,
            limits,
        }
    }

    /// Reads the file from its start and hands every wanted element to `visit`.
    ///
    /// # Errors
    /// The file is refused, or `visit` stops.
    pub(super) fn read(&self, wanted: Wanted, visit: Visit<'_>) -> Result<(), Stop> {
        match self.bytes {
            Bytes::Memory(bytes) => self.unpack(bytes, bytes.len() as u64, wanted, visit),
            Bytes::File(path) => {
                let file = File::open(path).map_err(|cause| unreadable(&cause))?;
                let n_bytes = file.metadata().map_err(|cause| unreadable(&cause))?.len();
                let file = BufReader::with_capacity(1 << 16, file);
                self.unpack(file, n_bytes, wanted, visit)
            }
        }
    }

    fn unpack(
        &self,
        packed: impl BufRead,
        n_bytes: u64,
        wanted: Wanted,
        visit: Visit<'_>,
    ) -> Result<(), Stop> {
        match self.packing {
            Packing::Pbf => pbf::read(packed, wanted, visit),
            Packing::Xml => xml::read(packed, wanted, visit),
            Packing::GzippedXml => {
                let capped = Capped {
                    from: MultiGzDecoder::new(packed),
                    n_left: self.limits.inflated(n_bytes),
                };
                xml::read(BufReader::with_capacity(1 << 16, capped), wanted, visit)
            }
        }
    }
}

/// What may still be inflated; one byte more is [`ErrorKind::FileTooLarge`].
struct Capped<R> {
    from: R,
    n_left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.from.read(buffer)?;
        self.n_left = self
            .n_left
            .checked_sub(n_read as u64)
            .ok_or(ErrorKind::FileTooLarge)?;
        Ok(n_read)
    }
}
