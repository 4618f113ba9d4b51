//! The algorithms behind the commands against the slow reference.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use jangkau::access::{NearestOptions, nearest_k, route};
use jangkau::domain::{Metric, ReachState};

use crate::engine::{CUTOFF, N_WORLDS, options, references, to_nearest};
use crate::random_world::World;
use crate::reference::{Pair, Reference};

/// (cost, facility, the other quantity) of the facilities that can be reached, in order.
fn in_order(ways: &[Option<Pair>]) -> Vec<(u64, usize, u64)> {
    let mut found: Vec<(u64, usize, u64)> = ways
        .iter()
        .enumerate()
        .filter_map(|(facility, way)| way.map(|way| (way.0, facility, way.1)))
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn k_nearest_are_those_of_the_reference_for_every_k() {
    let cancel = AtomicBool::new(false);
    let mut n_trips = 0;
    for seed in 0..N_WORLDS {
        let world = World::new(seed);
        for reference in references() {
            let Reference {
                mode, metric, snap, ..
            } = reference;
            let travel = world.travel(mode, metric, snap);
            let answers = reference.answer(&world);
            for k in [1, 2, 3, 5] {
                let k = NonZeroUsize::new(k).unwrap();
                let found = nearest_k(
                    &travel,
                    &world.facilities,
                    &world.demand,
                    k,
                    options(1),
                    &cancel,
                )
                .unwrap();
                for (point, (is_snapped, ways)) in found.iter().zip(&answers) {
                    let mut expected = in_order(ways);
                    let state = match expected.first() {
                        Some((cost, ..)) if *cost <= u64::from(CUTOFF) => ReachState::Within,
                        Some(_) => ReachState::BeyondCutoff,
                        None if *is_snapped => ReachState::NoPath,
                        None => ReachState::Unsnapped,
                    };
                    expected.retain(|(cost, ..)| *cost <= u64::from(CUTOFF));
                    expected.truncate(k.get());
                    assert_eq!(point.state, state, "seed {seed}");
                    assert_eq!(point.trips.len(), expected.len(), "seed {seed}");
                    for (trip, (cost, facility, other)) in point.trips.iter().zip(expected) {
                        let expected = to_nearest(facility, (cost, other), metric);
                        assert_eq!(
                            (trip.facility, trip.time, trip.length),
                            (expected.facility, expected.time, expected.length),
                            "seed {seed}, {mode}, {metric}, {snap:?}, k {k}"
                        );
                        n_trips += 1;
                    }
                }
            }
        }
    }
    assert!(n_trips > 10_000, "{n_trips}");
}

#[test]
fn snaps_are_the_walks_at_both_ends_of_the_route_that_is_shown() {
    let cancel = AtomicBool::new(false);
    let mut n_checked = 0;
    for seed in 0..N_WORLDS {
        let world = World::new(seed);
        for Reference {
            mode, metric, snap, ..
        } in references()
        {
            let travel = world.travel(mode, metric, snap);
            let options = NearestOptions {
                cutoff: None,
                threads: NonZeroUsize::MIN,
            };
            let k = NonZeroUsize::new(3).unwrap();
            let found = nearest_k(
                &travel,
                &world.facilities,
                &world.demand,
                k,
                options,
                &cancel,
            )
            .unwrap();
            for (from, point) in world.demand.iter().zip(&found) {
                for trip in &point.trips {
                    let to = world.facilities[trip.facility as usize];
                    let shown = route(&travel, *from, to, &cancel).unwrap().route.unwrap();
                    assert_eq!((shown.time, shown.length), (trip.time, trip.length));
                    let Some([start, end]) = trip.snaps else {
                        assert_eq!(shown.legs[0].kind.as_str(), "straight", "seed {seed}");
                        continue;
                    };
                    // Off the road a metre counts two in these worlds, and walks without length are left out.
                    let off_road_mm: u32 = shown
                        .legs
                        .iter()
                        .filter(|leg| leg.kind.as_str() == "off_road")
                        .map(|leg| leg.length.0)
                        .sum();
                    assert_eq!(
                        off_road_mm,
                        2 * (start.distance.0 + end.distance.0),
                        "seed {seed}, {metric}"
                    );
                    n_checked += 1;
                }
            }
        }
    }
    assert!(n_checked > 1000, "{n_checked}");
}

#[test]
fn threads_change_nothing() {
    let cancel = AtomicBool::new(false);
    for seed in 0..50 {
        let world = World::new(seed);
        let travel = world.travel(
            jangkau::domain::Mode::Motorcycle,
            Metric::Time,
            jangkau::network::SnapChoice::Best,
        );
        let k = NonZeroUsize::new(3).unwrap();
        let [one, eight] = [1, 8].map(|threads| {
            nearest_k(
                &travel,
                &world.facilities,
                &world.demand,
                k,
                options(threads),
                &cancel,
            )
            .unwrap()
        });
        assert_eq!(one, eight, "seed {seed}");
    }
}
