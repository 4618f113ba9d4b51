//! The algorithms behind the commands against the slow reference.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use geo::{Area, BooleanOps, Contains, Distance, Euclidean, Validation};
use geo_types::{Coord, Line, Point};
use jangkau::access::{
    Journey, NearestOptions, PairReach, Spread, isochrone, matrix, nearest_k, route,
};
use jangkau::domain::{LonLat, Metric, People, ReachState};
use jangkau::network::{SnapChoice, Travel};

use crate::engine::{CUTOFF, N_WORLDS, options, references, to_nearest};
use crate::random_world::{Numbers, World, at};
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
fn matrix_of(world: &World, travel: &Travel, threads: usize) -> Vec<Vec<PairReach>> {
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

/// Costs from the first demand point, as far as the largest of the cutoffs.
fn spread_of<'a>(travel: &'a Travel, world: &World, cutoffs: &[u32]) -> Spread<'a> {
    let cancel = AtomicBool::new(false);
    Spread::new(Journey::Trip(travel), world.demand[0], cutoffs, &cancel).unwrap()
}

/// The world with only its first demand point, and facilities at these places.
fn to_places(seed: u64, places: Vec<LonLat>) -> World {
    let mut world = World::new(seed);
    world.demand.truncate(1);
    world.facilities = places;
    world
}

#[test]
fn costs_and_sums_of_a_spread_are_those_of_the_reference() {
    let cutoffs = [0, 100_000, 600_000];
    let (mut n_reached, mut n_beyond) = (0, 0);
    for seed in 0..N_WORLDS / 2 {
        let mut numbers = Numbers::new(seed + 3_000_000);
        let places = (0..20).map(|_| place_around(&mut numbers)).collect();
        let world = to_places(seed, places);
        let weighed: Vec<(LonLat, People)> = world
            .facilities
            .iter()
            .zip(0..)
            .map(|(place, number)| (*place, People(1 << number)))
            .collect();
        for reference in references() {
            let travel = world.travel(reference.mode, reference.metric, reference.snap);
            let spread = spread_of(&travel, &world, &cutoffs);
            let (_, ways) = &reference.answer(&world)[0];
            let within = |way: &Option<Pair>, cutoff: u32| {
                way.is_some_and(|(cost, _)| cost <= u64::from(cutoff))
            };
            for ((place, _), way) in weighed.iter().zip(ways) {
                let expected = way
                    .filter(|_| within(way, cutoffs[2]))
                    .map(|(cost, _)| cost);
                let cost = spread.cost(*place).map(u64::from);
                assert_eq!(cost, expected, "seed {seed}, {reference:?}");
                n_reached += u32::from(expected.is_some());
                n_beyond += u32::from(expected.is_none() && way.is_some());
            }
            let cancel = AtomicBool::new(false);
            let sums = spread.sums(&weighed, NonZeroUsize::MIN, &cancel).unwrap();
            for (sum, cutoff) in sums.iter().zip(cutoffs) {
                let both = weighed.iter().zip(ways);
                let expected = both.filter(|(_, way)| within(way, cutoff));
                let expected: People = expected.map(|((_, weight), _)| *weight).sum();
                assert_eq!(*sum, expected, "seed {seed}, cutoff {cutoff}");
            }
        }
    }
    assert!(
        n_reached > 1000 && n_beyond > 1000,
        "{n_reached} {n_beyond}"
    );
}

/// Within the square of the roads or some hundred metres around it.
fn place_around(numbers: &mut Numbers) -> LonLat {
    let mut steps = || f64::from(numbers.below(13_000)) / 1000.0 - 3.0;
    at(steps(), steps())
}

#[test]
fn areas_are_what_nearest_k_reaches_to_a_step_of_the_grid() {
    let cancel = AtomicBool::new(false);
    let cutoffs = [60_000, 150_000, 400_000];
    let k = NonZeroUsize::MIN;
    let mut n = [0; 2];
    let mut n_a_step_off = 0;
    for seed in 0..N_WORLDS / 16 {
        let mut numbers = Numbers::new(seed + 4_000_000);
        let world = World::new(seed);
        // Most of what is reached is near the start.
        let near = |numbers: &mut Numbers| {
            let start = world.demand[0];
            let mut off = || f64::from(numbers.below(4000)) * 1e-6 - 0.002;
            LonLat::parse(start.lon() + off(), start.lat() + off()).unwrap()
        };
        let places: Vec<LonLat> = (0..10)
            .map(|number| match number % 5 {
                0 => place_around(&mut numbers),
                _ => near(&mut numbers),
            })
            .collect();
        for reference in references() {
            let travel = world.travel(reference.mode, reference.metric, reference.snap);
            let spread = spread_of(&travel, &world, &cutoffs);
            let found = isochrone(&spread, NonZeroUsize::MIN, &cancel).unwrap();
            let step = found.grid_m.unwrap_or(5.0) / 110_000.0;
            for (place, (cutoff, area)) in places.iter().flat_map(|place| {
                let areas = cutoffs.iter().zip(&found.areas);
                areas.map(move |each| (*place, each))
            }) {
                let options = NearestOptions {
                    cutoff: Some(*cutoff),
                    threads: NonZeroUsize::MIN,
                };
                let is_reached = |to: LonLat| {
                    let from = &world.demand[..1];
                    let found = nearest_k(&travel, &[to], from, k, options, &cancel).unwrap();
                    found[0].state == ReachState::Within
                };
                let around = |[east, north]: [f64; 2]| {
                    LonLat::parse(place.lon() + east * step, place.lat() + north * step).unwrap()
                };
                let steps = [-1.0, 0.0, 1.0];
                let around: Vec<LonLat> = steps
                    .into_iter()
                    .flat_map(|east| steps.map(|north| around([east, north])))
                    .collect();
                let is_in = |place: &LonLat| area.contains(&Point::new(place.lon(), place.lat()));
                let n_in = around.iter().filter(|place| is_in(place)).count();
                let is_claimed = match n_in {
                    0 => false,
                    9 => true,
                    // The outline is nearer than a step.
                    _ => continue,
                };
                n[usize::from(is_claimed)] += 1;
                if is_reached(place) != is_claimed {
                    // Then what it stands for is, narrower than the grid shows.
                    let mut others = around.iter().map(|place| is_reached(*place));
                    assert!(
                        others.any(|is_reached| is_reached == is_claimed),
                        "seed {seed}, {reference:?}, cutoff {cutoff}, {place:?}, {is_claimed}"
                    );
                    n_a_step_off += 1;
                }
            }
        }
    }
    assert!(n.iter().all(|n| *n > 400), "{n:?}");
    assert!(100 * n_a_step_off < n[0] + n[1], "{n_a_step_off} of {n:?}");
}

/// How often roads pass a place: of several that do, the nearest may be any.
fn n_passes(world: &World, place: LonLat) -> usize {
    let place = Point::new(place.lon(), place.lat());
    let lines = world.segments.iter();
    let pieces = lines.flat_map(|segment| segment.line.windows(2));
    let passes = pieces.filter(|pair| {
        let [a, b] = [pair[0], pair[1]].map(Coord::from);
        a != b && Euclidean.distance(&Line::new(a, b), &place) < 1e-6
    });
    passes.count()
}

#[test]
fn every_point_of_a_reached_stretch_is_reached_and_areas_are_nested_and_valid() {
    let cancel = AtomicBool::new(false);
    let cutoffs = [60_000, 150_000, 400_000];
    let mut n_points = [0; 2];
    for seed in 0..N_WORLDS / 8 {
        let world = World::new(seed);
        for reference in references() {
            let travel = world.travel(reference.mode, reference.metric, reference.snap);
            let spread = spread_of(&travel, &world, &cutoffs);
            let found = isochrone(&spread, NonZeroUsize::MIN, &cancel).unwrap();
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
                let is_plain = |place: &LonLat| {
                    reference.snap == SnapChoice::Best || n_passes(&world, *place) == 1
                };
                let places = stretches
                    .iter()
                    .flat_map(|stretch| stretch.line.windows(2).filter(is_long).map(middle))
                    .filter(is_plain);
                let there = to_places(seed, places.collect());
                for way in &reference.answer(&there)[0].1 {
                    // A place on the road is rounded by less than a centimetre, 15 ms of a walk.
                    let (cost, _) = way.expect("it is reached");
                    assert!(
                        cost <= u64::from(*cutoff) + 30,
                        "seed {seed}, {reference:?}: {cost} {cutoff}"
                    );
                    n_points[usize::from(reference.snap == SnapChoice::Nearest)] += 1;
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
    assert!(n_points[0] > 1500 && n_points[1] > 500, "{n_points:?}");
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
