//! Any roads as a network: built without a panic, the same whatever the order, weighed for every mode, written and read.

use std::sync::LazyLock;

use jangkau::domain::{
    Condition, CrossingKind, LonLat, Mode, ModeSet, OneWay, RoadClass, Season, SeasonAccess,
    Surface,
};
use jangkau::network::{
    BuildOptions, CrossingPoint, Network, Profiles, RoadAttributes, RoadSegment, Weights, build,
};
use sha2::{Digest, Sha256};

/// Read once: it takes longer than a run.
static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::built_in);

/// Roads, vertices of one of them, and crossings: enough for every way of meeting, few enough to be quick.
const MAX_ROADS: u8 = 24;
const MAX_VERTICES: u8 = 12;
const MAX_CROSSINGS: u8 = 6;
/// Bytes of a written network that are changed.
const MAX_CHANGES: u8 = 4;

/// Where a written network has the hash of all that follows.
const SNAPSHOT_HASH: std::ops::Range<usize> = 16..48;

/// Builds the roads that the bytes describe.
pub(super) fn build_network(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let options = options(bytes.take());
    let mut segments = Vec::new();
    for _ in 0..bytes.up_to(MAX_ROADS) {
        segments.push(road(&mut bytes));
    }
    let mut crossings = Vec::new();
    for _ in 0..bytes.up_to(MAX_CROSSINGS) {
        crossings.push(CrossingPoint {
            kind: bytes.of(CrossingKind::ALL),
            season: bytes.of(SeasonAccess::ALL),
            place: bytes.place(),
        });
    }
    let (network, report) = build(&segments, &crossings, &options);
    assert_eq!(report.n_segments as usize, segments.len());
    assert_eq!(
        [report.n_nodes, report.n_edges, report.n_pieces],
        [network.n_nodes(), network.n_edges(), network.n_pieces()]
    );
    assert!(report.n_components <= report.n_nodes && report.n_edges <= report.n_pieces);
    weigh(&network);
    read_back(&network, bytes);
    segments.reverse();
    for segment in segments.iter_mut().step_by(2) {
        segment.road = segment.road.turned();
        segment.line.reverse();
    }
    let (again, _) = build(&segments, &crossings, &options);
    assert!(
        again == network,
        "the order of the roads, or the way they are drawn, changed the network"
    );
}

fn options(byte: u8) -> BuildOptions {
    let tolerances_m = [
        None,
        Some(0.0),
        Some(5.0),
        Some(250.0),
        Some(f64::NAN),
        Some(1e9),
    ];
    let byte = usize::from(byte);
    BuildOptions {
        join_ends_within_m: tolerances_m[byte % tolerances_m.len()],
        join_crossings: byte / tolerances_m.len() % 2 == 1,
    }
}

/// Writes the network and reads it, as it was and with what is left of the bytes written over it.
fn read_back(network: &Network, mut bytes: Bytes<'_>) {
    let mut written = network.to_bytes();
    assert!(Network::from_bytes(&written).as_ref() == Ok(network));
    let end = written.len();
    for _ in 0..bytes.up_to(MAX_CHANGES) {
        let position = usize::from(u16::from_be_bytes([bytes.take(), bytes.take()]));
        written[SNAPSHOT_HASH.end + position % (end - SNAPSHOT_HASH.end)] = bytes.take();
    }
    // As changed, which the hash tells, and with a hash that fits, so that what is behind it is tried.
    let _refused = Network::from_bytes(&written);
    let hash = Sha256::digest(&written[SNAPSHOT_HASH.end..]);
    written[SNAPSHOT_HASH].copy_from_slice(&hash);
    if let Ok(changed) = Network::from_bytes(&written) {
        weigh(&changed);
        assert_eq!(changed.to_bytes(), written);
    }
    let n_kept = usize::from(bytes.take()) * end / 256;
    assert!(Network::from_bytes(&written[..n_kept]).is_err());
}

fn weigh(network: &Network) {
    for profile in Mode::ALL.iter().filter_map(|mode| PROFILES.profile(*mode)) {
        for season in [Season::Dry, Season::Wet] {
            let _weights = Weights::new(network, profile, season);
        }
    }
}

fn road(bytes: &mut Bytes<'_>) -> RoadSegment {
    let n_vertices = bytes.up_to(MAX_VERTICES);
    RoadSegment {
        // Few ids, so that roads share them.
        id: (bytes.take() & 7).to_string(),
        line: (0..n_vertices).map(|_| bytes.place()).collect(),
        road: RoadAttributes {
            class: bytes.of(RoadClass::ALL),
            surface: bytes.maybe(Surface::ALL),
            condition: bytes.maybe(Condition::ALL),
            one_way: bytes.of(OneWay::ALL),
            is_bridge: bytes.take() & 3 == 3,
            is_tunnel: bytes.take() & 3 == 3,
            barred: match bytes.take() {
                0..128 => ModeSet::NONE,
                bits => (0..)
                    .zip(Mode::ALL)
                    .filter(|(bit, _)| bits >> bit & 1 == 1)
                    .map(|(_, mode)| *mode)
                    .collect(),
            },
            season: bytes.maybe(SeasonAccess::ALL),
            max_speed_kmh: bytes.of(&[
                None,
                Some(50.0),
                Some(0.0),
                Some(-1.0),
                Some(f64::NAN),
                Some(1e300),
                Some(1e-300),
            ]),
        },
    }
}

/// Bytes that become choices; when they run out, they are zeros.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn up_to(&mut self, most: u8) -> u8 {
        self.take() % (most + 1)
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.take()) % all.len()]
    }

    fn maybe<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let choice = usize::from(self.take()) % (all.len() + 1);
        all.get(choice).copied()
    }

    /// Mostly on a small grid, so that roads meet; sometimes anywhere, the poles and the antimeridian included.
    fn place(&mut self) -> LonLat {
        let (lon, lat) = match self.take() {
            0..16 => {
                let unit = |high: u8, low: u8| {
                    f64::from(u16::from_be_bytes([high, low])) / f64::from(u16::MAX)
                };
                let lon = unit(self.take(), self.take()) * 360.0 - 180.0;
                (lon, unit(self.take(), self.take()) * 180.0 - 90.0)
            }
            16..32 => (
                self.of(&[-180.0, 180.0, 179.999_999_9, 0.0]),
                self.of(&[-90.0, 90.0, 0.0, -16.8]),
            ),
            // A grid of about 11 m, and one of the smallest step there is.
            cell @ 32..224 => (
                102.0 + f64::from(cell & 7) * 1e-4,
                -2.0 + f64::from(cell >> 3) * 1e-4,
            ),
            cell => (
                102.0 + f64::from(cell & 3) * 1e-7,
                -2.0 + f64::from(cell >> 2 & 3) * 1e-7,
            ),
        };
        LonLat::parse(lon, lat).expect("a place on the earth")
    }
}
