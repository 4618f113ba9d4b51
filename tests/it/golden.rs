//! A result that must not change unless the method's version does.

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jangkau::access::{NearestOptions, nearest};
use jangkau::domain::{LonLat, METHOD_VERSION, Metric, Mode, SampleDistrict, Season, Status};
use jangkau::network::{
    Barriers, BuildOptions, CrossingPoint, Profiles, RoadAttributes, RoadSegment, SnapChoice,
    Travel, Weights, build,
};
use jangkau::synthetic::{SampleParameters, generate};
use sha2::{Digest, Sha256};

/// The first 16 digits of the hash of every cost, and the method's version that gives it.
/// Both change together, or the method is broken.
///
/// Version 2 rounds a fraction of a piece from its western end, and gives a crossing at a shared vertex to the western
/// piece; nothing in this sample stands exactly in the middle of a piece or at such a vertex, so its costs are those of 1.
/// Version 3 pushes bicycles and motorcycles where only walking is allowed whatever the class, and takes time and length
/// as too large to count together; no road of this sample bars anybody or is that long.
const GOLDEN: (u32, &str) = (3, "8e97408e9d594363");

fn places(line: &geo_types::LineString<f64>) -> Vec<LonLat> {
    line.coords()
        .map(|place| LonLat::parse(place.x, place.y).unwrap())
        .collect()
}

fn segments(district: &SampleDistrict) -> Vec<RoadSegment> {
    let parts = district
        .roads
        .iter()
        .flat_map(|road| road.record.line.0.iter().map(move |line| (road, line)));
    parts
        .map(|(road, line)| RoadSegment {
            id: road.id.clone(),
            line: places(line),
            road: RoadAttributes {
                class: road.record.class,
                surface: road.record.surface,
                condition: road.record.condition,
                one_way: road.record.one_way,
                is_bridge: road.record.is_bridge,
                is_tunnel: road.record.is_tunnel,
                barred: road.record.barred,
                season: road.record.season,
                max_speed_kmh: road.record.max_speed_kmh,
            },
        })
        .collect()
}

#[test]
fn the_sample_gives_the_same_costs_as_long_as_the_method_has_its_version() {
    let district = generate(&SampleParameters {
        n_villages: 40,
        seed: 1,
        inside: None,
    })
    .unwrap();
    let crossings: Vec<CrossingPoint> = district
        .crossings
        .iter()
        .map(|keyed| &keyed.record)
        .map(|crossing| CrossingPoint {
            kind: crossing.kind,
            season: crossing.season,
            place: crossing.place,
        })
        .collect();
    let (network, _) = build(&segments(&district), &crossings, &BuildOptions::default());
    let network = Arc::new(network);
    let barriers: Vec<Vec<LonLat>> = district
        .barriers
        .iter()
        .flat_map(|barrier| barrier.record.line.0.iter().map(places))
        .collect();
    let barriers = Arc::new(Barriers::new(&barriers));
    let mut clinics: Vec<_> = district
        .clinics
        .iter()
        .filter(|clinic| clinic.record.status == Status::Functioning)
        .collect();
    clinics.sort_by(|a, b| a.id.cmp(&b.id));
    let clinics: Vec<LonLat> = clinics.iter().map(|clinic| clinic.record.place).collect();
    let demand: Vec<LonLat> = district
        .settlements
        .iter()
        .map(|settlement| settlement.record.place)
        .collect();
    let profiles = Profiles::built_in();
    let mut hash = Sha256::new();
    for mode in [Mode::Foot, Mode::Motorcycle] {
        for metric in [Metric::Time, Metric::Distance] {
            let weights = Weights::new(&network, profiles.profile(mode).unwrap(), Season::Dry);
            let travel = Travel::new(
                Arc::clone(&network),
                Arc::new(weights),
                Arc::clone(&barriers),
                metric,
                SnapChoice::Best,
            );
            let options = NearestOptions {
                cutoff: None,
                threads: NonZeroUsize::MIN,
            };
            let reaches =
                nearest(&travel, &clinics, &demand, options, &AtomicBool::new(false)).unwrap();
            for reach in reaches.points {
                hash.update(reach.state.as_str());
                for found in [reach.nearest, reach.second].into_iter().flatten() {
                    hash.update(found.facility.to_le_bytes());
                    hash.update(found.time.0.to_le_bytes());
                    hash.update(found.length.0.to_le_bytes());
                }
            }
        }
    }
    let digits = hash.finalize()[..8]
        .iter()
        .fold(String::new(), |mut digits, byte| {
            write!(digits, "{byte:02x}").unwrap();
            digits
        });
    assert_eq!(
        (METHOD_VERSION, digits.as_str()),
        GOLDEN,
        "another result needs another METHOD_VERSION"
    );
}
