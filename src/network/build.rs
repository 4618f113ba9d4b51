//! From road segments to a network, with a report of what was found.

use std::collections::{HashMap, HashSet};

use geo::{Distance, Geodesic, Point};

use super::cost::Cost;
use super::end_join::{count_visits, join_ends};
use super::grid_point::GridPoint;
use super::piece_index::PieceIndex;
use super::road_network::{Incidence, both_seasons, id};
use super::snap::Surroundings;
use super::{BuildReport, CrossingPoint, Direction, Network, RoadSegment};
use crate::domain::{CrossingKind, LonLat, Millimetres};

/// How far a crossing may be from the road it belongs to (CONTRACTS 2).
const CROSSING_RADIUS_M: f64 = 25.0;

/// Choices of the builder.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BuildOptions {
    /// Join loose line ends to the nearest line end or shared vertex at most this far away; none joins nothing.
    pub join_ends_within_m: Option<f64>,
}

/// The network of road segments.
///
/// Nodes are line ends and vertices that occur more than once, after rounding to 1e-7 degrees. A crossing gives its
/// season to the nearest piece within 25 m, which becomes an edge of its own, so that a closed ford does not close
/// the road that leads to it. The order of `segments` does not matter unless two with one id have the same line.
/// Lengths are geodesics on WGS 84 in whole millimetres, at least one for each piece. O(n log n).
pub fn build(
    segments: &[RoadSegment],
    crossings: &[CrossingPoint],
    options: &BuildOptions,
) -> (Network, BuildReport) {
    let mut report = BuildReport {
        n_segments: id(segments.len()),
        ..BuildReport::default()
    };
    let (kept, lines) = clean_lines(segments, options, &mut report);
    let piece_ends = piece_ends(&lines);
    let mut network = lay_pieces(&kept, &lines, &piece_ends, &mut report);
    let crossed = place_crossings(&network.piece_index, crossings, &mut report);
    cut_edges(&mut network, &lines, &crossed);
    apply_crossings(&mut network, &crossed);
    list_incidences(&mut network);
    report.describe(&network);
    (network, report)
}

/// Segments in order of id and line, and their lines on the grid: ends joined, repeated vertices left out.
fn clean_lines<'a>(
    segments: &'a [RoadSegment],
    options: &BuildOptions,
    report: &mut BuildReport,
) -> (Vec<&'a RoadSegment>, Vec<Vec<GridPoint>>) {
    let mut ordered: Vec<(&RoadSegment, Vec<GridPoint>)> = segments
        .iter()
        .map(|segment| {
            let line = segment.line.iter().copied().map(GridPoint::from).collect();
            (segment, line)
        })
        .collect();
    ordered.sort_by(|a, b| (&a.0.id, &a.1).cmp(&(&b.0.id, &b.1)));
    let (mut kept, mut lines): (Vec<_>, Vec<_>) = ordered.into_iter().unzip();
    drop_repeats(&mut kept, &mut lines, report);
    if let Some(tolerance_m) = options.join_ends_within_m {
        report.n_joined_ends = join_ends(&mut lines, tolerance_m);
        drop_repeats(&mut kept, &mut lines, report);
    }
    (kept, lines)
}

fn drop_repeats(
    kept: &mut Vec<&RoadSegment>,
    lines: &mut Vec<Vec<GridPoint>>,
    report: &mut BuildReport,
) {
    for line in lines.iter_mut() {
        let n_before = line.len();
        line.dedup();
        report.n_zero_length_pieces += id(n_before - line.len());
    }
    let mut has_length = lines.iter().map(|line| line.len() > 1);
    kept.retain(|_| has_length.next() == Some(true));
    let n_before = lines.len();
    lines.retain(|line| line.len() > 1);
    report.n_segments_without_length += id(n_before - lines.len());
}

fn piece_ends(lines: &[Vec<GridPoint>]) -> Vec<[LonLat; 2]> {
    let pairs = lines.iter().flat_map(|line| line.windows(2));
    pairs.map(|pair| [pair[0].into(), pair[1].into()]).collect()
}

/// A network of roads, pieces and vertices, without edges yet.
fn lay_pieces(
    kept: &[&RoadSegment],
    lines: &[Vec<GridPoint>],
    piece_ends: &[[LonLat; 2]],
    report: &mut BuildReport,
) -> Network {
    let mut seen = HashSet::new();
    for line in lines {
        let backward: Vec<GridPoint> = line.iter().rev().copied().collect();
        let is_new = seen.insert(backward.min(line.clone()));
        report.n_duplicate_segments += u32::from(!is_new);
    }
    let piece_length: Vec<Millimetres> = piece_ends.iter().map(piece_length).collect();
    let longest = |length: &&Millimetres| length.0 == Cost::LARGEST;
    report.n_saturated_lengths = id(piece_length.iter().filter(longest).count());
    Network {
        roads: kept.iter().copied().map(Into::into).collect(),
        edge_road: Vec::new(),
        edge_ends: Vec::new(),
        edge_season: Vec::new(),
        edge_first_piece: Vec::new(),
        piece_edge: Vec::new(),
        piece_length,
        vertices: lines.iter().flatten().copied().map(LonLat::from).collect(),
        first_incidence: Vec::new(),
        incidences: Vec::new(),
        piece_index: PieceIndex::new(piece_ends.iter().copied()),
        ferry_pieces: Vec::new(),
    }
}

/// Geodesic length; at least a millimetre, which only matters within metres of a pole.
fn piece_length([a, b]: &[LonLat; 2]) -> Millimetres {
    let metres = Geodesic.distance(Point::new(a.lon(), a.lat()), Point::new(b.lon(), b.lat()));
    Millimetres(Millimetres::from_metres(metres).0.clamp(1, Cost::LARGEST))
}

/// Each crossing with the nearest piece within the radius, ties to the lower piece.
fn place_crossings(
    index: &PieceIndex,
    crossings: &[CrossingPoint],
    report: &mut BuildReport,
) -> Vec<(u32, CrossingPoint)> {
    let mut crossed = Vec::new();
    for (position, crossing) in crossings.iter().enumerate() {
        let surroundings = Surroundings::of(crossing.place);
        let nearest = index
            .near(crossing.place, CROSSING_RADIUS_M)
            .map(|(piece, ends)| (surroundings.nearest_on(ends).distance, piece))
            .min()
            .filter(|(distance, _)| distance.to_metres() <= CROSSING_RADIUS_M);
        match nearest {
            Some((_, piece)) => crossed.push((piece, *crossing)),
            None => report.crossings_off_roads.push(position),
        }
    }
    report.n_crossings_on_roads = id(crossed.len());
    crossed
}

/// Cuts lines into edges: at their ends, at vertices that occur more than once, and around crossings.
fn cut_edges(network: &mut Network, lines: &[Vec<GridPoint>], crossed: &[(u32, CrossingPoint)]) {
    let visits = count_visits(lines);
    let crossed_pieces: HashSet<u32> = crossed.iter().map(|(piece, _)| *piece).collect();
    let mut nodes = HashMap::new();
    let mut piece = 0;
    for (road, line) in lines.iter().enumerate() {
        let mut previous_node = node_at(line[0], &mut nodes);
        network.edge_first_piece.push(piece);
        for (position, vertex) in line.iter().enumerate().skip(1) {
            network.piece_edge.push(id(network.edge_road.len()));
            piece += 1;
            let is_last = position == line.len() - 1;
            let is_cut = is_last
                || visits[vertex] > 1
                || crossed_pieces.contains(&(piece - 1))
                || crossed_pieces.contains(&piece);
            if is_cut {
                let node = node_at(*vertex, &mut nodes);
                network.edge_road.push(id(road));
                network.edge_ends.push([previous_node, node]);
                network.edge_season.push(network.roads[road].season);
                previous_node = node;
                if !is_last {
                    network.edge_first_piece.push(piece);
                }
            }
        }
    }
    network.edge_first_piece.push(piece);
    network.first_incidence = vec![0; nodes.len() + 1];
}

/// The node of a vertex; nodes are numbered as they are met.
fn node_at(vertex: GridPoint, nodes: &mut HashMap<GridPoint, u32>) -> u32 {
    let next = id(nodes.len());
    *nodes.entry(vertex).or_insert(next)
}

/// Gives crossings' seasons to their edges, and ferries to their pieces.
fn apply_crossings(network: &mut Network, crossed: &[(u32, CrossingPoint)]) {
    for (piece, crossing) in crossed {
        let season = &mut network.edge_season[network.piece_edge[*piece as usize] as usize];
        *season = Some(both_seasons(*season, crossing.season));
        if crossing.kind == CrossingKind::Ferry {
            network.ferry_pieces.push(*piece);
        }
    }
    network.ferry_pieces.sort_unstable();
    network.ferry_pieces.dedup();
}

/// Sorts each node's edges into place by counting; edges come in order.
fn list_incidences(network: &mut Network) {
    let first = &mut network.first_incidence;
    for node in network.edge_ends.iter().flatten() {
        first[*node as usize + 1] += 1;
    }
    for node in 1..first.len() {
        first[node] += first[node - 1];
    }
    let unset = Incidence {
        edge: 0,
        away: Direction::Forward,
    };
    network.incidences = vec![unset; 2 * network.edge_ends.len()];
    let mut free = first.clone();
    for (edge, ends) in network.edge_ends.iter().enumerate() {
        for (node, away) in ends.iter().zip([Direction::Forward, Direction::Backward]) {
            let slot = &mut free[*node as usize];
            network.incidences[*slot as usize] = Incidence {
                edge: id(edge),
                away,
            };
            *slot += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ModeSet, OneWay, RoadClass, SeasonAccess};

    /// A place in steps of 0.001 degrees (111 m) from 0, 0.
    fn at(east_steps: f64, north_steps: f64) -> LonLat {
        LonLat::parse(east_steps * 0.001, north_steps * 0.001).unwrap()
    }

    fn road(id: &str, line: &[LonLat]) -> RoadSegment {
        RoadSegment {
            id: id.to_owned(),
            line: line.to_vec(),
            class: RoadClass::Tertiary,
            surface: None,
            condition: None,
            one_way: OneWay::No,
            is_bridge: false,
            is_tunnel: false,
            barred: ModeSet::NONE,
            season: None,
            max_speed_kmh: None,
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
        let report = report_of(&[there, back, round]);
        assert_eq!(report.n_edges, 3);
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
        assert_eq!(network.piece_length, [expected]);
    }

    #[test]
    fn loose_ends_are_joined_only_where_asked_and_within_the_tolerance() {
        let first = road("a", &[at(0.0, 0.0), at(1.0, 0.0)]);
        // 0.05 steps are 5.6 m.
        let second = road("b", &[at(1.05, 0.0), at(2.0, 0.0)]);
        let n_components = |tolerance| {
            let options = BuildOptions {
                join_ends_within_m: tolerance,
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
        };
        let (network, report) = build(&[west, east, loose], &[], &options);
        assert_eq!((report.n_components, report.n_joined_ends), (1, 1));
        assert!(network.vertices.contains(&at(1.0, 0.0)));
        assert!(!network.vertices.contains(&at(0.98, 0.0)));
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
        assert_eq!(network.edge_season, [None, Some(SeasonAccess::Dry), None]);
        assert_eq!(
            (report.n_crossings_on_roads, report.crossings_off_roads),
            (1, vec![1])
        );
    }

    #[test]
    fn nothing_builds_an_empty_network() {
        let report = report_of(&[]);
        assert_eq!(report, BuildReport::default());
    }
}
