//! Loose ends, islands, and what mending one fault alone changes, against building everything anew.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jangkau::access::{Join, Mending, NearestOptions, nearest};
use jangkau::domain::{LonLat, Metric, Mode, OneWay, PointReach, RoadClass, Season};
use jangkau::network::{
    Barriers, BuildOptions, NearMiss, Network, Profiles, RoadAttributes, RoadSegment, SnapChoice,
    Travel, Weights, build, components, local_distance_m, near_misses,
};

use super::random_world::{PROFILES, World};

/// Metres of a degree on the equator.
const M_PER_DEGREE: f64 = 111_319.49;
/// A second: what differs by less is the same number.
const LEAST_CHANGE_MS: u32 = 1000;
/// Stretches that a new junction cuts are rounded anew, and its place to a centimetre of the grid.
const ROUNDING_MS: u32 = 60;

/// A place so many metres east and north of a corner on the equator.
fn at(east_m: f64, north_m: f64) -> LonLat {
    LonLat::parse(102.0 + east_m / M_PER_DEGREE, north_m / M_PER_DEGREE).unwrap()
}

fn road(id: &str, line: &[(f64, f64)]) -> RoadSegment {
    RoadSegment {
        id: id.to_owned(),
        line: line.iter().map(|(east, north)| at(*east, *north)).collect(),
        road: RoadAttributes::of_class(RoadClass::Tertiary),
    }
}

fn network(roads: &[RoadSegment]) -> Network {
    build(roads, &[], &BuildOptions::default()).0
}

fn misses(roads: &[RoadSegment]) -> Vec<NearMiss> {
    misses_of(&network(roads), 25.0)
}

fn misses_of(network: &Network, within_m: f64) -> Vec<NearMiss> {
    near_misses(network, &components(network), within_m)
}

fn ids(miss: &NearMiss) -> [&str; 2] {
    [&miss.road_id, &miss.other_road_id]
}

#[test]
fn a_road_that_ends_ten_metres_from_another_is_a_near_miss_with_its_gap() {
    let found = misses(&[
        road("main", &[(0.0, 0.0), (1000.0, 0.0)]),
        road("side", &[(500.0, 10.0), (500.0, 400.0)]),
    ]);
    assert_eq!(found.len(), 1);
    assert_eq!(ids(&found[0]), ["side", "main"]);
    // The length of a degree of latitude differs from that of longitude by less than 1 %.
    assert!((found[0].gap.to_metres() - 10.0).abs() < 0.1);
    assert!(found[0].is_between_components);
}

#[test]
fn an_end_26_m_away_is_none_and_two_ends_that_miss_each_other_are_one() {
    assert!(
        misses(&[
            road("a", &[(0.0, 0.0), (1000.0, 0.0)]),
            road("b", &[(1026.0, 0.0), (2000.0, 0.0)]),
        ])
        .is_empty()
    );
    let found = misses(&[
        road("a", &[(0.0, 0.0), (1000.0, 0.0)]),
        road("b", &[(1024.0, 0.0), (2000.0, 0.0)]),
    ]);
    assert_eq!(found.len(), 1);
}

#[test]
fn an_end_that_is_joined_close_by_misses_nothing() {
    // A bay of 30 m beside the road: the way round is 20 + 30 + 20 m, less than ten times the 20 m.
    let bay = road("bay", &[(500.0, 0.0), (500.0, 20.0), (530.0, 20.0)]);
    assert!(
        misses(&[
            road("main", &[(0.0, 0.0), (500.0, 0.0), (1000.0, 0.0)]),
            bay
        ])
        .is_empty()
    );
    // A long way round makes it one.
    let round = road(
        "round",
        &[(500.0, 0.0), (500.0, 300.0), (700.0, 300.0), (700.0, 20.0)],
    );
    let main = road("main", &[(0.0, 0.0), (500.0, 0.0), (1000.0, 0.0)]);
    assert_eq!(misses(&[main, round]).len(), 1);
}

#[test]
fn the_two_parts_of_a_divided_road_are_no_near_miss() {
    let mut there = road("there", &[(0.0, 0.0), (1000.0, 0.0)]);
    let mut back = road("back", &[(1000.0, 12.0), (0.0, 12.0)]);
    let found = misses(&[there.clone(), back.clone()]);
    assert!(!found.is_empty(), "as two-way roads they are");
    there.road.one_way = OneWay::Forward;
    back.road.one_way = OneWay::Forward;
    assert!(misses(&[there, back]).is_empty());
}

#[test]
fn nothing_is_joined_to_the_middle_of_a_bridge_or_tunnel() {
    let side = road("side", &[(500.0, 10.0), (500.0, 400.0)]);
    let over = |mend: fn(&mut RoadSegment)| {
        let mut over = road("over", &[(0.0, 0.0), (1000.0, 0.0)]);
        mend(&mut over);
        misses(&[over, side.clone()]).len()
    };
    assert_eq!(over(|_| ()), 1);
    assert_eq!(over(|over| over.road.is_bridge = true), 0);
    assert_eq!(over(|over| over.road.is_tunnel = true), 0);
}

#[test]
fn components_are_named_with_their_length_and_the_longest_is_the_first() {
    let parts = components(&network(&[
        road("short", &[(0.0, 500.0), (100.0, 500.0)]),
        road("a", &[(0.0, 0.0), (1000.0, 0.0)]),
        road("b", &[(1000.0, 0.0), (1000.0, 200.0)]),
    ]));
    assert_eq!(parts.parts.len(), 2);
    assert!((parts.parts[0].length_m - 1200.0).abs() < 2.0);
    assert_eq!(parts.parts[1].n_edges, 1);
    assert_eq!(parts.parts[1].n_nodes, 2);
    assert!((parts.parts[1].length_m - 100.0).abs() < 0.1);
}

/// A world that can be computed again with other roads.
fn travel(world: &World, mode: Mode) -> Travel {
    world.travel(mode, Metric::Time, SnapChoice::Best)
}

fn options() -> NearestOptions {
    NearestOptions {
        cutoff: Some(900_000),
        threads: NonZeroUsize::MIN,
    }
}

fn reaches(travel: &Travel, world: &World) -> Vec<PointReach> {
    let cancel = AtomicBool::new(false);
    nearest(travel, &world.facilities, &world.demand, options(), &cancel)
        .unwrap()
        .points
}

fn time_ms(reach: &PointReach) -> Option<u32> {
    reach.nearest.map(|nearest| nearest.time.0)
}

/// Within a tenth of a millimetre, which rounding to the grid of 1e-7 degrees and back does not leave.
fn is_on(line: &[LonLat], place: LonLat) -> Option<usize> {
    line.windows(2).position(|pair| {
        let by_way = local_distance_m(pair[0], place) + local_distance_m(place, pair[1]);
        (by_way - local_distance_m(pair[0], pair[1])).abs() < 0.000_1
    })
}

/// Within half a step of the builder's grid of 1e-7 degrees.
fn is_same(a: LonLat, b: LonLat) -> bool {
    let is_near = |a: f64, b: f64| (a - b).abs() < 0.000_000_05;
    is_near(a.lon(), b.lon()) && is_near(a.lat(), b.lat())
}

/// How often roads pass a place, with or without a vertex there.
fn n_passes(segments: &[RoadSegment], place: LonLat) -> usize {
    let pieces = segments.iter().flat_map(|each| {
        let line = each.line.windows(2).enumerate();
        // A vertex inside a line is the end of one piece and the start of the next.
        line.filter(|(position, pair)| *position == 0 || !is_same(pair[0], place))
    });
    pieces
        .filter(|(_, pair)| is_on(pair, place).is_some())
        .count()
}

/// The roads with a vertex where one is missed: the place that an editor joins the other road to.
fn with_vertex(mut segments: Vec<RoadSegment>, miss: &NearMiss) -> Vec<RoadSegment> {
    let missed = segments
        .iter_mut()
        .find(|each| each.id == miss.other_road_id);
    let line = &mut missed.unwrap().line;
    if !line.iter().any(|vertex| is_same(*vertex, miss.near)) {
        line.insert(is_on(line, miss.near).unwrap() + 1, miss.near);
    }
    segments
}

/// The roads with the gap closed by a road like the one that ends before it.
fn joined(mut segments: Vec<RoadSegment>, miss: &NearMiss) -> Vec<RoadSegment> {
    let own = segments.iter().find(|each| each.id == miss.road_id);
    let own = own.unwrap().clone();
    let line = if is_same(own.line[own.line.len() - 1], miss.end) {
        vec![miss.end, miss.near]
    } else {
        vec![miss.near, miss.end]
    };
    segments.push(RoadSegment {
        id: "zzz".to_owned(),
        line,
        ..own
    });
    segments
}

/// A vertex is one more place where a road may be entered on foot, and that is no part of mending: so it is there before.
#[test]
fn what_mending_changes_is_what_building_anew_changes_and_nobody_becomes_slower() {
    let (mut n_joins, mut n_changed) = (0, 0);
    for (seed, mode) in (0..400).flat_map(|seed| [(seed, Mode::Foot), (seed, Mode::Motorcycle)]) {
        let drawn = World::new(seed);
        for found in misses_of(&travel(&drawn, mode).network, 130.0) {
            // Roads that lie on each other are joined by one vertex or by several, as they were drawn.
            let is_plain = |place| n_passes(&drawn.segments, place) == 1;
            if !is_plain(found.end) || !is_plain(found.near) {
                continue;
            }
            let world = World {
                segments: with_vertex(drawn.segments.clone(), &found),
                ..World::new(seed)
            };
            let travel_now = travel(&world, mode);
            let misses = misses_of(&travel_now.network, 130.0).into_iter();
            let miss = misses
                .filter(|miss| is_same(miss.end, found.end))
                // Rounded to the grid, the road beside it is bent by less than a centimetre.
                .find(|miss| local_distance_m(miss.near, found.near) < 0.02)
                .unwrap_or_else(|| panic!("seed {seed}: a vertex hides {found:?}"));
            let now = reaches(&travel_now, &world);
            let cancel = AtomicBool::new(false);
            let facilities = world.facilities.clone();
            let mending =
                Mending::new(&travel_now, facilities, &world.demand, options(), &cancel).unwrap();
            let changed = mending.join(&Join::from(&miss));
            let mended = World {
                segments: joined(world.segments.clone(), &miss),
                ..World::new(seed)
            };
            let then = reaches(&travel(&mended, mode), &world);
            n_joins += 1;
            n_changed += changed.len();
            for (point, (now, then)) in now.iter().zip(&then).enumerate() {
                let told = changed.contains(&point);
                let case = format!("seed {seed} {mode} {miss:?} point {point}: {now:?} {then:?}");
                match (time_ms(now), time_ms(then)) {
                    (Some(before), Some(after)) => {
                        assert!(after <= before + ROUNDING_MS, "slower: {case}");
                        let gain = before.saturating_sub(after);
                        let is_sure = LEAST_CHANGE_MS.abs_diff(gain) > ROUNDING_MS;
                        let is_other = LEAST_CHANGE_MS <= gain || now.state != then.state;
                        assert!(!is_sure || told == is_other, "{case}");
                    }
                    (before, after) => {
                        assert!(before.is_none(), "lost: {case}");
                        assert_eq!(told, after.is_some() || now.state != then.state, "{case}");
                    }
                }
            }
        }
    }
    assert!(
        n_joins > 400 && n_changed > 100,
        "{n_joins} joins, {n_changed} changes"
    );
}

#[test]
fn a_facility_moved_to_the_road_changes_whom_computing_anew_changes() {
    let mut n_changed = 0;
    for seed in 0..300 {
        let mut world = World::new(seed);
        let Some(moved) = world.facilities.pop() else {
            continue;
        };
        let travel_now = travel(&world, Mode::Motorcycle);
        let now = reaches(&travel_now, &world);
        let cancel = AtomicBool::new(false);
        let stand = world.facilities.clone();
        let mending = Mending::new(&travel_now, stand, &world.demand, options(), &cancel).unwrap();
        let changed = mending.facility_at(moved);
        world.facilities.push(moved);
        let then = reaches(&travel_now, &world);
        let expected: Vec<usize> = (0..now.len())
            .filter(|point| {
                let times = time_ms(&now[*point]).zip(time_ms(&then[*point]));
                let gains = times.is_some_and(|(now, then)| LEAST_CHANGE_MS <= now - then);
                gains || now[*point].state != then[*point].state
            })
            .collect();
        assert_eq!(changed, expected, "seed {seed}");
        n_changed += changed.len();
    }
    assert!(n_changed > 100, "only {n_changed} changes");
}

#[test]
fn a_one_way_road_is_made_longer_in_its_own_direction_only() {
    // The side road leads from the village to the main road, or away from it.
    let roads = |one_way| {
        let mut side = road("side", &[(500.0, 5000.0), (500.0, 10.0)]);
        side.road.one_way = one_way;
        [road("main", &[(0.0, 0.0), (9000.0, 0.0)]), side]
    };
    let changed = |one_way| {
        let network = network(&roads(one_way));
        let profiles = Profiles::parse(PROFILES).unwrap();
        let weights = Weights::new(
            &network,
            profiles.profile(Mode::Motorcycle).unwrap(),
            Season::Dry,
        );
        let misses = misses_of(&network, 25.0);
        let travel = Travel::new(
            Arc::new(network),
            Arc::new(weights),
            Arc::new(Barriers::default()),
            Metric::Time,
            SnapChoice::Best,
        );
        let demand = [at(500.0, 5000.0)];
        let cancel = AtomicBool::new(false);
        let mending =
            Mending::new(&travel, vec![at(9000.0, 0.0)], &demand, options(), &cancel).unwrap();
        mending.join(&Join::from(&misses[0])).len()
    };
    assert_eq!(changed(OneWay::Forward), 1);
    assert_eq!(changed(OneWay::Backward), 0);
}
