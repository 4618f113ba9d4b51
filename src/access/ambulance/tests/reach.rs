//! What one patient reaches, and how patients and facilities are attached, against the rescue of each pair.

use geo::{Contains, Validation};
use geo_types::Point;

use super::*;
use crate::access::{Journey, Spread, isochrone, snap_looks};

const SNAPS: [SnapChoice; 2] = [SnapChoice::Best, SnapChoice::Nearest];

/// What a place is reached with, within the largest of the cutoffs.
fn spread_of<'a>(valley: &'a Valley, from: LonLat, cutoffs: &[u32]) -> Spread<'a> {
    let never = AtomicBool::new(false);
    Spread::new(Journey::Rescue(valley.by()), from, cutoffs, &never).unwrap()
}

#[test]
fn a_spread_costs_what_the_rescue_of_each_pair_does() {
    let cutoff = 1_200_000;
    let (mut n_reached, mut n_beyond) = ([0; 2], [0; 2]);
    for seed in 0..60 {
        for (which, snap) in SNAPS.into_iter().enumerate() {
            let mut next = numbers(seed);
            let (valley, patients) = random_valley(seed, snap, &mut next);
            let facilities: Vec<LonLat> = (0..12).map(|_| random_place(&mut next)).collect();
            let rows = valley.matrix(&facilities, &patients[..3], (Some(cutoff), 1));
            for (patient, row) in patients.iter().zip(&rows) {
                let spread = spread_of(&valley, *patient, &[300_000, cutoff]);
                let is_unsnapped = row[0].state == ReachState::Unsnapped;
                assert!(!(spread.is_snapped() && is_unsnapped), "seed {seed}");
                for (facility, pair) in facilities.iter().zip(row) {
                    let expected = pair.total.map(|total| total.time.0);
                    assert_eq!(spread.cost(*facility), expected, "seed {seed}, {snap:?}");
                    n_reached[which] += u32::from(expected.is_some());
                    n_beyond[which] += u32::from(pair.state == ReachState::BeyondCutoff);
                }
            }
        }
    }
    let is_enough = |n: &u32| *n > 100;
    assert!(n_reached.iter().all(is_enough), "{n_reached:?}");
    assert!(n_beyond.iter().all(is_enough), "{n_beyond:?}");
}

#[test]
fn areas_are_where_a_facility_would_be_reached_in_time_to_a_step_of_the_grid() {
    let cutoffs = [300_000, 900_000];
    let mut n = [0; 2];
    let mut n_a_step_off = 0;
    for seed in 0..8 {
        for snap in SNAPS {
            let mut next = numbers(seed);
            let (valley, patients) = random_valley(seed, snap, &mut next);
            let places: Vec<LonLat> = (0..150).map(|_| random_place(&mut next)).collect();
            let spread = spread_of(&valley, patients[0], &cutoffs);
            let never = AtomicBool::new(false);
            let found = isochrone(&spread, NonZeroUsize::MIN, &never).unwrap();
            let step = found.grid_m.unwrap_or(5.0) / 110_000.0;
            for (cutoff, area) in cutoffs.iter().zip(&found.areas) {
                assert!(area.is_valid(), "seed {seed}, {snap:?}");
                let options = NearestOptions {
                    cutoff: Some(*cutoff),
                    threads: NonZeroUsize::MIN,
                };
                let is_reached = |to: LonLat| {
                    let (to, from) = (&[to], &patients[..1]);
                    let found = rescue::<1>(valley.by(), to, from, options, &never).unwrap();
                    found[0].state == ReachState::Within
                };
                for place in &places {
                    let steps = [-step, 0.0, step];
                    let around: Vec<LonLat> = steps
                        .into_iter()
                        .flat_map(|east| {
                            steps.map(|north| at(place.lon() + east, place.lat() + north))
                        })
                        .collect();
                    let is_in =
                        |place: &&LonLat| area.contains(&Point::new(place.lon(), place.lat()));
                    let is_claimed = match around.iter().filter(is_in).count() {
                        0 => false,
                        9 => true,
                        // The outline is nearer than a step.
                        _ => continue,
                    };
                    n[usize::from(is_claimed)] += 1;
                    if is_reached(*place) != is_claimed {
                        // Then what it stands for is, narrower than the grid shows.
                        let mut others = around.iter().map(|place| is_reached(*place));
                        assert!(
                            others.any(|is_reached| is_reached == is_claimed),
                            "seed {seed}, {snap:?}, cutoff {cutoff}, {place:?}, {is_claimed}"
                        );
                        n_a_step_off += 1;
                    }
                }
            }
        }
    }
    assert!(n.iter().all(|n| *n > 500), "{n:?}");
    assert!(50 * n_a_step_off < n[0] + n[1], "{n_a_step_off} of {n:?}");
}

#[test]
fn every_stretch_is_reached_carried_or_driven_and_is_there_once() {
    let cutoff = 600_000;
    let mut n_by_class = [0; RoadClass::ALL.len()];
    for seed in 0..40 {
        let (valley, patients) = random_valley(seed, SnapChoice::Best, &mut numbers(seed));
        let from = patients[0];
        let never = AtomicBool::new(false);
        let spread = spread_of(&valley, from, &[cutoff]);
        let found = isochrone(&spread, NonZeroUsize::MIN, &never).unwrap();
        let mut seen = Vec::new();
        for stretch in &found.stretches[0] {
            for pair in stretch.line.windows(2) {
                let middle = at(
                    f64::midpoint(pair[0].lon(), pair[1].lon()),
                    f64::midpoint(pair[0].lat(), pair[1].lat()),
                );
                let reach = valley.rescue::<1>(&[middle], &[from]).remove(0);
                let time_ms = reach.trips[0].total().time.0;
                assert!(time_ms <= cutoff + 30, "seed {seed}: {time_ms}");
                assert!(!seen.contains(&middle), "seed {seed}: {middle:?} twice");
                seen.push(middle);
                n_by_class[stretch.class as usize] += 1;
            }
        }
    }
    for class in [RoadClass::Footway, RoadClass::Tertiary] {
        assert!(n_by_class[class as usize] > 30, "{class}: {n_by_class:?}");
    }
}

#[test]
fn snaps_are_the_walks_at_both_ends_of_the_route() {
    let mut n_checked = 0;
    for seed in 0..60 {
        for snap in SNAPS {
            let (valley, places) = random_valley(seed, snap, &mut numbers(seed));
            let (facilities, patients) = places.split_at(4);
            let answers = valley.rescue::<2>(facilities, patients);
            for (patient, answer) in patients.iter().zip(&answers) {
                for trip in &answer.trips {
                    let route = valley.route(*patient, facilities[trip.facility as usize]);
                    let route = route.route.unwrap();
                    assert_eq!(route.trip.snaps, trip.snaps, "seed {seed}");
                    let Some([start, end]) = trip.snaps else {
                        assert_eq!(route.legs.len(), 1, "seed {seed}");
                        continue;
                    };
                    // Off the road a metre counts two, and walks without length are left out.
                    let off_road = route.legs.iter().filter(|leg| leg.class.is_none());
                    let off_road_mm: u32 = off_road.map(|leg| leg.length.0).sum();
                    let expected = 2 * (start.distance.0 + end.distance.0);
                    assert_eq!(off_road_mm, expected, "seed {seed}, {snap:?}");
                    n_checked += 1;
                }
            }
        }
    }
    assert!(n_checked > 300, "{n_checked}");
}

#[test]
fn a_look_says_how_patients_are_carried_and_where_the_fastest_of_them_arrive() {
    let mut n_arrivals = 0;
    for seed in 0..40 {
        let (valley, places) = random_valley(seed, SnapChoice::Best, &mut numbers(seed));
        let (facilities, patients) = places.split_at(4);
        let never = AtomicBool::new(false);
        let journey = Journey::Rescue(valley.by());
        let [origins, ends] =
            snap_looks(journey, patients, facilities, NonZeroUsize::MIN, &never).unwrap();
        for (look, answer) in origins.iter().zip(valley.rescue::<1>(facilities, patients)) {
            assert_eq!(look.state, answer.state);
            assert_eq!(look.rescue, answer.trips.first().copied());
            let used = look.used.as_ref().map(|road| road.distance);
            let snap = answer.trips.first().and_then(|trip| trip.snaps);
            assert_eq!(used, snap.map(|[start, _]| start.distance));
        }
        for (facility, look) in facilities.iter().zip(&ends) {
            let reaches = valley.rescue::<1>(&[*facility], patients);
            let trips = reaches.iter().filter_map(|reach| reach.trips.first());
            let fastest_ms = trips.clone().map(|trip| trip.total().time).min();
            assert_eq!(fastest_ms.is_some(), look.state == ReachState::Within);
            let fastest = trips.filter(|trip| Some(trip.total().time) == fastest_ms);
            let mut arrivals = fastest.map(|trip| trip.snaps.map(|[_, end]| end.distance));
            let used = look.used.as_ref().map(|road| road.distance);
            assert!(
                fastest_ms.is_none() || arrivals.any(|arrival| arrival == used),
                "seed {seed}: {look:?}"
            );
            n_arrivals += u32::from(used.is_some());
        }
    }
    assert!(n_arrivals > 30, "{n_arrivals}");
}
