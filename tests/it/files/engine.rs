//! The algorithms behind the commands against the slow reference.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use geo::{Area, BooleanOps, Validation};
use jangkau::access::{
    NearestOptions, PairReach, isochrone, matrix, nearest_k, route, within_cutoffs,
};
use jangkau::domain::{LonLat, Metric, People, ReachState};
use jangkau::network::SnapChoice;

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
            SnapChoice::Best,
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

/// Rows of a matrix with a cutoff, in one list.
fn matrix_of(
    world: &World,
    travel: &jangkau::network::Travel,
    threads: usize,
) -> Vec<Vec<PairReach>> {
    let mut rows = Vec::new();
    matrix(
        travel,
        &world.demand,
        &world.facilities,
        options(threads),
        &AtomicBool::new(false),
        &mut |origin, row| {
            assert_eq!(origin, rows.len());
            rows.push(row.to_vec());
            ControlFlow::Continue(())
        },
    )
    .unwrap();
    rows
}

#[test]
fn a_matrix_is_that_of_the_reference_from_either_side_and_on_any_threads() {
    let mut n_by_state = [0; 5];
    for seed in 0..N_WORLDS {
        let mut world = World::new(seed);
        // Six demand points and up to four facilities; every third world the other way round.
        if seed % 3 == 0 {
            std::mem::swap(&mut world.demand, &mut world.facilities);
        }
        for reference in references() {
            let Reference {
                mode, metric, snap, ..
            } = reference;
            let travel = world.travel(mode, metric, snap);
            let rows = matrix_of(&world, &travel, 1);
            for (row, (origin, (_, ways))) in rows
                .iter()
                .zip(world.demand.iter().zip(reference.answer(&world)))
            {
                for ((reach, way), to) in row.iter().zip(&ways).zip(&world.facilities) {
                    n_by_state[reach.state as usize] += 1;
                    match way {
                        Some(pair) if pair.0 <= u64::from(CUTOFF) => {
                            let expected = to_nearest(0, *pair, metric);
                            assert_eq!(
                                reach.cost,
                                Some((expected.time, expected.length)),
                                "seed {seed}, {mode}, {metric}, {snap:?}"
                            );
                            assert_eq!(reach.state, ReachState::Within);
                        }
                        Some(_) => {
                            let beyond = (ReachState::BeyondCutoff, None);
                            assert_eq!((reach.state, reach.cost), beyond, "seed {seed}");
                        }
                        None => {
                            let cancel = AtomicBool::new(false);
                            let alone = route(&travel, *origin, *to, &cancel).unwrap();
                            assert_eq!((reach.state, reach.cost), (alone.state, None));
                        }
                    }
                }
            }
            if seed % 10 == 0 {
                assert_eq!(rows, matrix_of(&world, &travel, 8), "seed {seed}");
            }
        }
    }
    assert!(n_by_state[..4].iter().all(|n| *n > 100), "{n_by_state:?}");
}

#[test]
fn sums_within_cutoffs_are_those_of_the_reference() {
    let cutoffs = [0, 100_000, 300_000];
    let mut n_counted = 0;
    for seed in 0..N_WORLDS {
        let world = World::new(seed);
        let weights: Vec<People> = (0..world.facilities.len())
            .map(|facility| People(1 << facility))
            .collect();
        for reference in references() {
            let travel = world.travel(reference.mode, reference.metric, reference.snap);
            let sums = within_cutoffs(
                &travel,
                &world.demand,
                (&world.facilities, &weights),
                &cutoffs,
                NonZeroUsize::MIN,
                &AtomicBool::new(false),
            )
            .unwrap();
            for (sums, (_, ways)) in sums.iter().zip(reference.answer(&world)) {
                for (sum, cutoff) in sums.iter().zip(cutoffs) {
                    let is_within =
                        |way: &Option<Pair>| way.is_some_and(|(cost, _)| cost <= u64::from(cutoff));
                    let expected: People = ways
                        .iter()
                        .zip(&weights)
                        .filter(|(way, _)| is_within(way))
                        .map(|(_, weight)| *weight)
                        .sum();
                    assert_eq!(*sum, expected, "seed {seed}, cutoff {cutoff}");
                    n_counted += i64::from(expected.0 > 0);
                }
            }
        }
    }
    assert!(n_counted > 1000, "{n_counted}");
}

#[test]
fn every_point_of_a_reached_stretch_is_reached_and_areas_are_nested_and_valid() {
    let cancel = AtomicBool::new(false);
    let cutoffs = [60_000, 150_000, 400_000];
    let mut n_points = 0;
    for seed in 0..N_WORLDS / 4 {
        let world = World::new(seed);
        let from = world.demand[0];
        for reference in references() {
            if reference.snap != SnapChoice::Best {
                continue;
            }
            let travel = world.travel(reference.mode, reference.metric, reference.snap);
            let found = isochrone(&travel, from, &cutoffs, NonZeroUsize::MIN, &cancel).unwrap();
            for (cutoff, stretches) in cutoffs.iter().zip(&found.stretches) {
                // Middles, since on a one-way road a place a millimetre before the start is a way round from it.
                let middle = |pair: &[LonLat]| {
                    let [a, b] = [pair[0], pair[1]];
                    let middle = |a, b| f64::midpoint(a, b);
                    LonLat::parse(middle(a.lon(), b.lon()), middle(a.lat(), b.lat())).unwrap()
                };
                let is_long = |pair: &&[LonLat]| {
                    (pair[0].lon() - pair[1].lon()).hypot(pair[0].lat() - pair[1].lat()) > 1e-6
                };
                let mut there = World::new(seed);
                there.demand = vec![from];
                there.facilities = stretches
                    .iter()
                    .flat_map(|stretch| stretch.line.windows(2).filter(is_long).map(middle))
                    .collect();
                let answer = reference.answer(&there);
                for way in &answer[0].1 {
                    // A place on the road is rounded by less than a centimetre, 15 ms of a walk.
                    let (cost, _) = way.expect("it is reached");
                    assert!(
                        cost <= u64::from(*cutoff) + 30,
                        "seed {seed}: {cost} {cutoff}"
                    );
                    n_points += 1;
                }
            }
            for pair in found.areas.windows(2) {
                assert!(pair[0].is_valid() && pair[1].is_valid(), "seed {seed}");
                assert!(
                    pair[0].difference(&pair[1]).unsigned_area() < 1e-12,
                    "seed {seed}"
                );
            }
        }
    }
    assert!(n_points > 3000, "{n_points}");
}

#[test]
fn adding_a_road_or_a_facility_never_raises_a_cost() {
    let cost = |reach: &PairReach| reach.cost.map(|(time, length)| (time.0, length.0));
    let mut n_lowered = 0;
    for seed in 0..N_WORLDS {
        let after = World::new(seed);
        let mut before = World::new(seed);
        if before.segments.pop().is_none() {
            continue;
        }
        for reference in references() {
            let Reference {
                mode, metric, snap, ..
            } = reference;
            if snap != SnapChoice::Best {
                continue;
            }
            let [old, new] = [&before, &after]
                .map(|world| matrix_of(world, &world.travel(mode, metric, snap), 1));
            for (old, new) in old.iter().flatten().zip(new.iter().flatten()) {
                let [old_cost, new_cost] = [old, new].map(cost).map(|cost| {
                    cost.map_or(u32::MAX, |(time, length)| match metric {
                        Metric::Time => time,
                        Metric::Distance => length,
                    })
                });
                assert!(new_cost <= old_cost, "seed {seed}, {mode}, {metric}");
                n_lowered += u32::from(new_cost < old_cost);
            }
            let travel = after.travel(mode, metric, snap);
            let first = |facilities: &[LonLat]| {
                let k = NonZeroUsize::MIN;
                let cancel = AtomicBool::new(false);
                nearest_k(&travel, facilities, &after.demand, k, options(1), &cancel).unwrap()
            };
            let Some((_, fewer)) = after.facilities.split_last() else {
                continue;
            };
            for (few, all) in first(fewer).iter().zip(first(&after.facilities)) {
                assert!(all.state <= few.state, "seed {seed}");
                if let (Some(few), Some(all)) = (few.trips.first(), all.trips.first()) {
                    let [few, all] = [few, all].map(|trip| match metric {
                        Metric::Time => trip.time.0,
                        Metric::Distance => trip.length.0,
                    });
                    assert!(all <= few, "seed {seed}");
                }
            }
        }
    }
    assert!(n_lowered > 200, "{n_lowered}");
}
