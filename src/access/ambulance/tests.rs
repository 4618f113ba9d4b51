//! Rescues worked out by hand along the equator, and random ones against plain relaxation over two layers.

mod reach;

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::access::{Leg, LegKind, NearestOptions};
use crate::domain::{Condition, Metric, Mode, OneWay, RoadClass, Season, Surface};
use crate::network::{
    Barriers, BuildOptions, EdgeRow, Network, Profiles, RoadAttributes, RoadSegment, SnapChoice,
    Weights, build, local_distance_m, to_edge_table,
};

const M_PER_LON_DEGREE: f64 = 6_378_137.0 * std::f64::consts::PI / 180.0;
const OFF_ROAD_FACTOR: f64 = 2.0;

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::parse(lon, lat).unwrap()
}

fn walk_s(length_m: f64) -> f64 {
    length_m * 3.6 / 5.0
}

/// A good tertiary road: 40 km/h by car.
fn drive_s(length_m: f64) -> f64 {
    length_m * 3.6 / 40.0
}

fn road(class: RoadClass, line: &[LonLat]) -> RoadSegment {
    RoadSegment {
        id: format!("{class} {line:?}"),
        line: line.to_vec(),
        road: RoadAttributes {
            surface: Some(Surface::Paved),
            condition: Some(Condition::Good),
            ..RoadAttributes::of_class(class)
        },
    }
}

struct Valley {
    carry: Travel,
    drive: Travel,
}

impl Valley {
    fn new(
        roads: &[RoadSegment],
        barriers: &[Vec<LonLat>],
        profiles: &Profiles,
        season: Season,
    ) -> Self {
        Self::snapped(roads, barriers, profiles, season, SnapChoice::Best)
    }

    fn snapped(
        roads: &[RoadSegment],
        barriers: &[Vec<LonLat>],
        profiles: &Profiles,
        season: Season,
        snap: SnapChoice,
    ) -> Self {
        let (network, _) = build(roads, &[], &BuildOptions::default());
        let (network, barriers) = (Arc::new(network), Arc::new(Barriers::new(barriers)));
        let travel = |mode| {
            let weights = Weights::new(&network, profiles.profile(mode).unwrap(), season);
            let (network, barriers) = (Arc::clone(&network), Arc::clone(&barriers));
            let weights = Arc::new(weights);
            Travel::new(network, weights, barriers, Metric::Time, snap)
        };
        Self {
            carry: travel(Mode::Foot),
            drive: travel(Mode::Ambulance),
        }
    }

    fn by(&self) -> Rescue<'_> {
        Rescue {
            carry: &self.carry,
            drive: &self.drive,
        }
    }

    fn rescue<const K: usize>(
        &self,
        facilities: &[LonLat],
        patients: &[LonLat],
    ) -> Vec<RescueReach> {
        let options = NearestOptions {
            cutoff: None,
            threads: NonZeroUsize::MIN,
        };
        let never = AtomicBool::new(false);
        rescue::<K>(self.by(), facilities, patients, options, &never).unwrap()
    }

    fn matrix(
        &self,
        facilities: &[LonLat],
        patients: &[LonLat],
        (cutoff, threads): (Option<u32>, usize),
    ) -> Vec<Vec<RescuePair>> {
        let threads = NonZeroUsize::new(threads).unwrap();
        let options = NearestOptions { cutoff, threads };
        let never = AtomicBool::new(false);
        let mut rows = Vec::new();
        let mut take = |patient, row: &[RescuePair]| {
            assert_eq!(patient, rows.len());
            rows.push(row.to_vec());
            ControlFlow::Continue(())
        };
        rescue_matrix(self.by(), facilities, patients, options, &never, &mut take).unwrap();
        rows
    }

    fn route(&self, from: LonLat, to: LonLat) -> RescueRouteAnswer {
        rescue_route(self.by(), from, to, &AtomicBool::new(false)).unwrap()
    }
}

/// The one rescue from a house to a clinic at the east end of the main road.
fn trip_of(
    roads: &[RoadSegment],
    barriers: &[Vec<LonLat>],
    season: Season,
    house: LonLat,
) -> RescueTrip {
    let valley = Valley::new(roads, barriers, &Profiles::built_in(), season);
    let reach = valley.rescue::<1>(&[clinic()], &[house]).remove(0);
    assert_eq!(reach.state, ReachState::Within);
    reach.trips[0]
}

fn clinic() -> LonLat {
    at(0.03, 0.0)
}

fn main_road() -> RoadSegment {
    road(RoadClass::Tertiary, &[at(0.0, 0.0), at(0.03, 0.0)])
}

#[track_caller]
fn assert_near(actual: f64, expected: f64) {
    assert!(
        (actual - expected).abs() < 0.1,
        "{actual} is not {expected}"
    );
}

#[track_caller]
fn assert_trip(trip: &RescueTrip, carry_m: f64, drive_m: f64, last_point: LonLat) {
    assert_near(trip.carry.length.to_metres(), carry_m);
    assert_near(trip.carry.time.to_seconds(), walk_s(carry_m));
    assert_near(trip.drive.length.to_metres(), drive_m);
    assert_near(trip.drive.time.to_seconds(), drive_s(drive_m));
    let shown = trip.last_point.unwrap();
    assert!(local_distance_m(shown, last_point) < 0.05, "{shown:?}");
}

#[test]
fn from_the_end_of_a_footpath_of_300_m_one_is_carried_300_m() {
    let end = at(0.01, 0.002_713);
    let path = road(RoadClass::Footway, &[at(0.01, 0.0), end]);
    let trip = trip_of(
        &[
            road(
                RoadClass::Tertiary,
                &[at(0.0, 0.0), at(0.01, 0.0), at(0.03, 0.0)],
            ),
            path,
        ],
        &[],
        Season::Dry,
        end,
    );
    assert_near(trip.carry.length.to_metres(), 300.0);
    let drive_m = 0.02 * M_PER_LON_DEGREE;
    assert_trip(
        &trip,
        local_distance_m(at(0.01, 0.0), end),
        drive_m,
        at(0.01, 0.0),
    );
    let total = trip.total();
    assert_eq!(total.time.0, trip.carry.time.0 + trip.drive.time.0);
}

#[test]
fn a_house_across_a_footbridge_is_carried_over_the_bridge() {
    let (south, north) = (at(0.01, 0.0), at(0.01, 0.001));
    let main = road(RoadClass::Tertiary, &[at(0.0, 0.0), south, at(0.03, 0.0)]);
    let mut bridge = road(RoadClass::Footway, &[south, north]);
    bridge.road.is_bridge = true;
    let river = vec![at(-1.0, 0.0005), at(1.0, 0.0005)];
    let trip = trip_of(&[main, bridge], &[river], Season::Dry, north);
    let bridge_m = local_distance_m(south, north);
    assert_trip(&trip, bridge_m, 0.02 * M_PER_LON_DEGREE, south);
}

#[test]
fn from_a_house_by_the_road_the_carry_is_the_off_road_leg_only() {
    let house = at(0.01, 0.000_5);
    let carry_m = OFF_ROAD_FACTOR * local_distance_m(house, at(0.01, 0.0));
    let trip = trip_of(&[main_road()], &[], Season::Dry, house);
    assert_trip(&trip, carry_m, 0.02 * M_PER_LON_DEGREE, at(0.01, 0.0));
}

#[test]
fn rains_that_close_a_track_to_the_vehicle_make_the_carry_longer() {
    let (junction, house) = (at(0.01, 0.0), at(0.01, 0.009));
    let main = road(
        RoadClass::Tertiary,
        &[at(0.0, 0.0), junction, at(0.03, 0.0)],
    );
    let mut track = road(RoadClass::Track, &[junction, house]);
    track.road.surface = Some(Surface::Earth);
    track.road.condition = Some(Condition::Poor);
    let roads = [main, track];
    let track_m = local_distance_m(junction, house);
    let dry = trip_of(&roads, &[], Season::Dry, house);
    assert_eq!(dry.carry.length, Millimetres(0));
    // The track is driven at 10 km/h.
    let drive_m = 0.02 * M_PER_LON_DEGREE;
    assert_near(
        dry.drive.time.to_seconds(),
        track_m * 3.6 / 10.0 + drive_s(drive_m),
    );
    let wet = trip_of(&roads, &[], Season::Wet, house);
    assert_trip(&wet, track_m, drive_m, junction);
}

#[test]
fn next_door_to_the_clinic_no_vehicle_is_waited_for() {
    let house = at(0.03, 0.000_2);
    let path = road(RoadClass::Footway, &[at(0.03, 0.0), house]);
    let mut far_road = main_road();
    far_road.line = vec![at(0.0, 0.01), at(0.03, 0.01)];
    let trip = trip_of(&[far_road, path], &[], Season::Dry, house);
    assert_eq!(trip.last_point, None);
    assert_eq!(trip.drive.time, Milliseconds(0));
    assert_near(
        trip.carry.length.to_metres(),
        local_distance_m(at(0.03, 0.0), house),
    );
}

#[test]
fn where_no_road_is_near_a_patient_is_unsnapped_and_an_island_has_no_path() {
    let island = road(RoadClass::Footway, &[at(1.0, 0.0), at(1.01, 0.0)]);
    let profiles = Profiles::built_in();
    let valley = Valley::new(&[main_road(), island], &[], &profiles, Season::Dry);
    let states: Vec<ReachState> = valley
        .rescue::<1>(&[clinic()], &[at(0.5, 0.0), at(1.0, 0.0)])
        .iter()
        .map(|reach| reach.state)
        .collect();
    assert_eq!(states, [ReachState::Unsnapped, ReachState::NoPath]);
}

/// Numbers that look random and are the same everywhere (Knuth's MMIX generator).
fn numbers(seed: u64) -> impl FnMut(u32) -> u32 {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % u64::from(below)).unwrap()
    }
}

/// The built-in profiles, with another snap radius in metres.
fn profiles_with_radius(radius_m: u32) -> Profiles {
    let text = include_str!("../../../data/profiles.toml");
    let built_in = "{ name = \"snap_radius_m\", value = 2000 }";
    assert!(text.contains(built_in));
    let changed = format!("{{ name = \"snap_radius_m\", value = {radius_m} }}");
    Profiles::parse(&text.replace(built_in, &changed)).unwrap()
}

const SIDE: u32 = 5;

fn crossroads(column: u32, row: u32) -> LonLat {
    at(
        102.5 + f64::from(column) * 0.004,
        -2.3 + f64::from(row) * 0.004,
    )
}

fn random_roads(next: &mut impl FnMut(u32) -> u32) -> Vec<RoadSegment> {
    let classes = [
        RoadClass::Tertiary,
        RoadClass::Footway,
        RoadClass::Residential,
        RoadClass::Path,
        RoadClass::Motorway,
    ];
    let signs = [OneWay::No, OneWay::Forward, OneWay::Backward];
    let mut roads = Vec::new();
    for column in 0..SIDE {
        for row in 0..SIDE {
            for (to_column, to_row) in [(column + 1, row), (column, row + 1)] {
                if to_column == SIDE || to_row == SIDE || next(4) == 0 {
                    continue;
                }
                let line = [crossroads(column, row), crossroads(to_column, to_row)];
                let mut segment = road(classes[next(5) as usize], &line);
                segment.road.one_way = signs[next(3) as usize];
                roads.push(segment);
            }
        }
    }
    roads
}

/// Least time from every node on foot or by vehicle to a node, by relaxing every edge until nothing improves:
/// the vehicle's times, and those of a patient who may be on foot first.
fn relaxed(n_nodes: u32, [drive, carry]: [&[EdgeRow]; 2], to: u32) -> [Vec<Option<u64>>; 2] {
    let mut driven: Vec<Option<u64>> = vec![None; n_nodes as usize];
    driven[to as usize] = Some(0);
    relax(&mut driven, drive);
    let mut carried = driven.clone();
    relax(&mut carried, carry);
    [driven, carried]
}

fn relax(times: &mut [Option<u64>], edges: &[EdgeRow]) {
    let mut has_improved = true;
    while has_improved {
        has_improved = false;
        for edge in edges {
            let both = [
                (edge.source, edge.target, edge.cost),
                (edge.target, edge.source, edge.reverse_cost),
            ];
            for (from, to, cost) in both {
                let (Some(cost), Some(on)) = (cost, times[to as usize]) else {
                    continue;
                };
                let new = on + u64::from(cost);
                if times[from as usize].is_none_or(|old| new < old) {
                    times[from as usize] = Some(new);
                    has_improved = true;
                }
            }
        }
    }
}

/// The node at each place; a place in the middle of an edge has none.
fn node_at(network: &Network, place: LonLat) -> Option<u32> {
    let mut nodes = (0..network.n_edges()).flat_map(|edge| {
        let places = network.end_positions(edge).map(|end| network.place(end));
        network.ends(edge).into_iter().zip(places)
    });
    nodes
        .find(|(_, here)| local_distance_m(*here, place) < 0.1)
        .map(|(node, _)| node)
}

#[test]
fn random_rescues_are_those_of_relaxation_over_two_layers() {
    let profiles = profiles_with_radius(1);
    let (mut n_carried, mut n_driven) = (0, 0);
    for seed in 0..150 {
        let mut next = numbers(seed);
        let roads = random_roads(&mut next);
        let valley = Valley::new(&roads, &[], &profiles, Season::Dry);
        let network = &valley.drive.network;
        let nodes: Vec<(u32, LonLat)> = (0..SIDE * SIDE)
            .map(|number| crossroads(number % SIDE, number / SIDE))
            .filter_map(|place| Some((node_at(network, place)?, place)))
            .collect();
        if nodes.is_empty() {
            continue;
        }
        let n_places = u32::try_from(nodes.len()).unwrap();
        let facilities: Vec<(u32, LonLat)> =
            (0..3).map(|_| nodes[next(n_places) as usize]).collect();
        let places =
            |nodes: &[(u32, LonLat)]| nodes.iter().map(|(_, place)| *place).collect::<Vec<_>>();
        let answers = valley.rescue::<2>(&places(&facilities), &places(&nodes));
        let edges = [&valley.drive, &valley.carry]
            .map(|travel| to_edge_table(network, &travel.weights, Metric::Time));
        let relaxed: Vec<_> = facilities
            .iter()
            .map(|(to, _)| relaxed(network.n_nodes(), [&edges[0], &edges[1]], *to))
            .collect();
        for ((node, _), answer) in nodes.iter().zip(&answers) {
            let mut expected: Vec<(u64, u32)> = (0..)
                .zip(&relaxed)
                .filter_map(|(facility, [_, carried])| Some((carried[*node as usize]?, facility)))
                .collect();
            expected.sort_unstable();
            expected.truncate(2);
            let shown: Vec<(u64, u32)> = answer
                .trips
                .iter()
                .map(|trip| (u64::from(trip.total().time.0), trip.facility))
                .collect();
            assert_eq!(shown, expected, "seed {seed}, node {node}");
            for trip in &answer.trips {
                let Some(last_point) = trip.last_point else {
                    assert_eq!(trip.drive.time, Milliseconds(0));
                    continue;
                };
                let waits_at = node_at(network, last_point).unwrap();
                let [driven, _] = &relaxed[trip.facility as usize];
                let drive_ms = u64::from(trip.drive.time.0);
                assert_eq!(driven[waits_at as usize], Some(drive_ms), "seed {seed}");
                n_carried += u32::from(trip.carry.time.0 > 0 && drive_ms > 0);
                n_driven += u32::from(trip.carry.time.0 == 0);
            }
        }
    }
    assert!(n_carried > 500 && n_driven > 500, "{n_carried} {n_driven}");
}

#[test]
fn one_and_eight_threads_rescue_alike() {
    let mut next = numbers(3);
    let valley = Valley::new(
        &random_roads(&mut next),
        &[],
        &Profiles::built_in(),
        Season::Wet,
    );
    let places: Vec<LonLat> = (0..40)
        .map(|_| {
            at(
                102.5 + f64::from(next(2000)) * 1e-5,
                -2.3 + f64::from(next(2000)) * 1e-5,
            )
        })
        .collect();
    let answers = [1, 8].map(|threads| {
        let options = NearestOptions {
            cutoff: Some(1_800_000),
            threads: NonZeroUsize::new(threads).unwrap(),
        };
        rescue::<2>(
            valley.by(),
            &places[..5],
            &places,
            options,
            &AtomicBool::new(false),
        )
        .unwrap()
    });
    assert_eq!(answers[0], answers[1]);
}

/// A valley of random roads, and places anywhere in it: most have walks off the road at both ends.
///
/// In every other one people may walk two kilometres to a road, which is over the whole valley; in the others 250 m, so
/// that parts without a way between them are what they are.
fn random_valley(
    seed: u64,
    snap: SnapChoice,
    next: &mut impl FnMut(u32) -> u32,
) -> (Valley, Vec<LonLat>) {
    let season = [Season::Dry, Season::Wet][usize::from(seed % 4 < 2)];
    let radius_m = [2000, 250][usize::from(seed % 2 == 1)];
    let roads = random_roads(next);
    let river: Vec<LonLat> = vec![at(102.503, -2.31), at(102.507, -2.27)];
    let rivers = [river];
    let valley = Valley::snapped(
        &roads,
        &rivers[..usize::from(seed.is_multiple_of(3))],
        &profiles_with_radius(radius_m),
        season,
        snap,
    );
    let places = (0..12).map(|_| random_place(next)).collect();
    (valley, places)
}

fn random_place(next: &mut impl FnMut(u32) -> u32) -> LonLat {
    at(
        102.495 + f64::from(next(2600)) * 1e-5,
        -2.305 + f64::from(next(2600)) * 1e-5,
    )
}

fn sum<'a>(legs: impl Iterator<Item = &'a Leg>) -> Part {
    let zero = Part {
        time: Milliseconds(0),
        length: Millimetres(0),
    };
    legs.fold(zero, |sum, leg| Part {
        time: Milliseconds(sum.time.0 + leg.time.0),
        length: Millimetres(sum.length.0 + leg.length.0),
    })
}

#[test]
fn a_route_is_the_rescue_among_many_facilities_leg_by_leg() {
    let (mut n_carried_on_roads, mut n_driven, mut n_never_driven) = (0, 0, 0);
    for seed in 0..60 {
        let (valley, places) = random_valley(seed, SnapChoice::Best, &mut numbers(seed));
        let (facilities, patients) = places.split_at(4);
        let answers = valley.rescue::<4>(facilities, patients);
        for (patient, answer) in patients.iter().zip(&answers) {
            for trip in &answer.trips {
                let to = facilities[trip.facility as usize];
                let found = valley.route(*patient, to);
                assert_eq!(found.state, ReachState::Within);
                let route = found.route.unwrap();
                assert_eq!(
                    RescueTrip {
                        facility: trip.facility,
                        ..route.trip
                    },
                    *trip,
                    "seed {seed}"
                );
                let is_carry = |leg: &&Leg| leg.kind == LegKind::Carry;
                assert_eq!(
                    sum(route.legs.iter().filter(is_carry)),
                    trip.carry,
                    "seed {seed}"
                );
                let driven: Vec<&Leg> = route.legs.iter().skip_while(|leg| is_carry(leg)).collect();
                assert_eq!(sum(driven.iter().copied()), trip.drive, "seed {seed}");
                assert!(driven.iter().all(|leg| !is_carry(leg)));
                assert_unbroken(&route.legs, [*patient, to]);
                match (trip.last_point, driven.first()) {
                    (Some(place), Some(first)) => assert_eq!(first.line[0], place),
                    (Some(place), None) => assert!(local_distance_m(place, to) < 0.01),
                    (None, first) => assert_eq!(first, None),
                }
                n_carried_on_roads += route
                    .legs
                    .iter()
                    .filter(is_carry)
                    .filter(|leg| leg.class.is_some())
                    .count();
                n_driven += usize::from(driven.len() > 1);
                n_never_driven += usize::from(trip.last_point.is_none());
            }
        }
    }
    assert!(
        n_carried_on_roads > 100 && n_driven > 100 && n_never_driven > 100,
        "{n_carried_on_roads} {n_driven} {n_never_driven}"
    );
}

/// Legs without length are left out, so that ends may differ by less than a millimetre.
#[track_caller]
fn assert_unbroken(legs: &[Leg], [from, to]: [LonLat; 2]) {
    let mut here = from;
    for leg in legs {
        assert!(local_distance_m(here, leg.line[0]) < 0.01, "{legs:?}");
        here = *leg.line.last().unwrap();
    }
    assert!(local_distance_m(here, to) < 0.01, "{legs:?}");
}

#[test]
fn a_route_without_a_trip_has_the_state_of_the_rescue() {
    let island = road(RoadClass::Footway, &[at(1.0, 0.0), at(1.01, 0.0)]);
    let valley = Valley::new(
        &[main_road(), island],
        &[],
        &Profiles::built_in(),
        Season::Dry,
    );
    let states = [at(0.5, 0.0), at(1.0, 0.0)].map(|patient| {
        let found = valley.route(patient, clinic());
        assert_eq!(found.route, None);
        found.state
    });
    assert_eq!(states, [ReachState::Unsnapped, ReachState::NoPath]);
}

#[test]
fn every_pair_of_a_matrix_is_the_rescue_of_that_pair_on_any_threads() {
    let mut n_by_state = [0; 5];
    for seed in 0..40 {
        let (valley, places) = random_valley(seed, SnapChoice::Best, &mut numbers(seed));
        let (facilities, patients) = places.split_at(4);
        let patients = [patients, &[at(5.0, 5.0)]].concat();
        let answers = valley.rescue::<4>(facilities, &patients);
        let cutoff = 2_400_000;
        let rows = valley.matrix(facilities, &patients, (Some(cutoff), 1));
        assert_eq!(
            rows,
            valley.matrix(facilities, &patients, (Some(cutoff), 8))
        );
        for (patient, (answer, row)) in patients.iter().zip(answers.iter().zip(&rows)) {
            for (facility, pair) in (0..).zip(row) {
                n_by_state[pair.state as usize] += 1;
                let mut trips = answer.trips.iter();
                let trip = trips.find(|trip| trip.facility == facility);
                let within = trip.filter(|trip| trip.total().time.0 <= cutoff);
                assert_eq!(pair.total, within.map(RescueTrip::total), "seed {seed}");
                assert_eq!(pair.carry, within.map(|trip| trip.carry), "seed {seed}");
                let state = match (within, trip) {
                    (Some(_), _) => ReachState::Within,
                    (None, Some(_)) => ReachState::BeyondCutoff,
                    // Of the pair alone: another facility may be near enough to be walked to.
                    (None, None) => {
                        let alone = &facilities[facility as usize..=facility as usize];
                        valley.rescue::<1>(alone, &[*patient])[0].state
                    }
                };
                assert_eq!(pair.state, state, "seed {seed}");
            }
        }
    }
    assert!(n_by_state[..4].iter().all(|n| *n > 100), "{n_by_state:?}");
}
