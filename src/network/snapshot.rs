//! A network as bytes and back: what `graph build` writes, and what is read instead of building again.
//!
//! All numbers are little-endian. Files may come from anywhere: everything is checked, nothing is trusted.
//!
//! | bytes | meaning |
//! |---|---|
//! | 8 | [`MAGIC`] |
//! | 4 + 4 | [`FORMAT_VERSION`], [`METHOD_VERSION`] |
//! | 32 | SHA-256 of all that follows |
//! | 7 × 4 | how many nodes, edges, pieces, kinds, roads, ferries, bytes of road ids |
//! | 2 × 4 | what was joined, bit by bit: 1 ends, 2 crossings; within how many millimetres, 0 where ends were not |
//! | the rest | the arrays of [`Arrays`] in its order; of road ids the end of each, then their text |

use sha2::{Digest, Sha256};

use super::grid_point::GridPoint;
use super::road_ids::RoadIds;
use super::road_network::{Arrays, id};
use super::{Cost, Joints, Network, RoadAttributes};
use crate::domain::{
    Condition, METHOD_VERSION, Millimetres, Mode, ModeSet, OneWay, RoadClass, SeasonAccess, Surface,
};

const MAGIC: [u8; 8] = *b"JKGRAPH\n";

/// Raised when the layout changes, or the order of a list of words whose positions are written.
const FORMAT_VERSION: u32 = 2;

/// Where the hash stands, and what it covers.
const HASH: std::ops::Range<usize> = 16..48;

/// Why bytes are not a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// They are something else.
    #[error("not a road graph of this program")]
    NotAGraph,
    /// Written by a program that lays it out in another way.
    #[error("a road graph of format {found}, where {FORMAT_VERSION} is read: build it again")]
    OtherFormat {
        /// The format of the bytes.
        found: u32,
    },
    /// Written by a program that counts in another way, so the network would be another one.
    #[error("a road graph built by method {found}, where {METHOD_VERSION} is used: build it again")]
    OtherMethod {
        /// The method of the bytes.
        found: u32,
    },
    /// Not as it was written.
    #[error("the road graph is damaged or cut short")]
    Damaged,
    /// As it was written, but not by [`Network::to_bytes`].
    #[error("the road graph contradicts itself: {what}")]
    Contradiction {
        /// What does not hold.
        what: &'static str,
    },
}

impl Network {
    /// The network as bytes; equal networks give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let content = content(self.arrays());
        let mut bytes = Vec::with_capacity(HASH.end + content.len());
        bytes.extend(MAGIC);
        bytes.extend(FORMAT_VERSION.to_le_bytes());
        bytes.extend(METHOD_VERSION.to_le_bytes());
        bytes.extend(Sha256::digest(&content));
        bytes.extend(content);
        bytes
    }

    /// The network that gave these bytes.
    ///
    /// Takes memory in proportion to the bytes, whatever they say. O(n), without sorting or hashing vertices.
    ///
    /// # Errors
    /// They are not what [`Self::to_bytes`] of this version gives.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut reader = Reader { rest: bytes };
        let is_ours = reader.take(MAGIC.len()).is_ok_and(|magic| magic == MAGIC);
        if !is_ours {
            return Err(SnapshotError::NotAGraph);
        }
        let found = reader.number()?;
        if found != FORMAT_VERSION {
            return Err(SnapshotError::OtherFormat { found });
        }
        let found = reader.number()?;
        if found != METHOD_VERSION {
            return Err(SnapshotError::OtherMethod { found });
        }
        let hash = reader.take(HASH.len())?;
        if Sha256::digest(reader.rest)[..] != *hash {
            return Err(SnapshotError::Damaged);
        }
        let arrays = read_arrays(reader)?;
        check(&arrays)?;
        Ok(Self::new(arrays))
    }
}

fn content(arrays: &Arrays) -> Vec<u8> {
    let Arrays {
        joints,
        n_nodes,
        edge_ends,
        edge_kind,
        edge_first_piece,
        vertices,
        piece_length,
        piece_road,
        kinds,
        road_ids,
        ferry_pieces,
    } = arrays;
    let mut out = Vec::new();
    let mut write = |number: u32| out.extend(number.to_le_bytes());
    write(*n_nodes);
    for length in [
        edge_ends.len(),
        piece_length.len(),
        kinds.len(),
        road_ids.ends().len(),
        ferry_pieces.len(),
        road_ids.text().len(),
    ] {
        write(id(length));
    }
    write(u32::from(joints.ends_within.is_some()) | (u32::from(joints.crossings) << 1));
    write(joints.ends_within.map_or(0, |within| within.0));
    edge_ends.iter().flatten().copied().for_each(&mut write);
    edge_kind.iter().copied().for_each(&mut write);
    edge_first_piece.iter().copied().for_each(&mut write);
    for vertex in vertices {
        for coordinate in vertex.to_pair() {
            write(coordinate.cast_unsigned());
        }
    }
    for length in piece_length {
        write(length.0);
    }
    piece_road.iter().copied().for_each(&mut write);
    for kind in kinds {
        out.extend(kind_bytes(kind));
    }
    for end in road_ids.ends().iter().chain(ferry_pieces) {
        out.extend(end.to_le_bytes());
    }
    out.extend(road_ids.text().as_bytes());
    out
}

const KIND_BYTES: usize = 16;

/// Positions in the lists of words, 0 for unknown; then the signed speed, 0 for none.
fn kind_bytes(kind: &RoadAttributes) -> [u8; KIND_BYTES] {
    fn code<W: PartialEq>(words: &[W], word: Option<W>) -> u8 {
        let position = word.and_then(|word| words.iter().position(|each| *each == word));
        position.map_or(0, |position| {
            u8::try_from(position + 1).expect("lists of words are short")
        })
    }
    let barred = Mode::ALL.iter().enumerate();
    let barred = barred.filter(|(_, mode)| kind.barred.contains(**mode));
    let codes = [
        code(RoadClass::ALL, Some(kind.class)),
        code(Surface::ALL, kind.surface),
        code(Condition::ALL, kind.condition),
        code(OneWay::ALL, Some(kind.one_way)),
        u8::from(kind.is_bridge) | (u8::from(kind.is_tunnel) << 1),
        barred.fold(0, |bits, (position, _)| bits | (1 << position)),
        code(SeasonAccess::ALL, kind.season),
        0,
    ];
    let mut bytes = [0; KIND_BYTES];
    bytes[..8].copy_from_slice(&codes);
    bytes[8..].copy_from_slice(&kind.max_speed_kmh.unwrap_or(0.0).to_le_bytes());
    bytes
}

fn read_kind(bytes: [u8; KIND_BYTES]) -> Option<RoadAttributes> {
    /// None for 0.
    fn word<W: Copy>(words: &[W], code: u8) -> Option<W> {
        words.get(usize::from(code).checked_sub(1)?).copied()
    }
    fn is_code<W>(words: &[W], code: u8) -> bool {
        usize::from(code) <= words.len()
    }
    let [
        class,
        surface,
        condition,
        one_way,
        structure,
        barred,
        season,
        zero,
        speed @ ..,
    ] = bytes;
    let speed = f64::from_le_bytes(speed);
    let is_barred = |position: usize| barred & (1 << position) != 0;
    let modes = (0..8).zip(Mode::ALL.iter().copied());
    let is_known = is_code(Surface::ALL, surface)
        && is_code(Condition::ALL, condition)
        && is_code(SeasonAccess::ALL, season)
        && u32::from(barred) < 1 << Mode::ALL.len()
        && structure < 4
        && zero == 0;
    if !is_known || speed.is_nan() || speed.is_sign_negative() {
        return None;
    }
    Some(RoadAttributes {
        class: word(RoadClass::ALL, class)?,
        surface: word(Surface::ALL, surface),
        condition: word(Condition::ALL, condition),
        one_way: word(OneWay::ALL, one_way)?,
        is_bridge: structure & 1 != 0,
        is_tunnel: structure & 2 != 0,
        barred: modes
            .filter(|(position, _)| is_barred(*position))
            .map(|(_, mode)| mode)
            .collect::<ModeSet>(),
        season: word(SeasonAccess::ALL, season),
        max_speed_kmh: (speed > 0.0).then_some(speed),
    })
}

/// What has not been read yet.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, n_bytes: usize) -> Result<&'a [u8], SnapshotError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(n_bytes)
            .ok_or(SnapshotError::Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    /// So many records of N bytes; the memory for them is there already if there are so many bytes.
    fn records<const N: usize>(
        &mut self,
        n_records: usize,
    ) -> Result<&'a [[u8; N]], SnapshotError> {
        let n_bytes = n_records.checked_mul(N).ok_or(SnapshotError::Damaged)?;
        Ok(self.take(n_bytes)?.as_chunks().0)
    }

    fn numbers(&mut self, n_numbers: u32) -> Result<Vec<u32>, SnapshotError> {
        let records = self.records(n_numbers as usize)?;
        Ok(records.iter().copied().map(u32::from_le_bytes).collect())
    }

    fn pairs(&mut self, n_pairs: u32) -> Result<Vec<[u32; 2]>, SnapshotError> {
        let pairs = self.records(2 * n_pairs as usize)?.as_chunks::<2>().0;
        let to_numbers = |pair: &[[u8; 4]; 2]| pair.map(u32::from_le_bytes);
        Ok(pairs.iter().map(to_numbers).collect())
    }

    fn number(&mut self) -> Result<u32, SnapshotError> {
        Ok(self.numbers(1)?[0])
    }
}

fn read_arrays(mut reader: Reader<'_>) -> Result<Arrays, SnapshotError> {
    let n_nodes = reader.number()?;
    let n_edges = reader.number()?;
    let n_pieces = reader.number()?;
    let n_kinds = reader.number()?;
    let n_roads = reader.number()?;
    let n_ferries = reader.number()?;
    let n_text_bytes = reader.number()?;
    let joints = joints(reader.number()?, reader.number()?);
    // Positions among vertices and incidences are counted in 32 bits too.
    let n_vertices = n_pieces.checked_add(n_edges);
    let (Some(n_vertices), Some(_)) = (n_vertices, n_edges.checked_mul(2)) else {
        return Err(SnapshotError::Damaged);
    };
    let edge_ends = reader.pairs(n_edges)?;
    let edge_kind = reader.numbers(n_edges)?;
    let edge_first_piece = reader.numbers(n_edges + 1)?;
    let vertices = reader.pairs(n_vertices)?;
    let piece_length = reader.numbers(n_pieces)?;
    let piece_road = reader.numbers(n_pieces)?;
    let kinds = reader.records(n_kinds as usize)?;
    let road_ends = reader.numbers(n_roads)?;
    let ferry_pieces = reader.numbers(n_ferries)?;
    let text = std::str::from_utf8(reader.take(n_text_bytes as usize)?);
    if !reader.rest.is_empty() {
        return Err(SnapshotError::Damaged);
    }
    let to_point = |pair: [u32; 2]| GridPoint::parse(pair.map(u32::cast_signed));
    let vertices: Option<Vec<GridPoint>> = vertices.into_iter().map(to_point).collect();
    let kinds: Option<Vec<RoadAttributes>> = kinds.iter().copied().map(read_kind).collect();
    let road_ids = text.ok().and_then(|text| RoadIds::parse(text, road_ends));
    Ok(Arrays {
        joints: joints.ok_or(contradiction("it was joined in a way that does not exist"))?,
        n_nodes,
        edge_ends,
        edge_kind,
        edge_first_piece,
        vertices: vertices.ok_or(contradiction("a vertex is not on the earth"))?,
        piece_length: piece_length.into_iter().map(Millimetres).collect(),
        piece_road,
        kinds: kinds.ok_or(contradiction("a road has attributes that do not exist"))?,
        road_ids: road_ids.ok_or(contradiction("ids of roads are not in order"))?,
        ferry_pieces,
    })
}

fn joints(bits: u32, ends_within_mm: u32) -> Option<Joints> {
    let are_ends_joined = bits & 1 != 0;
    let is_known = bits < 4 && (are_ends_joined || ends_within_mm == 0);
    is_known.then_some(Joints {
        ends_within: are_ends_joined.then_some(Millimetres(ends_within_mm)),
        crossings: bits & 2 != 0,
    })
}

fn contradiction(what: &'static str) -> SnapshotError {
    SnapshotError::Contradiction { what }
}

/// Whether arrays whose lengths fit each other hold what [`Arrays`] says.
fn check(arrays: &Arrays) -> Result<(), SnapshotError> {
    let all_below = |numbers: &[u32], limit: usize| {
        let limit = id(limit);
        numbers.iter().all(|number| *number < limit)
    };
    let is_rising = |numbers: &[u32]| numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let first_piece = &arrays.edge_first_piece;
    let n_pieces = arrays.piece_length.len();
    let are_runs = first_piece.first() == Some(&0)
        && first_piece.last() == Some(&id(n_pieces))
        && is_rising(first_piece);
    let lengths = 1..=Cost::LARGEST;
    let rules = [
        (
            all_below(&arrays.edge_kind, arrays.kinds.len()),
            "an edge has no attributes",
        ),
        (are_runs, "an edge has no pieces"),
        (
            all_below(&arrays.piece_road, arrays.road_ids.ends().len()),
            "a piece has no road",
        ),
        (
            arrays
                .piece_length
                .iter()
                .all(|length| lengths.contains(&length.0)),
            "a piece has no length",
        ),
        (
            is_rising(&arrays.ferry_pieces) && all_below(&arrays.ferry_pieces, n_pieces),
            "a ferry has no piece",
        ),
        (
            arrays.edge_ends.is_sorted() && arrays.edge_ends.iter().all(|ends| ends[0] <= ends[1]),
            "edges are not in order",
        ),
    ];
    if let Some((_, what)) = rules.iter().find(|(holds, _)| !holds) {
        return Err(contradiction(what));
    }
    check_places(arrays)
}

/// Whether every node has one place, and every piece two.
fn check_places(arrays: &Arrays) -> Result<(), SnapshotError> {
    let n_nodes = arrays.n_nodes as usize;
    if n_nodes > 2 * arrays.edge_ends.len() {
        return Err(contradiction("a node has no edge"));
    }
    let mut places: Vec<Option<GridPoint>> = vec![None; n_nodes];
    for (edge, ends) in arrays.edge_ends.iter().enumerate() {
        let pieces = arrays.edge_first_piece[edge]..arrays.edge_first_piece[edge + 1];
        let line = &arrays.vertices[pieces.start as usize + edge..=pieces.end as usize + edge];
        if line.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(contradiction("a piece has no length"));
        }
        for (node, place) in ends.iter().zip([line[0], line[line.len() - 1]]) {
            let known = places.get_mut(*node as usize);
            let known = known.ok_or(contradiction("an edge has no node"))?;
            if *known.get_or_insert(place) != place {
                return Err(contradiction("a node has two places"));
            }
        }
    }
    if places.contains(&None) {
        return Err(contradiction("a node has no edge"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{CrossingKind, LonLat};
    use crate::network::{
        Barriers, BuildOptions, CrossingPoint, Profiles, RoadSegment, SnapChoice, Travel, Weights,
        build,
    };

    fn at(east_steps: u32, north_steps: u32) -> LonLat {
        let [lon, lat] = [east_steps, north_steps].map(|steps| f64::from(steps) * 0.001);
        LonLat::parse(102.0 + lon, -2.0 + lat).unwrap()
    }

    /// A network with some of everything.
    fn network() -> Network {
        let road = |number: u32, line: &[LonLat]| RoadSegment {
            id: format!("jalan é {number}"),
            line: line.to_vec(),
            road: RoadAttributes {
                class: RoadClass::ALL[number as usize % RoadClass::ALL.len()],
                surface: [None, Some(Surface::Earth)][number as usize % 2],
                condition: [None, Some(Condition::VeryPoor)][number as usize % 2],
                one_way: OneWay::ALL[number as usize % 3],
                is_bridge: number.is_multiple_of(2),
                is_tunnel: number.is_multiple_of(3),
                barred: Mode::ALL.iter().copied().skip(number as usize).collect(),
                season: [None, Some(SeasonAccess::Closed)][number as usize % 2],
                max_speed_kmh: (number > 3).then(|| f64::from(number)),
            },
        };
        let mut roads = Vec::new();
        for number in 0..6 {
            roads.push(road(
                number,
                &[at(number, 0), at(number, 1), at(number + 1, 2)],
            ));
            roads.push(road(number, &[at(number, 0), at(number + 1, 0)]));
        }
        roads.push(road(7, &[at(9, 9), at(9, 8), at(8, 8), at(9, 9)]));
        let ferry = CrossingPoint {
            kind: CrossingKind::Ferry,
            season: SeasonAccess::Dry,
            place: at(9, 8),
        };
        build(&roads, &[ferry], &BuildOptions::default()).0
    }

    /// With a hash that fits, so that the checks behind it are tried.
    fn with_hash(mut bytes: Vec<u8>) -> Vec<u8> {
        let hash = Sha256::digest(&bytes[HASH.end..]);
        bytes[HASH].copy_from_slice(&hash);
        bytes
    }

    /// Uses everything that positions in a network lead to.
    fn travel_everywhere(network: Network) {
        let network = std::sync::Arc::new(network);
        for profile in [Mode::Foot, Mode::Motorcycle] {
            let profiles = Profiles::built_in();
            let season = crate::domain::Season::Dry;
            let weights = Weights::new(&network, profiles.profile(profile).unwrap(), season);
            let travel = Travel::new(
                std::sync::Arc::clone(&network),
                std::sync::Arc::new(weights),
                std::sync::Arc::new(Barriers::new(&[])),
                crate::domain::Metric::Time,
                SnapChoice::Best,
            );
            travel.visit_candidates(at(3, 1), u32::MAX, |candidate, _| {
                let n_ways = travel
                    .departures(candidate.edge, candidate.position)
                    .count();
                assert!(n_ways <= 2);
                u32::MAX
            });
        }
        for node in 0..network.n_nodes() {
            network.node_place(node);
        }
        for piece in 0..network.n_pieces() {
            network.road_id(piece);
        }
    }

    #[test]
    fn a_network_is_read_back_as_it_was() {
        for network in [network(), build(&[], &[], &BuildOptions::default()).0] {
            let bytes = network.to_bytes();
            let read = Network::from_bytes(&bytes).unwrap();
            assert_eq!(read, network);
            assert_eq!(read.to_bytes(), bytes);
        }
    }

    #[test]
    fn what_was_joined_is_read_back() {
        for (join_ends_within_m, join_crossings) in [
            (None, false),
            (None, true),
            (Some(0.0), false),
            (Some(7.5), true),
        ] {
            let options = BuildOptions {
                join_ends_within_m,
                join_crossings,
            };
            let bytes = build(&[], &[], &options).0.to_bytes();
            let joints = Joints {
                ends_within: join_ends_within_m.map(Millimetres::from_metres),
                crossings: join_crossings,
            };
            assert_eq!(Network::from_bytes(&bytes).unwrap().joints(), joints);
        }
        let bytes = build(&[], &[], &BuildOptions::default()).0.to_bytes();
        for (position, byte) in [(0, 4), (4, 1)] {
            let mut bytes = bytes.clone();
            bytes[HASH.end + 7 * 4 + position] = byte;
            let refused = Network::from_bytes(&with_hash(bytes)).unwrap_err();
            assert!(matches!(refused, SnapshotError::Contradiction { .. }));
        }
    }

    #[test]
    fn other_formats_methods_and_files_are_told_apart() {
        let bytes = network().to_bytes();
        let with = |position: usize, byte: u8| {
            let mut bytes = bytes.clone();
            bytes[position] = byte;
            Network::from_bytes(&bytes)
        };
        assert_eq!(with(0, b'X'), Err(SnapshotError::NotAGraph));
        assert_eq!(with(8, 1), Err(SnapshotError::OtherFormat { found: 1 }));
        assert_eq!(with(8, 99), Err(SnapshotError::OtherFormat { found: 99 }));
        assert_eq!(with(12, 99), Err(SnapshotError::OtherMethod { found: 99 }));
        assert_eq!(Network::from_bytes(b""), Err(SnapshotError::NotAGraph));
    }

    #[test]
    fn the_positions_of_words_are_those_of_the_format_version() {
        let words = [
            RoadClass::ALL
                .iter()
                .map(|word| word.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            Surface::ALL
                .iter()
                .map(|word| word.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            Condition::ALL
                .iter()
                .map(|word| word.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            OneWay::ALL
                .iter()
                .map(|word| word.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            SeasonAccess::ALL
                .iter()
                .map(|word| word.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            Mode::ALL
                .iter()
                .map(|word| word.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        ];
        assert_eq!(
            (FORMAT_VERSION, words.join("\n").as_str()),
            (
                2,
                "motorway trunk primary secondary tertiary unclassified residential living_street \
                 service track path footway pedestrian steps cycleway bridleway road ferry unusable\n\
                 paved gravel earth\n\
                 good fair poor very_poor\n\
                 no yes -1\n\
                 all dry wet none\n\
                 foot bicycle motorcycle car ambulance"
            ),
            "another list needs another FORMAT_VERSION"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn changed_or_cut_bytes_are_refused(
            position in any::<prop::sample::Index>(),
            change in 1..=u8::MAX,
            n_kept in any::<prop::sample::Index>(),
        ) {
            let bytes = network().to_bytes();
            let mut changed = bytes.clone();
            changed[position.index(bytes.len())] ^= change;
            prop_assert!(Network::from_bytes(&changed).is_err());
            prop_assert!(Network::from_bytes(&bytes[..n_kept.index(bytes.len())]).is_err());
        }

        #[test]
        fn bytes_with_a_hash_that_fits_are_refused_or_can_be_travelled(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let mut bytes = network().to_bytes();
            let n_content_bytes = bytes.len() - HASH.end;
            for (position, byte) in changes {
                bytes[HASH.end + position.index(n_content_bytes)] = byte;
            }
            if let Ok(network) = Network::from_bytes(&with_hash(bytes)) {
                travel_everywhere(network);
            }
        }

        #[test]
        fn numbers_with_a_hash_that_fits_are_refused_or_can_be_travelled(
            position in any::<prop::sample::Index>(),
            number in prop_oneof![0_u32..40, (u32::MAX - 40)..=u32::MAX],
        ) {
            let mut bytes = network().to_bytes();
            let n_numbers = (bytes.len() - HASH.end) / 4;
            let start = HASH.end + 4 * position.index(n_numbers);
            bytes[start..start + 4].copy_from_slice(&number.to_le_bytes());
            if let Ok(network) = Network::from_bytes(&with_hash(bytes)) {
                travel_everywhere(network);
            }
        }
    }
}
