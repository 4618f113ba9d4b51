//! The lines that a network is made from, on the grid, one after another.

use geo::{Distance, Geodesic, Point};

use super::cost::Cost;
use super::grid_point::GridPoint;
use super::hilbert::hilbert_position;
use super::road_kinds::RoadKinds;
use super::road_network::id;
use super::{RoadAttributes, RoadSegment};
use crate::domain::{LonLat, Millimetres};

/// A road segment on the grid; once cleaned without repeated vertices, so with at least two.
#[derive(Debug, Clone)]
pub(super) struct RoadLine<'a> {
    /// The source's id.
    pub(super) id: &'a str,
    /// Along `points`.
    pub(super) road: RoadAttributes,
    pub(super) points: Vec<GridPoint>,
}

impl<'a> RoadLine<'a> {
    /// The line, drawn in the one of its two directions that gives the lesser list of points.
    fn new(segment: &'a RoadSegment) -> Self {
        let mut points: Vec<GridPoint> =
            segment.line.iter().copied().map(GridPoint::from).collect();
        let road = RoadAttributes {
            max_speed_kmh: segment.road.max_speed_kmh.filter(|kmh| *kmh > 0.0),
            ..segment.road
        };
        let turned = road.turned();
        let by_points = points.iter().rev().cmp(&points);
        let is_turned = by_points
            .then_with(|| turned.key().cmp(&road.key()))
            .is_lt();
        if is_turned {
            points.reverse();
        }
        Self {
            id: &segment.id,
            road: if is_turned { turned } else { road },
            points,
        }
    }

    /// All lines in an order that hangs on nothing but what they are: those that tie are the same.
    pub(super) fn in_order(segments: &'a [RoadSegment]) -> Vec<Self> {
        let mut lines: Vec<Self> = segments.iter().map(Self::new).collect();
        lines.sort_unstable_by(|a, b| {
            let by_points = a.points.cmp(&b.points);
            by_points
                .then_with(|| a.id.cmp(b.id))
                .then_with(|| a.road.key().cmp(&b.road.key()))
        });
        lines
    }
}

/// All lines in flat arrays. A piece has the number of the vertex that it starts at.
///
/// | array | length | meaning |
/// |---|---|---|
/// | `road_ids` | lines | the source's ids |
/// | `first_vertex` | lines + 1 | line l has the vertices `[l]..[l + 1]` |
/// | `points`, `place` | vertices | where each is, and the number of that place along the Hilbert curve |
/// | `n_visits` | places | how often the place occurs |
/// | `length`, `kind` | vertices | of the piece that starts there; nothing to read at the last vertex of a line |
#[derive(Debug)]
pub(super) struct Lines<'a> {
    pub(super) road_ids: Vec<&'a str>,
    pub(super) first_vertex: Vec<u32>,
    pub(super) points: Vec<GridPoint>,
    pub(super) place: Vec<u32>,
    pub(super) n_visits: Vec<u32>,
    pub(super) length: Vec<Millimetres>,
    pub(super) kind: Vec<u32>,
    pub(super) kinds: RoadKinds,
}

impl<'a> Lines<'a> {
    pub(super) fn new(lines: &[RoadLine<'a>]) -> Self {
        let mut first_vertex = vec![0];
        let mut points = Vec::with_capacity(lines.iter().map(|line| line.points.len()).sum());
        let mut kind = Vec::with_capacity(points.capacity());
        let mut kinds = RoadKinds::default();
        for line in lines {
            points.extend(&line.points);
            kind.resize(points.len(), kinds.number_of(line.road));
            first_vertex.push(id(points.len()));
        }
        let (place, n_visits) = number_places(&points);
        let mut length = vec![Millimetres(0); points.len()];
        let mut first = 0;
        for line in lines {
            for (piece, pair) in line.points.windows(2).enumerate() {
                length[first + piece] = piece_length([pair[0], pair[1]]);
            }
            first += line.points.len();
        }
        Self {
            road_ids: lines.iter().map(|line| line.id).collect(),
            first_vertex,
            points,
            place,
            n_visits,
            length,
            kind,
            kinds,
        }
    }

    pub(super) fn n_lines(&self) -> usize {
        self.road_ids.len()
    }

    /// First and last vertex of a line.
    pub(super) fn ends(&self, line: usize) -> [u32; 2] {
        [self.first_vertex[line], self.first_vertex[line + 1] - 1]
    }

    /// The line of a piece.
    pub(super) fn line_of(&self, piece: u32) -> usize {
        self.first_vertex.partition_point(|first| *first <= piece) - 1
    }

    /// Every piece with its line, in order of line.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (usize, u32)> {
        (0..self.n_lines()).flat_map(|line| {
            let [first, last] = self.ends(line);
            (first..last).map(move |piece| (line, piece))
        })
    }

    /// The attributes of a piece, along its line.
    pub(super) fn road(&self, piece: u32) -> RoadAttributes {
        self.kinds.list[self.kind[piece as usize] as usize]
    }

    /// Both ends of a piece.
    pub(super) fn piece_points(&self, piece: u32) -> [GridPoint; 2] {
        [self.points[piece as usize], self.points[piece as usize + 1]]
    }
}

/// The number of each point's place along the Hilbert curve, and how often each place occurs.
fn number_places(points: &[GridPoint]) -> (Vec<u32>, Vec<u32>) {
    let mut along_curve: Vec<(u64, u32)> = points
        .iter()
        .zip(0..)
        .map(|(point, vertex)| (hilbert_position(point.to_unsigned()), vertex))
        .collect();
    along_curve.sort_unstable();
    let mut place = vec![0; points.len()];
    let mut n_visits = Vec::new();
    for (number, same) in along_curve.chunk_by(|a, b| a.0 == b.0).enumerate() {
        for (_, vertex) in same {
            place[*vertex as usize] = id(number);
        }
        n_visits.push(id(same.len()));
    }
    (place, n_visits)
}

/// Geodesic length, the same from both ends; at least a millimetre, which only matters within metres of a pole.
fn piece_length([a, b]: [GridPoint; 2]) -> Millimetres {
    let [a, b] = [a.min(b), a.max(b)].map(LonLat::from);
    let metres = Geodesic.distance(Point::new(a.lon(), a.lat()), Point::new(b.lon(), b.lat()));
    Millimetres(Millimetres::from_metres(metres).0.clamp(1, Cost::LARGEST))
}
