//! OSM's PBF: blobs of protocol buffers, each at most 32 MiB when inflated.
//!
//! Reference: OpenStreetMap wiki, "PBF Format", with `fileformat.proto` and `osmformat.proto` of Osmosis.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;
use crate::ingest::reader::{Stop, unreadable};

use super::element::{Element, Identity, Node, Place, Relation, Tags, Wanted, Way};
use super::wire::{Broken, Fields, Packed, Sums, Value};
use super::{MAX_NODES_OF_WAY, Visit, too_many_nodes};

/// The largest header of a blob that the format allows.
const MAX_HEADER_BYTES: u64 = 64 * 1024;

/// The largest blob that the format allows, packed or inflated.
const MAX_BLOB_BYTES: u64 = 32 * 1024 * 1024;

/// Nanodegrees in a unit of 1e-7°.
const NANODEGREES_PER_UNIT: i128 = 100;

/// What a file may ask of whoever reads it.
const KNOWN_FEATURES: [&[u8]; 3] = [
    b"OsmSchema-V0.6",
    b"DenseNodes",
    // Several versions of an element: the highest counts.
    b"HistoricalInformation",
];

/// Reads a file from its start and hands every wanted element to `visit`.
///
/// # Errors
/// The file is broken or asks for what is not known, or `visit` stops.
pub(super) fn read(mut file: impl Read, wanted: Wanted, visit: Visit<'_>) -> Result<(), Stop> {
    let mut offset = 0;
    let mut blob = Vec::new();
    let mut block = Vec::new();
    while let Some(header) = blob_header(&mut file, offset)? {
        read_exactly(&mut file, header.n_bytes, &mut blob).map_err(|cause| cause.at(offset))?;
        match header.kind.as_slice() {
            b"OSMHeader" => {
                inflate(&blob, &mut block).map_err(|cause| cause.at(offset))?;
                check_features(&block).map_err(|cause| cause.at(offset))?;
            }
            b"OSMData" => {
                inflate(&blob, &mut block).map_err(|cause| cause.at(offset))?;
                read_block(&block, wanted, visit).map_err(|cause| cause.at(offset))?;
            }
            // The format asks to pass over kinds that one does not know.
            _ => {}
        }
        offset += 4 + header.n_header_bytes + header.n_bytes;
    }
    Ok(())
}

/// Why a blob cannot be read.
enum Trouble {
    Broken(&'static str),
    TooLarge,
    Unsupported(String),
    Io(io::Error),
    Stop(Stop),
}

impl From<Broken> for Trouble {
    fn from(_: Broken) -> Self {
        Self::Broken("a message is not complete")
    }
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl Trouble {
    fn at(self, offset: u64) -> Stop {
        let finding = match self {
            Self::Stop(stop) => return stop,
            Self::Io(cause) => unreadable(&cause),
            Self::Broken(what) => broken(offset, what),
            Self::TooLarge => error(
                FindingCode::ParseLimit,
                format!(
                    "the block at byte {offset} is larger than the 32 MiB that the format allows"
                ),
                "write the file again with osmium cat, or get it again from its source",
            ),
            Self::Unsupported(what) => error(
                FindingCode::FileUnsupported,
                what,
                "write the file again with osmium cat in.osm.pbf -o out.osm.pbf, without extra options",
            ),
        };
        finding.into()
    }
}

fn broken(offset: u64, what: &str) -> Finding {
    error(
        FindingCode::FileUnreadable,
        format!("the file is damaged or cut off at byte {offset}: {what}"),
        "get it again from its source and compare its size or checksum",
    )
}

struct BlobHeader {
    kind: Vec<u8>,
    n_header_bytes: u64,
    n_bytes: u64,
}

/// The header of the next blob; none at the end of the file.
fn blob_header(file: &mut impl Read, offset: u64) -> Result<Option<BlobHeader>, Stop> {
    let mut length = Vec::new();
    file.take(4)
        .read_to_end(&mut length)
        .map_err(|cause| Trouble::Io(cause).at(offset))?;
    let length: [u8; 4] = match (length.len(), length.try_into()) {
        (0, _) => return Ok(None),
        (_, Ok(length)) => length,
        (_, Err(_)) => return Err(broken(offset, "it ends within a length").into()),
    };
    let n_header_bytes = u64::from(u32::from_be_bytes(length));
    if n_header_bytes > MAX_HEADER_BYTES {
        return Err(broken(offset, "the header of a block is longer than 64 KiB").into());
    }
    let header = parse_header(file, n_header_bytes).map_err(|cause| cause.at(offset))?;
    Ok(Some(header))
}

fn parse_header(file: &mut impl Read, n_header_bytes: u64) -> Result<BlobHeader, Trouble> {
    let mut bytes = Vec::new();
    read_exactly(file, n_header_bytes, &mut bytes)?;
    let mut kind = Vec::new();
    let mut n_bytes = None;
    for field in Fields::of(&bytes) {
        match field? {
            (1, value) => kind = value.bytes()?.to_vec(),
            (3, value) => n_bytes = Some(value.int()?),
            _ => {}
        }
    }
    let n_bytes = n_bytes.ok_or(Trouble::Broken("a block does not say how long it is"))?;
    let n_bytes = u64::try_from(n_bytes)
        .map_err(|_cause| Trouble::Broken("a block has a negative length"))?;
    if n_bytes > MAX_BLOB_BYTES {
        return Err(Trouble::TooLarge);
    }
    Ok(BlobHeader {
        kind,
        n_header_bytes,
        n_bytes,
    })
}

/// Fills `bytes`; a length that is not true costs no memory.
fn read_exactly(file: &mut impl Read, n_bytes: u64, bytes: &mut Vec<u8>) -> Result<(), Trouble> {
    bytes.clear();
    let n_read = file.take(n_bytes).read_to_end(bytes).map_err(Trouble::Io)?;
    if n_read as u64 == n_bytes {
        Ok(())
    } else {
        Err(Trouble::Broken("it ends within a block"))
    }
}

/// Fills `block` with what a blob holds.
fn inflate(blob: &[u8], block: &mut Vec<u8>) -> Result<(), Trouble> {
    block.clear();
    for field in Fields::of(blob) {
        match field? {
            (1, value) => {
                block.clear();
                block.extend_from_slice(value.bytes()?);
            }
            (3, value) => {
                block.clear();
                // One byte more than may be tells whether there is more.
                ZlibDecoder::new(value.bytes()?)
                    .take(MAX_BLOB_BYTES + 1)
                    .read_to_end(block)
                    .map_err(|_cause| Trouble::Broken("a block does not inflate"))?;
                if block.len() as u64 > MAX_BLOB_BYTES {
                    return Err(Trouble::TooLarge);
                }
            }
            (4..=7, _) => {
                return Err(Trouble::Unsupported(
                    "the file is packed with LZMA, bzip2, LZ4 or zstd inside, which is not read"
                        .to_owned(),
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_features(block: &[u8]) -> Result<(), Trouble> {
    for field in Fields::of(block) {
        if let (4, value) = field? {
            let feature = value.bytes()?;
            if !KNOWN_FEATURES.contains(&feature) {
                return Err(Trouble::Unsupported(format!(
                    "the file needs `{}`, which is not known",
                    String::from_utf8_lossy(feature)
                )));
            }
        }
    }
    Ok(())
}

/// A block while it is read.
struct Block<'a> {
    strings: Vec<&'a [u8]>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

fn read_block(bytes: &[u8], wanted: Wanted, visit: Visit<'_>) -> Result<(), Trouble> {
    let mut block = Block {
        strings: Vec::new(),
        granularity: 100,
        lat_offset: 0,
        lon_offset: 0,
    };
    let mut groups = Vec::new();
    for field in Fields::of(bytes) {
        match field? {
            (1, value) => {
                for string in Fields::of(value.bytes()?) {
                    if let (1, string) = string? {
                        block.strings.push(string.bytes()?);
                    }
                }
            }
            (2, value) => groups.push(value.bytes()?),
            (17, value) => block.granularity = value.int()?,
            (19, value) => block.lat_offset = value.int()?,
            (20, value) => block.lon_offset = value.int()?,
            _ => {}
        }
    }
    for group in groups {
        for field in Fields::of(group) {
            match field? {
                (1, node) if wanted.nodes => visit(Element::Node(block.node(node.bytes()?)?))?,
                (2, nodes) if wanted.nodes => block.dense_nodes(nodes.bytes()?, visit)?,
                (3, way) if wanted.ways => visit(Element::Way(block.way(way.bytes()?)?))?,
                (4, relation) if wanted.relations => {
                    visit(Element::Relation(block.relation(relation.bytes()?)?))?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

impl<'a> Block<'a> {
    fn node(&self, bytes: &'a [u8]) -> Result<Node<'a>, Trouble> {
        let mut shared = Shared::default();
        let (mut lon, mut lat) = (0, 0);
        for field in Fields::of(bytes) {
            match field? {
                (1, value) => shared.id = value.sint()?,
                (8, value) => lat = value.sint()?,
                (9, value) => lon = value.sint()?,
                (number, value) => shared.take(number, value)?,
            }
        }
        Ok(Node {
            identity: shared.identity(),
            place: self.place(lon, lat),
            tags: self.tags(shared.keys, shared.values)?,
        })
    }

    fn dense_nodes(&self, bytes: &'a [u8], visit: Visit<'_>) -> Result<(), Trouble> {
        let mut lists = [const { Packed::EMPTY }; 4];
        let mut info: &[u8] = &[];
        for field in Fields::of(bytes) {
            match field? {
                (1, value) => lists[0] = Packed::of(value)?,
                (5, value) => info = value.bytes()?,
                (8, value) => lists[1] = Packed::of(value)?,
                (9, value) => lists[2] = Packed::of(value)?,
                (10, value) => lists[3] = Packed::of(value)?,
                _ => {}
            }
        }
        let [ids, lats, lons, mut keys_and_values] = lists;
        let (mut lats, mut lons) = (Sums::of(lats), Sums::of(lons));
        let (mut versions, mut visibles) = (Packed::EMPTY, Packed::EMPTY);
        for field in Fields::of(info) {
            match field? {
                (1, value) => versions = Packed::of(value)?,
                (6, value) => visibles = Packed::of(value)?,
                _ => {}
            }
        }
        for id in Sums::of(ids) {
            let (Some(lat), Some(lon)) = (lats.next(), lons.next()) else {
                return Err(Trouble::Broken("a node has no place"));
            };
            let node = Node {
                identity: Identity {
                    id: id?,
                    version: versions.take().transpose()?.map_or(0, version),
                    is_visible: visibles.take().transpose()? != Some(0),
                },
                place: self.place(lon?, lat?),
                tags: self.dense_tags(&mut keys_and_values)?,
            };
            visit(Element::Node(node))?;
        }
        Ok(())
    }

    /// The tags of the next dense node: pairs of indices, ended by 0; an empty list where no node has tags.
    fn dense_tags(&self, keys_and_values: &mut Packed<'a>) -> Result<Tags<'a>, Trouble> {
        let mut tags = Tags::default();
        while let Some(key) = keys_and_values.take() {
            let key = key?;
            if key == 0 {
                break;
            }
            let value = keys_and_values
                .take()
                .ok_or(Trouble::Broken("a key has no value"))??;
            tags.0.push((self.string(key)?, self.string(value)?));
        }
        Ok(tags)
    }

    fn way(&self, bytes: &'a [u8]) -> Result<Way<'a>, Trouble> {
        let mut shared = Shared::default();
        let mut lists = [const { Packed::EMPTY }; 3];
        for field in Fields::of(bytes) {
            match field? {
                (1, value) => shared.id = value.int()?,
                (8, value) => lists[0] = Packed::of(value)?,
                (9, value) => lists[1] = Packed::of(value)?,
                (10, value) => lists[2] = Packed::of(value)?,
                (number, value) => shared.take(number, value)?,
            }
        }
        let [nodes, lats, lons] = lists;
        let has_places = !lats.is_empty();
        let nodes = Sums::of(nodes)
            .take(MAX_NODES_OF_WAY + 1)
            .collect::<Result<Vec<_>, _>>()?;
        if nodes.len() > MAX_NODES_OF_WAY {
            return Err(Trouble::Stop(too_many_nodes(shared.id).into()));
        }
        let mut places = Vec::new();
        if has_places {
            let (mut lats, mut lons) = (Sums::of(lats), Sums::of(lons));
            for _ in &nodes {
                let (Some(lat), Some(lon)) = (lats.next(), lons.next()) else {
                    return Err(Trouble::Broken("a node of a way has no place"));
                };
                places.push(self.place(lon?, lat?));
            }
        }
        Ok(Way {
            identity: shared.identity(),
            tags: self.tags(shared.keys, shared.values)?,
            nodes,
            places,
        })
    }

    fn relation(&self, bytes: &'a [u8]) -> Result<Relation<'a>, Trouble> {
        let mut shared = Shared::default();
        for field in Fields::of(bytes) {
            match field? {
                (1, value) => shared.id = value.int()?,
                (number, value) => shared.take(number, value)?,
            }
        }
        Ok(Relation {
            identity: shared.identity(),
            tags: self.tags(shared.keys, shared.values)?,
        })
    }

    fn tags(&self, mut keys: Packed<'a>, mut values: Packed<'a>) -> Result<Tags<'a>, Trouble> {
        let mut tags = Tags::default();
        while let Some(key) = keys.take() {
            let value = values
                .take()
                .ok_or(Trouble::Broken("a key has no value"))??;
            tags.0.push((self.string(key?)?, self.string(value)?));
        }
        Ok(tags)
    }

    /// A text of the block; bytes that are no UTF-8 are replaced.
    fn string(&self, index: u64) -> Result<Cow<'a, str>, Trouble> {
        let bytes = usize::try_from(index)
            .ok()
            .and_then(|index| self.strings.get(index));
        let bytes = *bytes.ok_or(Trouble::Broken("a text is not in its table"))?;
        Ok(String::from_utf8_lossy(bytes))
    }

    fn place(&self, lon: i64, lat: i64) -> Option<Place> {
        let unit = |offset: i64, value: i64| {
            // At most 2^63 + 2^126, far inside 128 bits.
            let nanodegrees = i128::from(offset) + i128::from(self.granularity) * i128::from(value);
            let half = NANODEGREES_PER_UNIT / 2;
            i64::try_from((nanodegrees + half).div_euclid(NANODEGREES_PER_UNIT)).ok()
        };
        Place::parse(unit(self.lon_offset, lon)?, unit(self.lat_offset, lat)?)
    }
}

/// What elements that are not dense have in common.
struct Shared<'a> {
    id: i64,
    version: u32,
    is_visible: bool,
    keys: Packed<'a>,
    values: Packed<'a>,
}

impl Default for Shared<'_> {
    fn default() -> Self {
        Self {
            id: 0,
            version: 0,
            is_visible: true,
            keys: Packed::EMPTY,
            values: Packed::EMPTY,
        }
    }
}

impl<'a> Shared<'a> {
    fn take(&mut self, number: u64, value: Value<'a>) -> Result<(), Broken> {
        match number {
            2 => self.keys = Packed::of(value)?,
            3 => self.values = Packed::of(value)?,
            4 => {
                for field in Fields::of(value.bytes()?) {
                    match field? {
                        (1, value) => self.version = version(value.int()?.cast_unsigned()),
                        (6, value) => self.is_visible = value.int()? != 0,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn identity(&self) -> Identity {
        Identity {
            id: self.id,
            version: self.version,
            is_visible: self.is_visible,
        }
    }
}

/// A version; the format writes −1 where it is not known.
fn version(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
