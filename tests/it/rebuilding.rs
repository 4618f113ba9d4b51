//! Costs do not depend on how roads are drawn: cut into more records, drawn from the other end, or kept apart.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jangkau::access::{NearestOptions, Reaches, nearest};
use jangkau::domain::{CrossingKind, Metric, Mode, Season, SeasonAccess};
use jangkau::network::{
    Barriers, BuildOptions, BuildReport, CrossingPoint, Profiles, RoadSegment, SnapChoice, Travel,
    Weights, build,
};

use crate::random_world::{Numbers, PROFILES, World, at};

const N_WORLDS: u64 = 300;

/// Every answer about a world, and what its network is made of.
fn answers(
    world: &World,
    segments: &[RoadSegment],
    crossings: &[CrossingPoint],
) -> (Vec<Reaches>, BuildReport) {
    let (network, report) = build(segments, crossings, &BuildOptions::default());
    let network = Arc::new(network);
    let barriers = Arc::new(Barriers::new(&world.barriers));
    let profiles = Profiles::parse(PROFILES).unwrap();
    let mut answers = Vec::new();
    for mode in [Mode::Foot, Mode::Motorcycle] {
        for season in [Season::Dry, Season::Wet] {
            let weights = Weights::new(&network, profiles.profile(mode).unwrap(), season);
            let weights = Arc::new(weights);
            for metric in [Metric::Time, Metric::Distance] {
                for snap in [SnapChoice::Best, SnapChoice::Nearest] {
                    let travel = Travel::new(
                        Arc::clone(&network),
                        Arc::clone(&weights),
                        Arc::clone(&barriers),
                        metric,
                        snap,
                    );
                    let options = NearestOptions {
                        cutoff: Some(500_000),
                        threads: NonZeroUsize::MIN,
                    };
                    let cancel = AtomicBool::new(false);
                    let (facilities, demand) = (&world.facilities, &world.demand);
                    answers.push(nearest(&travel, facilities, demand, options, &cancel).unwrap());
                }
            }
        }
    }
    (answers, report)
}

/// Crossings on vertices, beside roads and far from any.
fn crossings(numbers: &mut Numbers) -> Vec<CrossingPoint> {
    let kinds = [
        CrossingKind::Bridge,
        CrossingKind::Ford,
        CrossingKind::Ferry,
    ];
    let seasons = [
        SeasonAccess::All,
        SeasonAccess::Dry,
        SeasonAccess::Wet,
        SeasonAccess::Closed,
    ];
    let mut crossing = || CrossingPoint {
        kind: kinds[numbers.below(3) as usize],
        season: seasons[numbers.below(4) as usize],
        place: at(
            f64::from(numbers.below(13)) / 2.0,
            f64::from(numbers.below(13)) / 2.0,
        ),
    };
    (0..3).map(|_| crossing()).collect()
}

/// Each road in several records, cut at random vertices, some of them drawn from the other end.
fn cut_at_random(numbers: &mut Numbers, segments: &[RoadSegment]) -> Vec<RoadSegment> {
    let mut records = Vec::new();
    for segment in segments {
        let mut start = 0;
        for vertex in 1..segment.line.len() {
            if vertex == segment.line.len() - 1 || numbers.below(2) == 0 {
                // An id that sorts where the road's own does.
                let mut record = RoadSegment {
                    id: format!("{}-{vertex:02}", segment.id),
                    line: segment.line[start..=vertex].to_vec(),
                    ..segment.clone()
                };
                if numbers.below(2) == 0 {
                    record.line.reverse();
                    record.road = record.road.turned();
                }
                records.push(record);
                start = vertex;
            }
        }
    }
    records
}

#[test]
fn cutting_roads_into_records_changes_no_answer() {
    let mut n_records_more = 0;
    for seed in 0..N_WORLDS {
        let world = World::new(seed);
        let numbers = &mut Numbers::new(seed + 1_000_000);
        let crossings = crossings(numbers);
        let records = cut_at_random(numbers, &world.segments);
        let whole = answers(&world, &world.segments, &crossings);
        let cut = answers(&world, &records, &crossings);
        assert_eq!(whole.0, cut.0, "seed {seed}");
        n_records_more += records.len() - world.segments.len();
    }
    assert!(n_records_more > 1000, "{n_records_more}");
}

#[test]
fn contraction_changes_no_answer() {
    let (mut n_edges_contracted, mut n_edges_apart) = (0, 0);
    for seed in 0..N_WORLDS {
        let world = World::new(seed);
        let numbers = &mut Numbers::new(seed + 2_000_000);
        let crossings = crossings(numbers);
        // One record a piece; and the same with speeds signed so high that they hold nobody back, all different, so
        // that no two records have equal attributes and every vertex is a node.
        let pieces: Vec<RoadSegment> = world
            .segments
            .iter()
            .flat_map(|segment| {
                let piece = |(number, pair): (usize, &[_])| RoadSegment {
                    id: format!("{}-{number:02}", segment.id),
                    line: pair.to_vec(),
                    ..segment.clone()
                };
                segment.line.windows(2).enumerate().map(piece)
            })
            .collect();
        let apart: Vec<RoadSegment> = (1000..)
            .zip(&pieces)
            .map(|(kmh, piece)| {
                let mut piece = piece.clone();
                piece.road.max_speed_kmh = Some(f64::from(kmh));
                piece
            })
            .collect();
        let contracted = answers(&world, &pieces, &crossings);
        let kept_apart = answers(&world, &apart, &crossings);
        assert_eq!(contracted.0, kept_apart.0, "seed {seed}");
        assert_eq!(contracted.1.n_pieces, kept_apart.1.n_pieces);
        assert_eq!(kept_apart.1.n_edges, kept_apart.1.n_pieces);
        n_edges_contracted += contracted.1.n_edges;
        n_edges_apart += kept_apart.1.n_edges;
    }
    assert!(
        n_edges_contracted + 1000 < n_edges_apart,
        "{n_edges_contracted} of {n_edges_apart} edges"
    );
}
