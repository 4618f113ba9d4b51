//! From road segments to a network, with a report of what was found.

use std::collections::{HashMap, HashSet};

use geo::{Distance, Geodesic, Point};

use super::cost::Cost;
use super::end_join::{count_visits, join_ends};
use super::grid_point::GridPoint;
use super::piece_index::PieceIndex;
use super::road_network::{Incidence, both_seasons, id};
use super::snap::nearest_on_piece;
use super::{CrossingPoint, Direction, Network, RoadSegment};
use crate::domain::{CrossingKind, LonLat, Millimetres};

/// How far a crossing may be from the road it belongs to (CONTRACTS 2).
const CROSSING_RADIUS_M: f64 = 25.0;

/// Choices of the builder.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BuildOptions {
    /// Join loose line ends to the nearest line end or shared vertex at most this far away; none joins nothing.
    pub join_ends_within_m: Option<f64>,
}

/// What the builder found and did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildReport {
    /// Segments given.
    pub n_segments: u32,
    /// Segments without any length, left out.
    pub n_segments_without_length: u32,
    /// Segments whose line another segment has too, in either direction; kept.
    pub n_duplicate_segments: u32,
    /// Nodes made.
    pub n_nodes: u32,
    /// Edges made.
    pub n_edges: u32,
    /// Straight pieces made.
    pub n_pieces: u32,
    /// Repeated vertices left out.
    pub n_zero_length_pieces: u32,
    /// Parts of the network that no edge joins.
    pub n_components: u32,
    /// Nodes with one edge.
    pub n_dead_ends: u32,
    /// Edges that end where they begin.
    pub n_loops: u32,
    /// Edges between two nodes that an earlier edge joins already.
    pub n_parallel_edges: u32,
    /// Line ends moved to another line's end.
    pub n_joined_ends: u32,
    /// Crossings that gave their season to a road.
    pub n_crossings_on_roads: u32,
    /// Positions, in the list given, of crossings without a road within 25 m.
    pub crossings_off_roads: Vec<usize>,
    /// Pieces too long to count in millimetres, taken as 4,294 km.
    pub n_saturated_lengths: u32,
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
    let crossed = place_crossings(&network.piece_index, &piece_ends, crossings, &mut report);
    cut_edges(&mut network, &lines, &crossed);
    apply_crossings(&mut network, &crossed);
    list_incidences(&mut network);
    describe(&network, &mut report);
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
    piece_ends: &[[LonLat; 2]],
    crossings: &[CrossingPoint],
    report: &mut BuildReport,
) -> Vec<(u32, CrossingPoint)> {
    let mut crossed = Vec::new();
    for (position, crossing) in crossings.iter().enumerate() {
        let nearest = index
            .near(crossing.place, CROSSING_RADIUS_M)
            .map(|piece| {
                (
                    nearest_on_piece(crossing.place, piece_ends[piece as usize]).distance,
                    piece,
                )
            })
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
        *season = both_seasons(*season, crossing.season);
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

/// Counts what the finished network holds.
fn describe(network: &Network, report: &mut BuildReport) {
    report.n_nodes = network.n_nodes();
    report.n_edges = network.n_edges();
    report.n_pieces = network.n_pieces();
    report.n_components = count_components(network);
    let nodes = 0..network.n_nodes();
    let dead_ends = nodes.filter(|node| network.incidences(*node).len() == 1);
    report.n_dead_ends = id(dead_ends.count());
    let mut joined = HashSet::new();
    for [source, target] in &network.edge_ends {
        let is_new = joined.insert((source.min(target), source.max(target)));
        report.n_loops += u32::from(source == target);
        report.n_parallel_edges += u32::from(source != target && !is_new);
    }
}

fn count_components(network: &Network) -> u32 {
    let mut is_seen = vec![false; network.n_nodes() as usize];
    let mut n_components = 0;
    let mut open = Vec::new();
    for start in 0..network.n_nodes() {
        if is_seen[start as usize] {
            continue;
        }
        n_components += 1;
        open.push(start);
        while let Some(node) = open.pop() {
            is_seen[node as usize] = true;
            let neighbours = network
                .incidences(node)
                .iter()
                .flat_map(|each| network.ends(each.edge));
            open.extend(neighbours.filter(|neighbour| !is_seen[*neighbour as usize]));
        }
    }
    n_components
}
