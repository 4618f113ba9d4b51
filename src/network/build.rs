//! From road segments to a network, with a report of what was found.

use super::chains::Parts;
use super::crossing_join::{CrossingsJoined, join_crossings, max_pairs};
use super::crossings::place_crossings;
use super::end_join::{join_to_ends, join_to_middles};
use super::grid_point::GridPoint;
use super::layout::lay_out;
use super::lines::{Lines, RoadLine};
use super::road_network::id;
use super::{BuildReport, Cost, CrossingPoint, Joints, Network, RoadSegment};
use crate::domain::Millimetres;

/// Choices of the builder.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BuildOptions {
    /// Join loose line ends to the nearest line end or shared vertex at most this far away, or else to the nearest point
    /// of a road that is neither bridge nor tunnel nor ferry; none joins nothing.
    pub join_ends_within_m: Option<f64>,
    /// Join roads where they cross without a shared vertex, but where either is a bridge, a tunnel or a ferry.
    pub join_crossings: bool,
}

/// The network of road segments.
///
/// Nodes are places where more or fewer than two roads end, or two that differ in something that matters to a trip,
/// after rounding vertices to 1e-7 degrees; what lies between two nodes is one edge, whatever records it was drawn in.
/// A crossing gives its season to the nearest piece within 25 m, and to no more of the road, so that a closed ford does
/// not close the way to its bank. The result does not depend on the order of `segments`, whatever ids they share, nor on
/// the direction that a line is drawn in. Lengths are geodesics on WGS 84 in whole millimetres, at least one for each piece. O(n log n).
pub fn build(
    segments: &[RoadSegment],
    crossings: &[CrossingPoint],
    options: &BuildOptions,
) -> (Network, BuildReport) {
    let mut report = BuildReport {
        n_segments: id(segments.len()),
        ..BuildReport::default()
    };
    let road_lines = clean_lines(segments, options, &mut report);
    report.n_duplicate_segments = count_duplicates(&road_lines);
    let mut lines = Lines::new(&road_lines);
    let longest = |length: &&Millimetres| length.0 == Cost::LARGEST;
    report.n_saturated_lengths = id(lines.length.iter().filter(longest).count());
    let crossed = place_crossings(&mut lines, crossings);
    report.n_crossings_on_roads = id(crossings.len() - crossed.off_roads.len());
    report.crossings_off_roads = crossed.off_roads;
    let parts = Parts::new(&lines);
    let joints = Joints {
        ends_within: options.join_ends_within_m.map(Millimetres::from_metres),
        crossings: options.join_crossings,
    };
    let network = lay_out(&lines, &parts, &crossed.ferry_pieces, joints);
    report.n_contracted_nodes = parts.n_ends() - network.n_nodes();
    report.describe(&network);
    (network, report)
}

/// Lines on the grid: ends joined, repeated vertices and what is left without any length dropped.
fn clean_lines<'a>(
    segments: &'a [RoadSegment],
    options: &BuildOptions,
    report: &mut BuildReport,
) -> Vec<RoadLine<'a>> {
    let mut lines = RoadLine::in_order(segments);
    drop_repeats(&mut lines, report);
    if let Some(tolerance_m) = options.join_ends_within_m {
        report.n_joined_ends = join_to_ends(&mut lines, tolerance_m);
        drop_repeats(&mut lines, report);
        report.n_joined_ends += join_to_middles(&mut lines, tolerance_m);
        drop_repeats(&mut lines, report);
    }
    if options.join_crossings {
        let most = max_pairs(&lines);
        match join_crossings(&mut lines, most) {
            CrossingsJoined::Pairs(n_joined) => report.n_joined_crossings = n_joined,
            CrossingsJoined::TooMany => report.crossings_above = Some(most),
        }
    }
    lines
}

fn drop_repeats(lines: &mut Vec<RoadLine<'_>>, report: &mut BuildReport) {
    for line in lines.iter_mut() {
        let n_before = line.points.len();
        line.points.dedup();
        report.n_zero_length_pieces += id(n_before - line.points.len());
    }
    let n_before = lines.len();
    lines.retain(|line| line.points.len() > 1);
    report.n_segments_without_length += id(n_before - lines.len());
}

/// Lines that another one before them has too, in either direction.
fn count_duplicates(lines: &[RoadLine<'_>]) -> u32 {
    /// The lesser of a line and the same line turned round.
    fn points<'a>(line: &'a RoadLine<'_>) -> Box<dyn Iterator<Item = &'a GridPoint> + 'a> {
        if line.points.iter().le(line.points.iter().rev()) {
            Box::new(line.points.iter())
        } else {
            Box::new(line.points.iter().rev())
        }
    }
    let mut ordered: Vec<&RoadLine<'_>> = lines.iter().collect();
    ordered.sort_unstable_by(|a, b| points(a).cmp(points(b)));
    let is_repeat = |pair: &&[&RoadLine<'_>]| points(pair[0]).eq(points(pair[1]));
    id(ordered.windows(2).filter(is_repeat).count())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::RoadAttributes;
    use super::*;
    use crate::domain::{CrossingKind, LonLat, Mode, ModeSet, OneWay, RoadClass, SeasonAccess};

    /// A place in steps of 0.001 degrees (111 m) from 0, 0.
    fn at(east_steps: f64, north_steps: f64) -> LonLat {
        LonLat::parse(east_steps * 0.001, north_steps * 0.001).unwrap()
    }

    fn road(id: &str, line: &[LonLat]) -> RoadSegment {
        RoadSegment {
            id: id.to_owned(),
            line: line.to_vec(),
            road: RoadAttributes::of_class(RoadClass::Tertiary),
        }
    }

    /// The same line, mended.
    fn but(segment: &RoadSegment, mend: impl FnOnce(&mut RoadAttributes)) -> RoadSegment {
        let mut segment = segment.clone();
        mend(&mut segment.road);
        segment
    }

    /// The same road drawn from its other end.
    fn turned(segment: &RoadSegment) -> RoadSegment {
        RoadSegment {
            line: segment.line.iter().rev().copied().collect(),
            road: segment.road.turned(),
            ..segment.clone()
        }
    }

    fn report_of(roads: &[RoadSegment]) -> BuildReport {
        build(roads, &[], &BuildOptions::default()).1
    }

    #[test]
    fn lines_are_joined_where_they_share_a_vertex_and_nowhere_else() {
        let main = road("main", &[at(0.0, 0.0), at(1.0, 0.0), at(2.0, 0.0)]);
        let side = road("side", &[at(1.0, 0.0), at(1.0, 1.0)]);
        let over = road("over", &[at(0.5, -1.0), at(0.5, 1.0)]);
        let report = report_of(&[main, side, over]);
        // Main is cut in two; side and over are one edge each; over crosses main without a vertex.
        assert_eq!(
            (report.n_edges, report.n_nodes, report.n_components),
            (2 + 1 + 1, 4 + 2, 2)
        );
        assert_eq!(report.n_dead_ends, 3 + 2);
    }

    #[test]
    fn vertices_a_hundredth_of_a_metre_apart_are_one() {
        let first = road("a", &[at(0.0, 0.0), at(1.0, 0.0)]);
        let second = road("b", &[at(1.000_04, 0.0), at(2.0, 0.0)]);
        assert_eq!(report_of(&[first, second]).n_components, 1);
    }

    #[test]
    fn loops_parallel_edges_and_duplicates_are_kept_and_counted() {
        let there = road("a", &[at(0.0, 0.0), at(1.0, 0.0)]);
        let back = road("b", &[at(1.0, 0.0), at(0.0, 0.0)]);
        let round = road(
            "c",
            &[at(0.0, 0.0), at(0.0, 1.0), at(-1.0, 1.0), at(0.0, 0.0)],
        );
        let on = road("d", &[at(1.0, 0.0), at(2.0, 0.0)]);
        let report = report_of(&[there, back, round, on]);
        assert_eq!(report.n_edges, 4);
        assert_eq!(
            (
                report.n_parallel_edges,
                report.n_duplicate_segments,
                report.n_loops
            ),
            (1, 1, 1)
        );
    }

    #[test]
    fn repeated_vertices_and_lines_without_length_are_dropped_and_counted() {
        let stutter = road("a", &[at(0.0, 0.0), at(0.0, 0.0), at(1.0, 0.0)]);
        let dot = road("b", &[at(5.0, 5.0), at(5.0, 5.0)]);
        let report = report_of(&[stutter, dot]);
        assert_eq!((report.n_pieces, report.n_zero_length_pieces), (1, 2));
        assert_eq!(
            (report.n_segments, report.n_segments_without_length),
            (2, 1)
        );
    }

    #[test]
    fn lengths_are_geodesics_in_whole_millimetres() {
        let (network, _) = build(
            &[road("a", &[at(0.0, 0.0), at(10.0, 0.0)])],
            &[],
            &BuildOptions::default(),
        );
        // Along the equator: 0.01 degrees of a circle of radius 6,378,137 m.
        let expected = Millimetres::from_metres(6_378_137.0 * 0.01_f64.to_radians());
        assert_eq!(network.piece_length(0), expected);
    }

    #[test]
    fn more_crossings_than_are_looked_at_are_told_and_none_is_joined() {
        let east = road("east", &[at(0.0, 0.0), at(2.0, 0.0)]);
        let north = road("north", &[at(1.0, -1.0), at(1.0, 1.0)]);
        let roads = [east.clone(), north, east];
        let lines = RoadLine::in_order(&roads);
        // The two that lie on each other, and each of them with the third.
        let mut enough = lines.clone();
        assert_eq!(join_crossings(&mut enough, 3), CrossingsJoined::Pairs(2));
        let mut too_many = lines.clone();
        assert_eq!(join_crossings(&mut too_many, 2), CrossingsJoined::TooMany);
        let are_equal = |(a, b): (&RoadLine<'_>, &RoadLine<'_>)| a.points == b.points;
        assert!(too_many.iter().zip(&lines).all(are_equal));
    }

    #[test]
    fn the_more_pieces_there_are_the_more_crossings_are_looked_at() {
        let of_pieces = |n_pieces: u32| {
            let line: Vec<LonLat> = (0..=n_pieces).map(|n| at(f64::from(n % 2), 0.0)).collect();
            let roads = [road("a", &line)];
            max_pairs(&RoadLine::in_order(&roads))
        };
        assert_eq!(of_pieces(1), 16_777_216);
        assert_eq!(of_pieces(1_000_000), 64_000_000);
    }

    #[test]
    fn loose_ends_are_joined_only_where_asked_and_within_the_tolerance() {
        let first = road("a", &[at(0.0, 0.0), at(1.0, 0.0)]);
        // 0.05 steps are 5.6 m.
        let second = road("b", &[at(1.05, 0.0), at(2.0, 0.0)]);
        let n_components = |tolerance| {
            let options = BuildOptions {
                join_ends_within_m: tolerance,
                join_crossings: false,
            };
            let report = build(&[first.clone(), second.clone()], &[], &options).1;
            (report.n_components, report.n_joined_ends)
        };
        assert_eq!(n_components(None), (2, 0));
        assert_eq!(n_components(Some(5.0)), (2, 0));
        assert_eq!(n_components(Some(6.0)), (1, 1));
    }

    #[test]
    fn a_loose_end_joins_the_crossroads_and_not_the_other_way_round() {
        let west = road("a", &[at(0.0, 0.0), at(1.0, 0.0)]);
        let east = road("b", &[at(1.0, 0.0), at(2.0, 0.0)]);
        let loose = road("c", &[at(0.98, 0.0), at(0.98, 1.0)]);
        let options = BuildOptions {
            join_ends_within_m: Some(5.0),
            join_crossings: false,
        };
        let (network, report) = build(&[west, east, loose], &[], &options);
        assert_eq!((report.n_components, report.n_joined_ends), (1, 1));
        let has_vertex =
            |place| (0..network.n_pieces()).any(|piece| network.piece_ends(piece).contains(&place));
        assert!(has_vertex(at(1.0, 0.0)));
        assert!(!has_vertex(at(0.98, 0.0)));
    }

    #[test]
    fn a_loose_end_joins_the_middle_of_a_road_but_not_of_what_passes_over_it() {
        let main = road("main", &[at(0.0, 0.0), at(2.0, 0.0)]);
        // 0.05 steps are 5.6 m.
        let side = road("side", &[at(1.0, 0.05), at(1.0, 1.0)]);
        let options = BuildOptions {
            join_ends_within_m: Some(6.0),
            join_crossings: false,
        };
        let joined = |main: &RoadSegment, side: &RoadSegment| {
            let report = build(&[main.clone(), side.clone()], &[], &options).1;
            (report.n_components, report.n_joined_ends, report.n_nodes)
        };
        assert_eq!(joined(&main, &side), (1, 1, 4));
        let over = but(&main, |road| road.is_bridge = true);
        assert_eq!(joined(&over, &side), (2, 0, 4));
        // A bridge may end beside a road on the ground.
        let bridge = but(&side, |road| road.is_bridge = true);
        assert_eq!(joined(&main, &bridge), (1, 1, 4));
        let spur = road("spur", &[at(0.0, 0.0), at(0.05, 0.05)]);
        assert_eq!(joined(&main, &spur), (1, 0, 2), "a spur stays what it is");
    }

    #[test]
    fn roads_that_cross_are_joined_only_where_asked_and_on_the_ground() {
        let east = road("east", &[at(0.0, 0.0), at(3.0, 0.0)]);
        let north = road("north", &[at(1.0, -1.0), at(1.0, 1.0)]);
        let found = |north: &RoadSegment, join_crossings| {
            let options = BuildOptions {
                join_ends_within_m: None,
                join_crossings,
            };
            let report = build(&[east.clone(), north.clone()], &[], &options).1;
            (report.n_nodes, report.n_edges, report.n_joined_crossings)
        };
        assert_eq!(found(&north, false), (4, 2, 0));
        assert_eq!(found(&north, true), (5, 4, 1));
        let bridge = but(&north, |road| road.is_bridge = true);
        let tunnel = but(&north, |road| road.is_tunnel = true);
        let ferry = but(&north, |road| road.class = RoadClass::Ferry);
        for other in [bridge, tunnel, ferry] {
            assert_eq!(found(&other, true), (4, 2, 0));
        }
    }

    #[test]
    fn roads_that_lie_on_each_other_are_joined_at_their_ends() {
        let long = road("long", &[at(0.0, 0.0), at(3.0, 0.0)]);
        let part = road("part", &[at(1.0, 0.0), at(2.0, 0.0)]);
        let options = BuildOptions {
            join_ends_within_m: None,
            join_crossings: true,
        };
        let report = build(&[long, part], &[], &options).1;
        assert_eq!((report.n_nodes, report.n_edges), (4, 3 + 1));
        assert_eq!(report.n_parallel_edges, 1);
    }

    #[test]
    fn joined_crossings_do_not_depend_on_the_order_of_the_lines() {
        let mut roads: Vec<RoadSegment> = (0..40_u32)
            .map(|n| {
                let [a, b, c, d] = [n * 7 % 11, n * 5 % 13, n * 3 % 17, n * 11 % 7].map(f64::from);
                road(&n.to_string(), &[at(a, b), at(c, d), at(b, c)])
            })
            .collect();
        let options = BuildOptions {
            join_ends_within_m: Some(20.0),
            join_crossings: true,
        };
        let (network, report) = build(&roads, &[], &options);
        assert!(report.n_joined_crossings > 100, "{report:?}");
        roads.reverse();
        for road in &mut roads {
            road.line.reverse();
        }
        assert_eq!(build(&roads, &[], &options).0, network);
    }

    #[test]
    fn a_crossing_gives_its_season_to_the_piece_within_25_m_and_is_listed_otherwise() {
        let main = road(
            "main",
            &[at(0.0, 0.0), at(1.0, 0.0), at(2.0, 0.0), at(3.0, 0.0)],
        );
        let ford = |north_steps| CrossingPoint {
            kind: CrossingKind::Ford,
            season: SeasonAccess::Dry,
            place: at(1.5, north_steps),
        };
        // 0.2 steps are 22 m, 0.3 are 33 m.
        let (network, report) = build(&[main], &[ford(0.2), ford(0.3)], &BuildOptions::default());
        let seasons: Vec<_> = network
            .edges()
            .map(|edge| network.road(edge).season)
            .collect();
        assert_eq!(seasons, [None, Some(SeasonAccess::Dry), None]);
        assert_eq!(
            (report.n_crossings_on_roads, report.crossings_off_roads),
            (1, vec![1])
        );
    }

    #[test]
    fn what_lies_between_two_junctions_is_one_edge_whatever_it_was_drawn_in() {
        let main = road("main", &[at(0.0, 0.0), at(1.0, 0.0), at(2.0, 0.0)]);
        let more = road("more", &[at(3.0, 0.0), at(2.0, 0.0)]);
        let side = road("side", &[at(3.0, 0.0), at(3.0, 1.0)]);
        let cross = road("cross", &[at(3.0, -1.0), at(3.0, 0.0)]);
        let (network, report) = build(&[main, more, side, cross], &[], &BuildOptions::default());
        assert_eq!((report.n_edges, report.n_pieces), (3, 5));
        assert_eq!((report.n_nodes, report.n_contracted_nodes), (4, 1));
        let roads = (0..5).map(|piece| network.road_id(piece));
        let n_of_more = roads.filter(|id| *id == "more").count();
        assert_eq!(n_of_more, 1);
    }

    #[test]
    fn a_change_that_matters_to_a_trip_is_a_node() {
        let first = road("a", &[at(0.0, 0.0), at(1.0, 0.0)]);
        let same = road("b", &[at(1.0, 0.0), at(2.0, 0.0)]);
        let n_edges = |change: fn(&mut RoadAttributes)| {
            report_of(&[first.clone(), but(&same, change)]).n_edges
        };
        assert_eq!(n_edges(|_| ()), 1);
        assert_eq!(n_edges(|road| road.max_speed_kmh = Some(-1.0)), 1);
        assert_eq!(n_edges(|road| road.class = RoadClass::Track), 2);
        assert_eq!(n_edges(|road| road.is_bridge = true), 2);
        assert_eq!(n_edges(|road| road.season = Some(SeasonAccess::All)), 2);
        assert_eq!(n_edges(|road| road.max_speed_kmh = Some(40.0)), 2);
        assert_eq!(
            n_edges(|road| road.barred = ModeSet::NONE.with(Mode::Car)),
            2
        );
    }

    #[test]
    fn one_way_roads_are_joined_only_where_they_lead_the_same_way() {
        let one_way =
            |id, line: &[LonLat], one_way| but(&road(id, line), |road| road.one_way = one_way);
        let first = one_way("a", &[at(0.0, 0.0), at(1.0, 0.0)], OneWay::Forward);
        let on = one_way("b", &[at(2.0, 0.0), at(1.0, 0.0)], OneWay::Backward);
        let against = one_way("c", &[at(2.0, 0.0), at(1.0, 0.0)], OneWay::Forward);
        assert_eq!(report_of(&[first.clone(), on]).n_edges, 1);
        assert_eq!(report_of(&[first, against]).n_edges, 2);
    }

    #[test]
    fn a_ring_that_meets_nothing_keeps_one_node() {
        let half = road("a", &[at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0)]);
        let rest = road("b", &[at(0.0, 0.0), at(0.0, 1.0), at(1.0, 1.0)]);
        let report = report_of(&[half, rest]);
        assert_eq!((report.n_nodes, report.n_edges, report.n_loops), (1, 1, 1));
    }

    #[test]
    fn neither_order_nor_direction_of_the_lines_changes_the_network() {
        let ring = road(
            "ring",
            &[at(4.0, 4.0), at(5.0, 4.0), at(5.0, 5.0), at(4.0, 4.0)],
        );
        let spur = road("spur", &[at(0.0, 0.0), at(0.0, 1.0), at(0.0, 0.0)]);
        let there_and_back = but(&spur, |road| road.one_way = OneWay::Forward);
        let main = road("main", &[at(0.0, 0.0), at(1.0, 0.0), at(2.0, 0.0)]);
        let twin = road("twin", &[at(0.0, 0.0), at(1.0, 0.0), at(2.0, 0.0)]);
        let roads = [ring, there_and_back, main, twin];
        let (network, _) = build(&roads, &[], &BuildOptions::default());
        let mut others: Vec<RoadSegment> = roads.iter().map(turned).collect();
        others.reverse();
        assert_eq!(build(&others, &[], &BuildOptions::default()).0, network);
    }

    #[test]
    fn of_two_boats_of_one_id_the_same_one_is_crossed_in_any_order() {
        let boat = |line: &[LonLat]| but(&road("boat", line), |road| road.class = RoadClass::Ferry);
        let short = boat(&[at(0.0, 0.0), at(1.0, 0.0)]);
        let long = boat(&[at(0.0, 0.0), at(1.0, 0.0), at(2.0, 0.0)]);
        let closed = CrossingPoint {
            kind: CrossingKind::Ferry,
            season: SeasonAccess::Dry,
            place: at(0.5, 0.0),
        };
        let network = |roads: &[RoadSegment]| build(roads, &[closed], &BuildOptions::default()).0;
        let one = network(&[short.clone(), long.clone()]);
        assert_eq!(network(&[long.clone(), short.clone()]), one);
        assert_eq!(network(&[turned(&long), turned(&short)]), one);
    }

    /// Vertices in steps of a metre, and a number that decides the rest.
    type Drawn = (Vec<(u32, u32)>, usize);

    /// Lines of a few metres, so that ends and crossings fall together in every way; few ids, so that roads share them.
    fn drawn((line, look): &Drawn) -> RoadSegment {
        let line = line
            .iter()
            .map(|(x, y)| at(f64::from(*x) * 0.01, f64::from(*y) * 0.01));
        let segment = road(&(look % 2).to_string(), &line.collect::<Vec<_>>());
        but(&segment, |road| {
            road.is_bridge = *look == 1;
            road.one_way = OneWay::ALL[*look % 3];
            road.class = [RoadClass::Tertiary, RoadClass::Ferry][usize::from(*look == 5)];
        })
    }

    fn drawn_lines(n_steps: u32) -> impl Strategy<Value = Vec<Drawn>> {
        let line = prop::collection::vec((0..n_steps, 0..n_steps), 0..6);
        prop::collection::vec((line, 0..6_usize), 0..25)
    }

    proptest! {
        #[test]
        fn any_lines_build_the_same_network_in_any_order(
            (lines, shuffled) in prop_oneof![drawn_lines(4), drawn_lines(40)]
                .prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle())),
            crossings in prop::collection::vec((0..40_u32, 0..40_u32), 0..4),
            tolerance_m in prop_oneof![Just(None), (0.0..30.0).prop_map(Some)],
            join_crossings in any::<bool>(),
        ) {
            let roads: Vec<RoadSegment> = lines.iter().map(drawn).collect();
            let crossings: Vec<CrossingPoint> = crossings
                .iter()
                .map(|(x, y)| CrossingPoint {
                    kind: [CrossingKind::Ferry, CrossingKind::Ford][*x as usize % 2],
                    season: SeasonAccess::Dry,
                    place: at(f64::from(*x) * 0.01, f64::from(*y) * 0.01),
                })
                .collect();
            let options = BuildOptions {
                join_ends_within_m: tolerance_m,
                join_crossings,
            };
            let (network, report) = build(&roads, &crossings, &options);
            prop_assert_eq!(Network::from_bytes(&network.to_bytes()), Ok(network.clone()));
            let others: Vec<RoadSegment> = shuffled
                .iter()
                .map(drawn)
                .enumerate()
                .map(|(n, road)| if n % 2 == 0 { turned(&road) } else { road })
                .collect();
            let (other, other_report) = build(&others, &crossings, &options);
            prop_assert_eq!(other, network);
            prop_assert_eq!(other_report, report);
        }
    }

    #[test]
    fn nothing_builds_an_empty_network() {
        let report = report_of(&[]);
        assert_eq!(report, BuildReport::default());
    }
}
