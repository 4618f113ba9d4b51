//! The network itself: nodes, edges and straight pieces in flat arrays, without costs.

use std::ops::Range;

use super::grid_point::GridPoint;
use super::piece_index::{GridBox, PieceIndex};
use super::road_ids::RoadIds;
use super::{Position, RoadAttributes, box_around};
use crate::domain::{LonLat, Millimetres, RoadClass};

/// A way along an edge: from its lower node to the other one, or back.
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

/// What the builder was asked to join besides shared vertices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Joints {
    /// Loose line ends, if they were at most this far from another road.
    pub ends_within: Option<Millimetres>,
    /// Roads that cross without a shared vertex.
    pub crossings: bool,
}

/// A road network, immutable. Node, edge and piece ids are positions in its arrays.
///
/// Nodes stand in the order of a Hilbert curve, edges in the order of their lower node, and pieces as the edges pass
/// them: what is near on the ground is near in memory. An edge is a run of straight pieces of one kind from its lower
/// node to its other one, whatever records it was drawn in; each piece knows the road that it is of.
#[derive(Debug, Clone)]
pub struct Network {
    arrays: Arrays,
    piece_edge: Vec<u32>,
    /// One more than nodes: node v has the incidences `[v]..[v + 1]`, in order of edge.
    first_incidence: Vec<u32>,
    incidences: Vec<Incidence>,
    piece_index: PieceIndex,
}

/// What the rest of a network follows from.
///
/// | array | length | meaning |
/// |---|---|---|
/// | `joints` | | what was joined; nothing else follows from it |
/// | `edge_ends`, `edge_kind` | edges | `[lower, other]` node, position in `kinds` |
/// | `edge_first_piece` | edges + 1 | edge e has the pieces `[e]..[e + 1]` |
/// | `vertices` | pieces + edges | piece p of edge e goes from `[p + e]` to `[p + e + 1]` |
/// | `piece_length`, `piece_road` | pieces | geodesic length, position in `road_ids` |
/// | `kinds` | kinds | attributes along the edge, all different, by first use |
/// | `road_ids` | roads | the source's ids, all different, in order |
/// | `ferry_pieces` | ferries | pieces with a ferry, in order |
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Arrays {
    pub(super) joints: Joints,
    pub(super) n_nodes: u32,
    pub(super) edge_ends: Vec<[u32; 2]>,
    pub(super) edge_kind: Vec<u32>,
    pub(super) edge_first_piece: Vec<u32>,
    pub(super) vertices: Vec<GridPoint>,
    pub(super) piece_length: Vec<Millimetres>,
    pub(super) piece_road: Vec<u32>,
    pub(super) kinds: Vec<RoadAttributes>,
    pub(super) road_ids: RoadIds,
    pub(super) ferry_pieces: Vec<u32>,
}

impl PartialEq for Network {
    /// What follows from the same is the same.
    fn eq(&self, other: &Self) -> bool {
        self.arrays == other.arrays
    }
}

/// An edge as seen from one of its nodes. A loop is seen twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Incidence {
    pub(crate) edge: u32,
    /// The direction in which the edge leads away from the node.
    pub(crate) away: Direction,
}

impl Network {
    /// The network of arrays that hold what [`Arrays`] says. O(nodes + pieces).
    pub(super) fn new(arrays: Arrays) -> Self {
        let edges = 0..id(arrays.edge_ends.len());
        let pieces = arrays.edge_first_piece.windows(2).zip(edges);
        let piece_edge: Vec<u32> = pieces
            .flat_map(|(pair, edge)| (pair[0]..pair[1]).map(move |_| edge))
            .collect();
        let (first_incidence, incidences) = list_incidences(arrays.n_nodes, &arrays.edge_ends);
        let pieces = (0_usize..).zip(&piece_edge);
        let piece_boxes = pieces.map(|(piece, edge)| {
            let first = piece + *edge as usize;
            GridBox::of([arrays.vertices[first], arrays.vertices[first + 1]])
        });
        Self {
            piece_index: PieceIndex::new(piece_boxes),
            arrays,
            piece_edge,
            first_incidence,
            incidences,
        }
    }

    pub(super) fn arrays(&self) -> &Arrays {
        &self.arrays
    }

    /// All pieces that may be within a radius of a place, in order.
    pub(super) fn pieces_near(&self, place: LonLat, radius_m: f64) -> impl Iterator<Item = u32> {
        let area = GridBox::around(&box_around(place, radius_m));
        let touches = move |piece: &u32| area.touches(&GridBox::of(self.piece_points(*piece)));
        self.piece_index.runs_in(area).flatten().filter(touches)
    }

    /// What the builder was asked to join.
    pub fn joints(&self) -> Joints {
        self.arrays.joints
    }

    /// Number of nodes.
    pub fn n_nodes(&self) -> u32 {
        id(self.first_incidence.len() - 1)
    }

    /// Number of edges.
    pub fn n_edges(&self) -> u32 {
        id(self.arrays.edge_ends.len())
    }

    /// Number of straight pieces.
    pub fn n_pieces(&self) -> u32 {
        id(self.piece_edge.len())
    }

    /// Where a node is. EPSG:4326.
    ///
    /// # Panics
    /// The network has no such node.
    pub fn node_place(&self, node: u32) -> LonLat {
        let Incidence { edge, away } = self.incidences(node)[0];
        let [start, end] = self.end_positions(edge);
        self.place(match away {
            Direction::Forward => start,
            Direction::Backward => end,
        })
    }

    pub(crate) fn edges(&self) -> Range<u32> {
        0..self.n_edges()
    }

    /// Source and target node.
    pub(crate) fn ends(&self, edge: u32) -> [u32; 2] {
        self.arrays.edge_ends[edge as usize]
    }

    pub(crate) fn pieces(&self, edge: u32) -> Range<u32> {
        let first = &self.arrays.edge_first_piece;
        first[edge as usize]..first[edge as usize + 1]
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

    /// Both ends of a piece, along its edge.
    pub(crate) fn piece_ends(&self, piece: u32) -> [LonLat; 2] {
        self.piece_points(piece).map(LonLat::from)
    }

    pub(super) fn piece_points(&self, piece: u32) -> [GridPoint; 2] {
        let first = (piece + self.edge_of(piece)) as usize;
        [self.arrays.vertices[first], self.arrays.vertices[first + 1]]
    }

    /// Whether a piece runs from its greater end to its lesser one.
    ///
    /// What is rounded inside a piece is rounded from its lesser end, so that it does not matter which way it is drawn.
    pub(super) fn is_turned(&self, piece: u32) -> bool {
        let [start, end] = self.piece_points(piece);
        end < start
    }

    /// The place of a position.
    pub(crate) fn place(&self, position: Position) -> LonLat {
        let ends = self.piece_ends(position.piece);
        super::snap::along(ends, position.fraction)
    }

    pub(crate) fn piece_length(&self, piece: u32) -> Millimetres {
        self.arrays.piece_length[piece as usize]
    }

    /// The source's id of the road that a piece is of.
    pub(crate) fn road_id(&self, piece: u32) -> &str {
        self.arrays
            .road_ids
            .get(self.arrays.piece_road[piece as usize])
    }

    /// The attributes of an edge, along it.
    pub(crate) fn road(&self, edge: u32) -> &RoadAttributes {
        &self.arrays.kinds[self.kind(edge) as usize]
    }

    /// Whether an edge is gone along by boat: boarded at its ends only, after a wait.
    pub(crate) fn is_boat(&self, edge: u32) -> bool {
        self.road(edge).class == RoadClass::Ferry
    }

    /// All attributes that edges have.
    pub(super) fn kinds(&self) -> &[RoadAttributes] {
        &self.arrays.kinds
    }

    /// The position in [`Self::kinds`] of the attributes of an edge.
    pub(super) fn kind(&self, edge: u32) -> u32 {
        self.arrays.edge_kind[edge as usize]
    }

    /// Pieces with a ferry, in order.
    pub(super) fn ferry_pieces(&self) -> &[u32] {
        &self.arrays.ferry_pieces
    }

    pub(crate) fn incidences(&self, node: u32) -> &[Incidence] {
        let first = self.first_incidence[node as usize] as usize;
        let end = self.first_incidence[node as usize + 1] as usize;
        &self.incidences[first..end]
    }
}

/// Sorts each node's edges into place by counting; edges come in order.
fn list_incidences(n_nodes: u32, edge_ends: &[[u32; 2]]) -> (Vec<u32>, Vec<Incidence>) {
    let mut first = vec![0; n_nodes as usize + 1];
    for node in edge_ends.iter().flatten() {
        first[*node as usize + 1] += 1;
    }
    for node in 1..first.len() {
        first[node] += first[node - 1];
    }
    let unset = Incidence {
        edge: 0,
        away: Direction::Forward,
    };
    let mut incidences = vec![unset; 2 * edge_ends.len()];
    let mut free = first.clone();
    for (edge, ends) in (0..).zip(edge_ends) {
        for (node, away) in ends.iter().zip([Direction::Forward, Direction::Backward]) {
            let slot = &mut free[*node as usize];
            incidences[*slot as usize] = Incidence { edge, away };
            *slot += 1;
        }
    }
    (first, incidences)
}

/// A position in an array as an id.
pub(super) fn id(position: usize) -> u32 {
    u32::try_from(position).expect("memory ends before four thousand million roads")
}
