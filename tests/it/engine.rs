//! The engine against a slow reference, and against what a sceptic would ask.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use jangkau::access::{NearestOptions, nearest, route, way_back};
use jangkau::domain::{Metric, Mode, Nearest, PointReach, ReachState};
use jangkau::network::SnapChoice;

use crate::random_world::World;
use crate::reference::{Pair, Reference};

pub(crate) const N_WORLDS: u64 = 400;
/// Half a kilometre is within, in both metrics' units at walking pace or not: only the comparison is tested.
pub(crate) const CUTOFF: u32 = 500_000;

pub(crate) fn options(threads: usize) -> NearestOptions {
    NearestOptions {
        cutoff: Some(CUTOFF),
        threads: NonZeroUsize::new(threads).expect("not zero"),
    }
}

fn no_cancel() -> AtomicBool {
    AtomicBool::new(false)
}

/// Every combination that the worlds are tried with.
pub(crate) fn references() -> Vec<Reference> {
    let mut all = Vec::new();
    for mode in [Mode::Foot, Mode::Motorcycle] {
        for metric in [Metric::Time, Metric::Distance] {
            for snap in [SnapChoice::Best, SnapChoice::Nearest] {
                all.push(Reference {
                    mode,
                    metric,
                    snap,
                    is_way_back: false,
                });
            }
        }
    }
    all
}

pub(crate) fn to_nearest(facility: usize, pair: Pair, metric: Metric) -> Nearest {
    let [first, second] =
        [pair.0, pair.1].map(|each| u32::try_from(each).expect("worlds are small"));
    let (time, length) = match metric {
        Metric::Time => (first, second),
        Metric::Distance => (second, first),
    };
    Nearest {
        facility: u32::try_from(facility).expect("a few"),
        time: jangkau::domain::Milliseconds(time),
        length: jangkau::domain::Millimetres(length),
    }
}

/// What the engine should say of a point, from the best pair to each facility.
fn expected_reach(is_snapped: bool, ways: &[Option<Pair>], metric: Metric) -> PointReach {
    let mut found: Vec<(u64, usize, u64)> = ways
        .iter()
        .enumerate()
        .filter_map(|(facility, way)| way.map(|way| (way.0, facility, way.1)))
        .collect();
    found.sort_unstable();
    let rank = |rank: usize| {
        found
            .get(rank)
            .map(|(first, facility, second)| to_nearest(*facility, (*first, *second), metric))
    };
    let state = match found.first() {
        Some((cost, ..)) if *cost <= u64::from(CUTOFF) => ReachState::Within,
        Some(_) => ReachState::BeyondCutoff,
        None if is_snapped => ReachState::NoPath,
        None => ReachState::Unsnapped,
    };
    PointReach {
        state,
        nearest: rank(0),
        second: rank(1),
    }
}

#[test]
fn nearest_and_second_are_those_of_the_reference() {
    let mut n_by_state = [0; 5];
    for seed in 0..N_WORLDS {
        let world = World::new(seed);
        for reference in references() {
            let Reference {
                mode, metric, snap, ..
            } = reference;
            let travel = world.travel(mode, metric, snap);
            let reaches = nearest(
                &travel,
                &world.facilities,
                &world.demand,
                options(1),
                &no_cancel(),
            )
            .unwrap();
            let expected: Vec<PointReach> = reference
                .answer(&world)
                .iter()
                .map(|(is_snapped, ways)| expected_reach(*is_snapped, ways, metric))
                .collect();
            assert_eq!(
                reaches.points, expected,
                "seed {seed}, {mode}, {metric}, {snap:?}"
            );
            for point in &reaches.points {
                n_by_state[point.state as usize] += 1;
            }
        }
    }
    // The worlds are worth something: every state the engine gives is among them, many times.
    assert!(n_by_state[..4].iter().all(|n| *n > 100), "{n_by_state:?}");
}

#[test]
fn the_way_back_is_that_of_the_reference() {
    let mut n_different = 0;
    for seed in 0..N_WORLDS {
        let world = World::new(seed);
        for there in references() {
            let Reference {
                mode, metric, snap, ..
            } = there;
            let travel = world.travel(mode, metric, snap);
            let reaches = nearest(
                &travel,
                &world.facilities,
                &world.demand,
                options(1),
                &no_cancel(),
            )
            .unwrap();
            let back = way_back(
                &travel,
                &world.facilities,
                &world.demand,
                &reaches.points,
                &no_cancel(),
            )
            .unwrap();
            let answer = Reference {
                is_way_back: true,
                ..there
            }
            .answer(&world);
            for ((reach, back), (_, ways)) in reaches.points.iter().zip(back).zip(answer) {
                let expected = reach.nearest.and_then(|nearest| {
                    let facility = nearest.facility as usize;
                    ways[facility].map(|pair| to_nearest(facility, pair, metric))
                });
                assert_eq!(back, expected, "seed {seed}, {mode}, {metric}, {snap:?}");
                n_different += u32::from(back != reach.nearest);
            }
        }
    }
    assert!(
        n_different > 50,
        "one-way roads must matter in {n_different} trips"
    );
}

#[test]
fn the_path_shown_adds_up_to_the_nearest_and_hangs_together() {
    let mut n_routes = 0;
    for seed in 0..N_WORLDS {
        let world = World::new(seed);
        for Reference {
            mode, metric, snap, ..
        } in references()
        {
            let travel = world.travel(mode, metric, snap);
            let reaches = nearest(
                &travel,
                &world.facilities,
                &world.demand,
                options(1),
                &no_cancel(),
            )
            .unwrap();
            for (from, reach) in world.demand.iter().zip(&reaches.points) {
                let Some(expected) = reach.nearest else {
                    continue;
                };
                let to = world.facilities[expected.facility as usize];
                let answer = route(&travel, *from, to, &no_cancel()).unwrap();
                let shown = answer.route.unwrap();
                assert_eq!(
                    (shown.time, shown.length),
                    (expected.time, expected.length),
                    "seed {seed}"
                );
                let time_ms: u32 = shown.legs.iter().map(|leg| leg.time.0).sum();
                let length_mm: u32 = shown.legs.iter().map(|leg| leg.length.0).sum();
                assert_eq!(
                    (time_ms, length_mm),
                    (shown.time.0, shown.length.0),
                    "seed {seed}"
                );
                let mut here = *from;
                for leg in &shown.legs {
                    assert_near(here, leg.line[0]);
                    here = leg.line[leg.line.len() - 1];
                }
                assert_near(here, to);
                n_routes += 1;
            }
        }
    }
    assert!(
        n_routes > 1000,
        "{n_routes} routes are too few to mean anything"
    );
}

/// Within the 11 mm that vertices are rounded to.
fn assert_near(a: jangkau::domain::LonLat, b: jangkau::domain::LonLat) {
    assert!(
        (a.lon() - b.lon()).abs() < 2e-7 && (a.lat() - b.lat()).abs() < 2e-7,
        "{a:?} is not {b:?}"
    );
}

#[test]
fn one_and_eight_threads_answer_the_same() {
    for seed in 0..50 {
        let world = World::new(seed);
        let travel = world.travel(Mode::Motorcycle, Metric::Time, SnapChoice::Best);
        let [one, eight] = [1, 8].map(|threads| {
            nearest(
                &travel,
                &world.facilities,
                &world.demand,
                options(threads),
                &no_cancel(),
            )
            .unwrap()
        });
        assert_eq!(one, eight, "seed {seed}");
    }
}

#[test]
fn the_order_of_the_road_data_does_not_matter() {
    for seed in 0..100 {
        let mut world = World::new(seed);
        let answer = |world: &World| {
            let travel = world.travel(Mode::Motorcycle, Metric::Time, SnapChoice::Best);
            nearest(
                &travel,
                &world.facilities,
                &world.demand,
                options(1),
                &no_cancel(),
            )
            .unwrap()
        };
        let before = answer(&world);
        world.segments.reverse();
        assert_eq!(answer(&world), before, "seed {seed}");
    }
}
