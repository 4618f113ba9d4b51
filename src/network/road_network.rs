//! The network itself: nodes, edges and straight pieces in flat arrays, without costs.

use std::ops::Range;

use super::piece_index::PieceIndex;
use super::{Position, RoadSegment};
use crate::domain::{
    Condition, LonLat, Millimetres, ModeSet, OneWay, RoadClass, SeasonAccess, Surface,
};

/// What is known of a road segment besides its line.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadAttributes {
    /// The source's id.
    pub id: String,
    /// Its class.
    pub class: RoadClass,
    /// What it is covered with; none is unknown.
    pub surface: Option<Surface>,
    /// Its state of repair; none is unknown.
    pub condition: Option<Condition>,
    /// Directions for vehicles.
    pub one_way: OneWay,
    /// Whether it is a bridge.
    pub is_bridge: bool,
    /// Whether it is a tunnel.
    pub is_tunnel: bool,
    /// Modes that may not use it, whatever its class says.
    pub barred: ModeSet,
    /// When it can be used, by the road data alone.
    pub season: Option<SeasonAccess>,
    /// Signed maximum speed.
    pub max_speed_kmh: Option<f64>,
}

impl From<&RoadSegment> for RoadAttributes {
    fn from(segment: &RoadSegment) -> Self {
        Self {
            id: segment.id.clone(),
            class: segment.class,
            surface: segment.surface,
            condition: segment.condition,
            one_way: segment.one_way,
            is_bridge: segment.is_bridge,
            is_tunnel: segment.is_tunnel,
            barred: segment.barred,
            season: segment.season,
            max_speed_kmh: segment.max_speed_kmh,
        }
    }
}

/// A way along an edge: with the line of its road segment, or against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

impl Direction {
    pub(crate) fn reversed(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
        }
    }
}

/// A road network, immutable. Node, edge, piece and road ids are positions in its arrays.
///
/// Pieces lie in the order of road segments and, within one, along its line. An edge is a run of pieces of one
/// segment between two nodes; so the edges of a segment follow each other too:
///
/// | array | length | meaning |
/// |---|---|---|
/// | `roads` | roads | attributes, in order of id |
/// | `edge_road`, `edge_ends`, `edge_season` | edges | road, `[source, target]` node, season with its crossings |
/// | `edge_first_piece` | edges + 1 | edge e has the pieces `[e]..[e + 1]` |
/// | `piece_edge`, `piece_length` | pieces | its edge, its geodesic length |
/// | `vertices` | pieces + roads | piece p of road r goes from `[p + r]` to `[p + r + 1]` |
/// | `first_incidence` | nodes + 1 | node v has the incidences `[v]..[v + 1]`, in order of edge |
#[derive(Debug, Clone)]
pub struct Network {
    pub(super) roads: Vec<RoadAttributes>,
    pub(super) edge_road: Vec<u32>,
    pub(super) edge_ends: Vec<[u32; 2]>,
    pub(super) edge_season: Vec<Option<SeasonAccess>>,
    pub(super) edge_first_piece: Vec<u32>,
    pub(super) piece_edge: Vec<u32>,
    pub(super) piece_length: Vec<Millimetres>,
    pub(super) vertices: Vec<LonLat>,
    pub(super) first_incidence: Vec<u32>,
    pub(super) incidences: Vec<Incidence>,
    pub(super) piece_index: PieceIndex,
    /// Pieces with a ferry, in order.
    pub(super) ferry_pieces: Vec<u32>,
}

/// An edge as seen from one of its nodes. A loop is seen twice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incidence {
    pub(crate) edge: u32,
    /// The direction in which the edge leads away from the node.
    pub(crate) away: Direction,
}

impl Network {
    /// Number of nodes.
    pub fn n_nodes(&self) -> u32 {
        id(self.first_incidence.len() - 1)
    }

    /// Number of edges.
    pub fn n_edges(&self) -> u32 {
        id(self.edge_ends.len())
    }

    /// Number of straight pieces.
    pub fn n_pieces(&self) -> u32 {
        id(self.piece_edge.len())
    }

    pub(crate) fn edges(&self) -> Range<u32> {
        0..self.n_edges()
    }

    /// Source and target node.
    pub(crate) fn ends(&self, edge: u32) -> [u32; 2] {
        self.edge_ends[edge as usize]
    }

    pub(crate) fn pieces(&self, edge: u32) -> Range<u32> {
        self.edge_first_piece[edge as usize]..self.edge_first_piece[edge as usize + 1]
    }

    /// The positions of an edge's source and target node.
    pub(crate) fn end_positions(&self, edge: u32) -> [Position; 2] {
        let pieces = self.pieces(edge);
        let start = Position {
            piece: pieces.start,
            fraction: 0.0,
        };
        let end = Position {
            piece: pieces.end - 1,
            fraction: 1.0,
        };
        [start, end]
    }

    /// The node at the end of an edge that lies in a direction.
    pub(crate) fn node_towards(&self, edge: u32, direction: Direction) -> u32 {
        let [source, target] = self.ends(edge);
        match direction {
            Direction::Forward => target,
            Direction::Backward => source,
        }
    }

    pub(crate) fn edge_of(&self, piece: u32) -> u32 {
        self.piece_edge[piece as usize]
    }

    pub(crate) fn piece_ends(&self, piece: u32) -> [LonLat; 2] {
        let road = self.edge_road[self.edge_of(piece) as usize];
        let first = (piece + road) as usize;
        [self.vertices[first], self.vertices[first + 1]]
    }

    pub(crate) fn road(&self, edge: u32) -> &RoadAttributes {
        &self.roads[self.edge_road[edge as usize] as usize]
    }

    /// The season of the road and its crossings together; none where nothing is known.
    pub(crate) fn season(&self, edge: u32) -> Option<SeasonAccess> {
        self.edge_season[edge as usize]
    }

    pub(crate) fn incidences(&self, node: u32) -> &[Incidence] {
        let first = self.first_incidence[node as usize] as usize;
        let end = self.first_incidence[node as usize + 1] as usize;
        &self.incidences[first..end]
    }
}

/// The season in which both a road and its crossing can be used; an unknown one does not restrict.
pub(super) fn both_seasons(road: Option<SeasonAccess>, crossing: SeasonAccess) -> SeasonAccess {
    use SeasonAccess::{All, Closed, Dry, Wet};
    match (road.unwrap_or(All), crossing) {
        (All, other) | (other, All) => other,
        (Dry, Dry) => Dry,
        (Wet, Wet) => Wet,
        (Closed | Dry | Wet, Closed | Dry | Wet) => Closed,
    }
}

/// A position in an array as an id.
pub(super) fn id(position: usize) -> u32 {
    u32::try_from(position).expect("memory ends before four thousand million roads")
}
