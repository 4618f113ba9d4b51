//! A second engine, slow and plain, to compare the real one with.
//!
//! Every vertex and every snap position is a node of one graph, and Bellman–Ford runs from each facility.
//! It follows `docs/METHODS.md` and shares no code with `src/network` and `src/access`.

use std::collections::{BTreeMap, BTreeSet};

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Distance, Geodesic, Line, Point, coord};
use jangkau::domain::{LonLat, Metric, Mode, OneWay, RoadClass};
use jangkau::network::{RoadAttributes, RoadSegment, SnapChoice};

use crate::random_world::World;

/// (the quantity minimised, the other one).
pub(crate) type Pair = (u64, u64);

/// A node: a vertex on the 1e-7 degree grid, or a fraction (as its bits) of a piece of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Vertex(i64, i64),
    Inside(usize, usize, u64),
}

/// A straight piece of a segment.
struct Piece {
    ends: [(f64, f64); 2],
    nodes: [Node; 2],
    segment: usize,
    /// Class, and the direction of the signs from the lesser end.
    kind: (RoadClass, OneWay),
    number: usize,
    length_mm: u64,
    time_ms: u64,
    /// Along the line, against it.
    permitted: [bool; 2],
}

/// The same question as the engine is asked.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) mode: Mode,
    pub(crate) metric: Metric,
    pub(crate) snap: SnapChoice,
    /// People travel from facilities to demand.
    pub(crate) is_way_back: bool,
}

const RADIUS_MM: u64 = 250_000;
const WALKING_M_PER_H: u64 = 5000;
const FACTOR: u64 = 2;

impl Reference {
    /// For each demand point: whether it is snapped, and for each facility the best pair, if there is a way.
    pub(crate) fn answer(&self, world: &World) -> Vec<(bool, Vec<Option<Pair>>)> {
        let pieces = self.pieces(world);
        let demand: Vec<_> = world
            .demand
            .iter()
            .map(|place| self.snaps(world, &pieces, *place))
            .collect();
        let facilities: Vec<_> = world
            .facilities
            .iter()
            .map(|place| self.snaps(world, &pieces, *place))
            .collect();
        let positions: BTreeSet<Node> = demand
            .iter()
            .chain(&facilities)
            .flatten()
            .map(|(node, _)| *node)
            .collect();
        let arcs = self.arcs(&pieces, &positions);
        let to_facility: Vec<_> = facilities
            .iter()
            .map(|snaps| bellman_ford(&arcs, snaps))
            .collect();

        world
            .demand
            .iter()
            .zip(&demand)
            .map(|(place, snaps)| {
                let mut is_snapped = !snaps.is_empty();
                let mut ways = Vec::new();
                for (facility, best) in world.facilities.iter().zip(&to_facility) {
                    let walk = self.straight_walk(world, *place, *facility);
                    is_snapped |= walk.is_some();
                    let by_road = snaps
                        .iter()
                        .filter_map(|(node, leg)| Some(sum(*leg, *best.get(node)?)));
                    ways.push(by_road.chain(walk).min());
                }
                (is_snapped, ways)
            })
            .collect()
    }

    fn pair(&self, time_ms: u64, length_mm: u64) -> Pair {
        match self.metric {
            Metric::Time => (time_ms, length_mm),
            Metric::Distance => (length_mm, time_ms),
        }
    }

    fn pieces(&self, world: &World) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (segment, RoadSegment { line, road, .. }) in world.segments.iter().enumerate() {
            let grid: Vec<(i64, i64)> = line.iter().map(|place| on_grid(*place)).collect();
            for (number, pair) in grid.windows(2).enumerate() {
                let Some((m_per_h, mut permitted)) = self.speed(road) else {
                    continue;
                };
                if pair[0] == pair[1] {
                    continue;
                }
                // Fractions are rounded from the lesser end, whichever way the line is drawn.
                let mut pair = [pair[0], pair[1]];
                let mut one_way = road.one_way;
                if pair[1] < pair[0] {
                    pair.reverse();
                    permitted.reverse();
                    one_way = match one_way {
                        OneWay::No => OneWay::No,
                        OneWay::Forward => OneWay::Backward,
                        OneWay::Backward => OneWay::Forward,
                    };
                }
                let ends = [to_degrees(pair[0]), to_degrees(pair[1])];
                let length_m = Geodesic.distance(Point::from(ends[0]), Point::from(ends[1]));
                let length_mm = whole(length_m * 1000.0).max(1);
                pieces.push(Piece {
                    ends,
                    nodes: [
                        Node::Vertex(pair[0].0, pair[0].1),
                        Node::Vertex(pair[1].0, pair[1].1),
                    ],
                    segment,
                    kind: (road.class, one_way),
                    number,
                    length_mm,
                    time_ms: milliseconds(length_mm, m_per_h),
                    permitted,
                });
            }
        }
        pieces
    }

    /// Metres in an hour, and whether the segment may be followed along its line and against it.
    fn speed(&self, road: &RoadAttributes) -> Option<(u64, [bool; 2])> {
        let signs = [
            road.one_way != OneWay::Backward,
            road.one_way != OneWay::Forward,
        ];
        match (self.mode, road.class) {
            (Mode::Foot, RoadClass::Trunk | RoadClass::Tertiary | RoadClass::Footway)
            | (Mode::Motorcycle, RoadClass::Footway) => Some((WALKING_M_PER_H, [true; 2])),
            (Mode::Motorcycle, RoadClass::Trunk) => Some((200_000, signs)),
            (Mode::Motorcycle, RoadClass::Tertiary) => Some((18_000, signs)),
            _ => None,
        }
    }

    /// The positions that a place may be attached to, with the walk to each.
    fn snaps(&self, world: &World, pieces: &[Piece], place: LonLat) -> Vec<(Node, Pair)> {
        let mut snaps = Vec::new();
        for piece in pieces {
            let (fraction, near) = nearest_point(piece.ends, place);
            let distance_mm = whole(metres_between(place, near) * 1000.0);
            if distance_mm <= RADIUS_MM && !is_cut_off(world, place, near) {
                let node = piece.node_at(fraction);
                let order = (distance_mm, piece.nodes, piece.kind, piece.segment);
                snaps.push((order, (node, self.walk(distance_mm))));
            }
        }
        snaps.sort_by_key(|(order, _)| *order);
        if self.snap == SnapChoice::Nearest {
            snaps.truncate(1);
        }
        snaps.into_iter().map(|(_, snap)| snap).collect()
    }

    fn straight_walk(&self, world: &World, from: LonLat, to: LonLat) -> Option<Pair> {
        let distance_mm = whole(metres_between(from, (to.lon(), to.lat())) * 1000.0);
        let is_open = distance_mm <= RADIUS_MM && !is_cut_off(world, from, (to.lon(), to.lat()));
        (is_open && self.snap == SnapChoice::Best).then(|| self.walk(distance_mm))
    }

    fn walk(&self, distance_mm: u64) -> Pair {
        let charged_mm = distance_mm * FACTOR;
        self.pair(milliseconds(charged_mm, WALKING_M_PER_H), charged_mm)
    }

    /// (tail, head, cost) of every stretch between neighbouring nodes, in the direction people travel to facilities.
    fn arcs(&self, pieces: &[Piece], positions: &BTreeSet<Node>) -> Vec<(Node, Node, Pair)> {
        let mut arcs = Vec::new();
        for piece in pieces {
            let mut stops = vec![(0.0, piece.nodes[0]), (1.0, piece.nodes[1])];
            for node in positions {
                if let Node::Inside(segment, number, bits) = node
                    && (*segment, *number) == (piece.segment, piece.number)
                {
                    stops.push((f64::from_bits(*bits), *node));
                }
            }
            stops.sort_by(|a, b| a.0.total_cmp(&b.0));
            for pair in stops.windows(2) {
                let part = |whole_piece: u64| {
                    let until = |fraction: f64| whole(fraction * whole_piece as f64);
                    until(pair[1].0) - until(pair[0].0)
                };
                let cost = self.pair(part(piece.time_ms), part(piece.length_mm));
                let [along, against] = piece.permitted;
                let (along, against) = if self.is_way_back {
                    (against, along)
                } else {
                    (along, against)
                };
                if along {
                    arcs.push((pair[0].1, pair[1].1, cost));
                }
                if against {
                    arcs.push((pair[1].1, pair[0].1, cost));
                }
            }
        }
        arcs
    }
}

impl Piece {
    fn node_at(&self, fraction: f64) -> Node {
        if fraction <= 0.0 {
            self.nodes[0]
        } else if fraction >= 1.0 {
            self.nodes[1]
        } else {
            Node::Inside(self.segment, self.number, fraction.to_bits())
        }
    }
}

/// Best pair from every node to the facility that has these snaps.
fn bellman_ford(arcs: &[(Node, Node, Pair)], snaps: &[(Node, Pair)]) -> BTreeMap<Node, Pair> {
    let mut best: BTreeMap<Node, Pair> = BTreeMap::new();
    for (node, leg) in snaps {
        improve(&mut best, *node, *leg);
    }
    loop {
        let mut has_improved = false;
        for (tail, head, cost) in arcs {
            if let Some(beyond) = best.get(head).copied() {
                has_improved |= improve(&mut best, *tail, sum(*cost, beyond));
            }
        }
        if !has_improved {
            return best;
        }
    }
}

fn improve(best: &mut BTreeMap<Node, Pair>, node: Node, new: Pair) -> bool {
    let is_better = best.get(&node).is_none_or(|old| new < *old);
    if is_better {
        best.insert(node, new);
    }
    is_better
}

fn sum(a: Pair, b: Pair) -> Pair {
    (a.0 + b.0, a.1 + b.1)
}

fn milliseconds(length_mm: u64, m_per_h: u64) -> u64 {
    (2 * 3600 * length_mm + m_per_h) / (2 * m_per_h)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small and positive"
)]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are small")]
fn on_grid(place: LonLat) -> (i64, i64) {
    (
        (place.lon() * 1e7).round() as i64,
        (place.lat() * 1e7).round() as i64,
    )
}

fn to_degrees((lon_e7, lat_e7): (i64, i64)) -> (f64, f64) {
    (lon_e7 as f64 / 1e7, lat_e7 as f64 / 1e7)
}

/// Metres in a degree of longitude and of latitude at a latitude, on WGS 84.
fn degree_m(lat: f64) -> (f64, f64) {
    let flattening: f64 = 1.0 / 298.257_223_563;
    let e2 = flattening * (2.0 - flattening);
    let w2 = 1.0 - e2 * lat.to_radians().sin().powi(2);
    let prime_vertical = 6_378_137.0 / w2.sqrt();
    let meridional = 6_378_137.0 * (1.0 - e2) / w2.powf(1.5);
    let radian = std::f64::consts::PI / 180.0;
    (
        prime_vertical * lat.to_radians().cos() * radian,
        meridional * radian,
    )
}

fn metres_between(place: LonLat, (lon, lat): (f64, f64)) -> f64 {
    let (east, north) = degree_m(f64::midpoint(place.lat(), lat));
    ((lon - place.lon()) * east).hypot((lat - place.lat()) * north)
}

/// The fraction along a piece that is nearest to a place by the degrees of the place, and its coordinates.
fn nearest_point([a, b]: [(f64, f64); 2], place: LonLat) -> (f64, (f64, f64)) {
    let (east, north) = degree_m(place.lat());
    let (x, y) = ((b.0 - a.0) * east, (b.1 - a.1) * north);
    let (px, py) = ((place.lon() - a.0) * east, (place.lat() - a.1) * north);
    let fraction = ((px * x + py * y) / (x * x + y * y)).clamp(0.0, 1.0);
    let steps = 2_f64.powi(40);
    let fraction = (fraction * steps).round() / steps;
    let near = match fraction {
        0.0 => a,
        1.0 => b,
        _ => (a.0 + fraction * (b.0 - a.0), a.1 + fraction * (b.1 - a.1)),
    };
    (fraction, near)
}

/// Whether a barrier has a point on the walk other than its two ends.
fn is_cut_off(world: &World, place: LonLat, near: (f64, f64)) -> bool {
    let walk = Line::new(
        coord! { x: place.lon(), y: place.lat() },
        coord! { x: near.0, y: near.1 },
    );
    world
        .barriers
        .iter()
        .flat_map(|line| line.windows(2))
        .any(
            |pair| match line_intersection(walk, Line::new(pair[0], pair[1])) {
                None => false,
                Some(LineIntersection::Collinear { intersection }) => {
                    intersection.start != intersection.end
                }
                Some(LineIntersection::SinglePoint {
                    intersection,
                    is_proper,
                }) => is_proper || (intersection != walk.start && intersection != walk.end),
            },
        )
}
