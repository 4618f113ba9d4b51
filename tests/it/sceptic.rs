//! What a sceptic would ask of the engine (METRICS 9), with the answer worked out by hand.
//!
//! Everything lies along the equator, where a degree of longitude is the equator's radius times π / 180.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jangkau::access::{
    LegKind, NearestOptions, PointResult, nearest, people_within, roll_up, route, split_people,
};
use jangkau::domain::{
    CrossingKind, LonLat, Metric, Mode, Nearest, People, PointReach, ReachState, RoadClass, Season,
    SeasonAccess, Surface,
};
use jangkau::network::{
    Barriers, BuildOptions, CrossingPoint, Profiles, RoadAttributes, RoadSegment, SnapChoice,
    Travel, Weights, build, local_distance_m,
};

use crate::random_world::World;

const M_PER_LON_DEGREE: f64 = 6_378_137.0 * std::f64::consts::PI / 180.0;
const WALKING_M_PER_S: f64 = 5.0 / 3.6;
const OFF_ROAD_FACTOR: f64 = 2.0;

/// Degrees, so that lengths along the equator are degrees times [`M_PER_LON_DEGREE`].
fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::parse(lon, lat).expect("it is near the equator")
}

fn road(id: &str, line: &[LonLat]) -> RoadSegment {
    RoadSegment {
        id: id.to_owned(),
        line: line.to_vec(),
        road: RoadAttributes {
            surface: Some(Surface::Paved),
            ..RoadAttributes::of_class(RoadClass::Tertiary)
        },
    }
}

#[derive(Default)]
struct District {
    roads: Vec<RoadSegment>,
    crossings: Vec<CrossingPoint>,
    barriers: Vec<Vec<LonLat>>,
}

impl District {
    fn of(roads: impl Into<Vec<RoadSegment>>) -> Self {
        Self {
            roads: roads.into(),
            ..Self::default()
        }
    }

    fn travel(&self, season: Season) -> Travel {
        let (network, _) = build(&self.roads, &self.crossings, &BuildOptions::default());
        let profiles = Profiles::built_in();
        let foot = profiles.profile(Mode::Foot).expect("walkers are built in");
        let weights = Weights::new(&network, foot, season);
        let barriers = Barriers::new(&self.barriers);
        let (network, weights, barriers) =
            (Arc::new(network), Arc::new(weights), Arc::new(barriers));
        Travel::new(network, weights, barriers, Metric::Time, SnapChoice::Best)
    }

    fn reach(&self, from: LonLat, facilities: &[LonLat]) -> PointReach {
        reach(&self.travel(Season::Dry), from, facilities, None)
    }

    fn time_s(&self, from: LonLat, to: LonLat) -> f64 {
        let nearest = self.reach(from, &[to]).nearest;
        nearest.expect("there is a way").time.to_seconds()
    }
}

fn reach(travel: &Travel, from: LonLat, facilities: &[LonLat], cutoff: Option<u32>) -> PointReach {
    let options = NearestOptions {
        cutoff,
        threads: NonZeroUsize::MIN,
    };
    let reaches = nearest(
        travel,
        facilities,
        &[from],
        options,
        &AtomicBool::new(false),
    );
    reaches.expect("nobody cancels").points[0]
}

fn walk_s(length_m: f64) -> f64 {
    length_m / WALKING_M_PER_S
}

/// Vertices are rounded to 11 mm, which is 8 ms of walking.
#[track_caller]
fn assert_seconds(actual: f64, expected: f64) {
    assert!(
        (actual - expected).abs() < 0.05,
        "{actual} s is not {expected} s"
    );
}

#[test]
fn a_house_beside_the_middle_of_a_long_edge_is_not_charged_the_way_to_its_end() {
    let district = District::of([road("4 km", &[at(0.0, 0.0), at(0.036, 0.0)])]);
    let house = at(0.018, 0.0001);
    let clinic = at(0.036, 0.0);
    let off_road_m = local_distance_m(house, at(0.018, 0.0));
    let expected_s = walk_s(OFF_ROAD_FACTOR * off_road_m + 0.018 * M_PER_LON_DEGREE);
    assert_seconds(district.time_s(house, clinic), expected_s);
}

#[test]
fn house_and_clinic_on_one_edge_need_no_node() {
    let district = District::of([road("4 km", &[at(0.0, 0.0), at(0.036, 0.0)])]);
    let way_s = district.time_s(at(0.004, 0.0), at(0.032, 0.0));
    assert_seconds(way_s, walk_s((0.032 - 0.004) * M_PER_LON_DEGREE));
}

/// A road on each side of a river 220 m wide between their ends, and a bridge 1 km east.
fn two_banks() -> District {
    let south = road("south", &[at(0.0, -0.001), at(0.01, -0.001)]);
    let north = road("north", &[at(0.0, 0.001), at(0.01, 0.001)]);
    let mut bridge = road("the bridge", &[at(0.01, -0.001), at(0.01, 0.001)]);
    bridge.road.is_bridge = true;
    District {
        barriers: vec![vec![at(-1.0, 0.0), at(1.0, 0.0)]],
        ..District::of([south, north, bridge])
    }
}

#[test]
fn a_house_across_the_river_goes_by_the_bridge() {
    let bridge_m = local_distance_m(at(0.01, -0.001), at(0.01, 0.001));
    let expected_s = walk_s(2.0 * 0.01 * M_PER_LON_DEGREE + bridge_m);
    assert_seconds(
        two_banks().time_s(at(0.0, -0.001), at(0.0, 0.001)),
        expected_s,
    );
}

#[test]
fn without_the_bridge_the_village_is_stranded_with_its_people() {
    let mut district = two_banks();
    district.roads.retain(|road| !road.road.is_bridge);
    let stranded = district.reach(at(0.0, -0.001), &[at(0.0, 0.001)]);
    let people = Some(People::from_count(412.0));
    let point = PointResult {
        key: "a",
        people,
        reach: stranded,
    };
    let area = roll_up(&[point], 1, |_| Some(0), Metric::Time)[0].unwrap();
    assert_eq!(stranded.state, ReachState::NoPath);
    assert_eq!(area.people.unwrap().no_path, People::from_count(412.0));
    assert_eq!(area.people.unwrap().total(), People::from_count(412.0));
}

#[test]
fn a_kilometre_off_the_road_costs_the_factor_times_its_walk_at_either_end() {
    let district = District::of([road("main", &[at(0.0, 0.0), at(0.1, 0.0)])]);
    let (on_road, off_road) = (at(0.0, 0.0), at(0.0, 0.009_044));
    let far = at(0.1, 0.0);
    let extra_s = walk_s(OFF_ROAD_FACTOR * local_distance_m(on_road, off_road));
    let along_s = district.time_s(on_road, far);
    assert_seconds(extra_s, OFF_ROAD_FACTOR * 1000.0 / WALKING_M_PER_S);
    assert_seconds(district.time_s(off_road, far), along_s + extra_s);
    assert_seconds(district.time_s(far, off_road), along_s + extra_s);
}

#[test]
fn a_walk_to_a_facility_close_by_needs_no_road() {
    let district = District::default();
    let expected_s = walk_s(OFF_ROAD_FACTOR * 0.01 * M_PER_LON_DEGREE);
    assert_seconds(district.time_s(at(0.0, 0.0), at(0.01, 0.0)), expected_s);
    // Two kilometres are the snap radius; 0.018 degrees are 2,004 m.
    let beyond = district.reach(at(0.0, 0.0), &[at(0.018, 0.0)]);
    assert_eq!(beyond.state, ReachState::Unsnapped);
}

#[test]
fn a_cost_equal_to_the_cutoff_is_within() {
    let travel = District::of([road("main", &[at(0.0, 0.0), at(0.1, 0.0)])]).travel(Season::Dry);
    let (from, to) = (at(0.0, 0.0), at(0.1, 0.0));
    let cost_ms = reach(&travel, from, &[to], None).nearest.unwrap().time.0;
    assert_eq!(
        reach(&travel, from, &[to], Some(cost_ms)).state,
        ReachState::Within
    );
    assert_eq!(
        reach(&travel, from, &[to], Some(cost_ms - 1)).state,
        ReachState::BeyondCutoff
    );
}

#[test]
fn of_two_facilities_equally_far_the_first_is_the_nearest() {
    let district = District::of([road("main", &[at(-0.02, 0.0), at(0.0, 0.0), at(0.02, 0.0)])]);
    let reach = district.reach(at(0.0, 0.0), &[at(0.02, 0.0), at(-0.02, 0.0)]);
    let [nearest, second] = [reach.nearest, reach.second].map(Option::unwrap);
    assert_eq!((nearest.facility, second.facility), (0, 1));
    assert_eq!(nearest.time, second.time);
}

/// A road through a river, with a crossing in its middle piece.
fn with_crossing(kind: CrossingKind) -> District {
    let places = [0.0, 0.01, 0.011, 0.03].map(|lon| at(lon, 0.0));
    let crossing = CrossingPoint {
        kind,
        season: SeasonAccess::Dry,
        place: at(0.0105, 0.0001),
    };
    District {
        crossings: vec![crossing],
        barriers: vec![vec![at(0.0105, -1.0), at(0.0105, 1.0)]],
        ..District::of([road("main", &places)])
    }
}

#[test]
fn a_ford_closed_by_the_rains_strands_only_who_must_cross_it() {
    let district = with_crossing(CrossingKind::Ford);
    let clinic = [at(0.03, 0.0)];
    let state = |season, lon| reach(&district.travel(season), at(lon, 0.0), &clinic, None).state;
    assert_eq!(state(Season::Dry, 0.0), ReachState::Within);
    assert_eq!(state(Season::Wet, 0.0), ReachState::NoPath);
    // From the far side one still walks the road that leads up to the ford.
    assert_eq!(state(Season::Wet, 0.012), ReachState::Within);
}

#[test]
fn a_ferry_costs_a_wait_of_a_quarter_of_an_hour() {
    let (from, to) = (at(0.0, 0.0), at(0.03, 0.0));
    let by_ford_s = with_crossing(CrossingKind::Ford).time_s(from, to);
    let by_ferry_s = with_crossing(CrossingKind::Ferry).time_s(from, to);
    assert_seconds(by_ferry_s - by_ford_s, 900.0);
}

/// A road to a landing, a boat over 1.1 km of water, and a road on.
fn with_boat() -> District {
    let mut boat = road("boat", &[at(0.01, 0.0), at(0.014, 0.0), at(0.02, 0.0)]);
    boat.road.class = RoadClass::Ferry;
    District::of([
        road("west", &[at(0.0, 0.0), at(0.01, 0.0)]),
        boat,
        road("east", &[at(0.02, 0.0), at(0.03, 0.0)]),
    ])
}

const BOAT_M_PER_S: f64 = 5.0 / 3.6;
const WAIT_S: f64 = 900.0;

#[test]
fn a_boat_is_waited_for_once_and_then_goes_at_its_speed() {
    let boat_s = WAIT_S + 0.01 * M_PER_LON_DEGREE / BOAT_M_PER_S;
    let walks_s = walk_s(2.0 * 0.01 * M_PER_LON_DEGREE);
    let way_s = |from, to| with_boat().time_s(at(from, 0.0), at(to, 0.0));
    assert_seconds(way_s(0.0, 0.03), walks_s + boat_s);
}

#[test]
fn from_landing_to_landing_the_wait_is_charged_at_both_ends() {
    let mut district = with_boat();
    district.barriers = vec![vec![at(0.015, -1.0), at(0.015, 1.0)]];
    let boat_s = WAIT_S + 0.01 * M_PER_LON_DEGREE / BOAT_M_PER_S;
    assert_seconds(district.time_s(at(0.01, 0.0), at(0.02, 0.0)), boat_s);
    assert_seconds(district.time_s(at(0.02, 0.0), at(0.01, 0.0)), boat_s);
}

#[test]
fn nobody_boards_a_boat_on_the_water() {
    let way_s = with_boat().time_s(at(0.0, 0.0), at(0.015, 0.0));
    let expected_m = 0.01 * M_PER_LON_DEGREE + OFF_ROAD_FACTOR * 0.005 * M_PER_LON_DEGREE;
    assert_seconds(way_s, walk_s(expected_m));
}

#[test]
fn a_ferry_crossing_on_a_boat_adds_no_second_wait() {
    let mut district = with_boat();
    let before_s = district.time_s(at(0.0, 0.0), at(0.03, 0.0));
    district.crossings = vec![CrossingPoint {
        kind: CrossingKind::Ferry,
        season: SeasonAccess::All,
        place: at(0.016, 0.0),
    }];
    assert_seconds(district.time_s(at(0.0, 0.0), at(0.03, 0.0)), before_s);
}

#[test]
fn who_may_board_a_boat_is_data() {
    let profiles = Profiles::built_in();
    let boards = |mode: &Mode| {
        let profile = profiles.profile(*mode).unwrap();
        let speed = profile.speed(RoadClass::Ferry, None, None, Season::Dry, None);
        speed.is_some()
    };
    let on_board: Vec<Mode> = Mode::ALL.iter().copied().filter(boards).collect();
    assert_eq!(on_board, [Mode::Foot, Mode::Bicycle, Mode::Motorcycle]);
}

#[test]
fn the_path_names_its_roads_and_how_much_of_them_is_known() {
    let mut second = road("second", &[at(0.02, 0.0), at(0.03, 0.0)]);
    second.road.surface = None;
    let first = road("first", &[at(0.0, 0.0), at(0.01, 0.0), at(0.02, 0.0)]);
    // A side road makes a node on the first road, which stays one leg.
    let side = road("side", &[at(0.01, 0.0), at(0.01, 0.01)]);
    let travel = District::of([first, second, side]).travel(Season::Dry);
    let answer = route(
        &travel,
        at(0.0, 0.001),
        at(0.03, 0.0),
        &AtomicBool::new(false),
    )
    .unwrap();
    let shown = answer.route.unwrap();
    let roads: Vec<Option<&str>> = shown
        .legs
        .iter()
        .map(|leg| leg.road_id.as_deref())
        .collect();
    assert_eq!(roads, [None, Some("first"), Some("second")]);
    assert_eq!(shown.legs[0].kind, LegKind::OffRoad);
    assert!(shown.legs[0].speed_source.starts_with("Tobler (1993)"));
    let known = shown.known_share.unwrap();
    assert!((known.surface - 2.0 / 3.0).abs() < 1e-6);
    assert!(known.season.abs() < 1e-6);
}

/// Nearest costs on foot by time, without a cutoff.
fn costs(world: &World) -> Vec<Option<u32>> {
    let travel = world.travel(Mode::Motorcycle, Metric::Time, SnapChoice::Best);
    let cost = |from: &LonLat| reach(&travel, *from, &world.facilities, None).nearest;
    world
        .demand
        .iter()
        .map(|from| cost(from).map(|nearest: Nearest| nearest.time.0))
        .collect()
}

#[test]
fn a_new_road_or_facility_never_raises_anyones_time() {
    let is_worse = |before: &Option<u32>, after: &Option<u32>| match (before, after) {
        (Some(before), Some(after)) => after > before,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let mut n_better = 0;
    for seed in 0..300 {
        let mut world = World::new(seed);
        let (Some(road), Some(facility)) = (world.segments.pop(), world.facilities.pop()) else {
            continue;
        };
        let before = costs(&world);
        world.segments.push(road);
        let with_road = costs(&world);
        world.facilities.push(facility);
        let with_both = costs(&world);
        for (before, after) in before
            .iter()
            .zip(&with_road)
            .chain(with_road.iter().zip(&with_both))
        {
            assert!(
                !is_worse(before, after),
                "seed {seed}: {before:?} became {after:?}"
            );
            n_better += u32::from(before != after);
        }
    }
    assert!(n_better > 100, "only {n_better} trips changed");
}

#[test]
fn the_people_of_a_village_are_the_sum_over_its_states() {
    let total = People(1_000_001);
    for seed in 0..100 {
        let world = World::new(seed);
        let travel = world.travel(Mode::Foot, Metric::Time, SnapChoice::Best);
        let weights: Vec<People> = (0_i64..6).map(People).collect();
        let shares = split_people(total, &weights);
        let reaches = world
            .demand
            .iter()
            .map(|from| reach(&travel, *from, &world.facilities, Some(300_000)));
        let points: Vec<PointResult<'_>> = shares
            .iter()
            .zip(reaches)
            .map(|(people, reach)| PointResult {
                key: "",
                people: Some(*people),
                reach,
            })
            .collect();
        let area = roll_up(&points, 1, |_| Some(0), Metric::Time)[0].unwrap();
        assert_eq!(area.people.unwrap().total(), total, "seed {seed}");
        let times: Vec<Option<u32>> = points
            .iter()
            .map(|point| point.reach.nearest.map(|nearest| nearest.time.0))
            .collect();
        assert_eq!(
            people_within(&points, &times, 300_000),
            Some(area.people.unwrap().within)
        );
    }
}
