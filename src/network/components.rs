//! Parts of the network that no road joins, and the gap between each of them and the rest.

use rstar::primitives::{GeomWithData, Line};
use rstar::{PointDistance, RTree};

use super::Network;
use super::local_distance::MetresPerDegree;
use super::near_miss::OnRoad;
use super::road_network::id;
use super::snap::nearest_position;
use crate::domain::{LonLat, Millimetres};

/// Parts with more pieces than this get an index of all other parts, so that a look from each of their vertices does
/// not pass over all their own pieces.
const MANY_PIECES: usize = 300;

/// A part of the network whose nodes are joined by roads, whatever their direction, mode or season.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Its nodes.
    pub n_nodes: u32,
    /// Its edges.
    pub n_edges: u32,
    /// Length of its roads in metres, to the millimetre.
    pub length_m: f64,
    /// South-west and north-east corner of the box around it.
    pub bounds: [LonLat; 2],
    /// A place on one of its roads.
    pub place: LonLat,
    /// Its edges, in order.
    pub(crate) edges: Vec<u32>,
}

/// All parts of a network: the longest first, then by their first edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// The parts.
    pub parts: Vec<Component>,
    /// Per node, the position of its part in `parts`.
    of_node: Vec<u32>,
}

/// The straight gap between a part and the nearest road of another part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Gap {
    pub(crate) from: OnRoad,
    pub(crate) to: OnRoad,
    pub(crate) length: Millimetres,
}

/// For each node the number of its part, and how many parts there are. O(nodes + edges).
pub(super) fn number_parts(network: &Network) -> (Vec<u32>, u32) {
    let unset = u32::MAX;
    let mut of_node = vec![unset; network.n_nodes() as usize];
    let mut n_parts = 0;
    let mut open = Vec::new();
    for start in 0..network.n_nodes() {
        if of_node[start as usize] != unset {
            continue;
        }
        of_node[start as usize] = n_parts;
        open.push(start);
        while let Some(node) = open.pop() {
            for incidence in network.incidences(node) {
                for end in network.ends(incidence.edge) {
                    if of_node[end as usize] == unset {
                        of_node[end as usize] = n_parts;
                        open.push(end);
                    }
                }
            }
        }
        n_parts += 1;
    }
    (of_node, n_parts)
}

/// The parts of a network. O(pieces log pieces).
pub fn components(network: &Network) -> Components {
    let (of_node, n_parts) = number_parts(network);
    let mut edges: Vec<Vec<u32>> = vec![Vec::new(); n_parts as usize];
    for edge in network.edges() {
        let [source, _] = network.ends(edge);
        edges[of_node[source as usize] as usize].push(edge);
    }
    let mut n_nodes = vec![0; n_parts as usize];
    for part in &of_node {
        n_nodes[*part as usize] += 1;
    }
    let mut parts: Vec<(usize, Component)> = edges
        .into_iter()
        .zip(n_nodes)
        .map(|(edges, n_nodes)| component(network, edges, n_nodes))
        .enumerate()
        .collect();
    parts.sort_by(|(_, a), (_, b)| {
        let by_length = b.length_m.total_cmp(&a.length_m);
        by_length.then_with(|| a.edges.cmp(&b.edges))
    });
    let mut rank = vec![0; parts.len()];
    for (position, (part, _)) in parts.iter().enumerate() {
        rank[*part] = id(position);
    }
    Components {
        parts: parts.into_iter().map(|(_, component)| component).collect(),
        of_node: of_node
            .into_iter()
            .map(|part| rank[part as usize])
            .collect(),
    }
}

fn component(network: &Network, edges: Vec<u32>, n_nodes: u32) -> Component {
    let pieces = edges.iter().flat_map(|edge| network.pieces(*edge));
    let (mut length_mm, mut west, mut south, mut east, mut north) =
        (0_u64, 180.0_f64, 90.0_f64, -180.0_f64, -90.0_f64);
    for piece in pieces {
        let ends = network.piece_ends(piece);
        length_mm += u64::from(network.piece_length(piece).0);
        for end in ends {
            (west, east) = (west.min(end.lon()), east.max(end.lon()));
            (south, north) = (south.min(end.lat()), north.max(end.lat()));
        }
    }
    let corner = |lon, lat| LonLat::parse(lon, lat).expect("its coordinates are those of places");
    let first = network.pieces(edges[0]);
    let middle = first.start + (first.end - first.start) / 2;
    Component {
        n_nodes,
        n_edges: id(edges.len()),
        length_m: length_mm as f64 / 1000.0,
        bounds: [corner(west, south), corner(east, north)],
        place: network.piece_ends(middle)[0],
        edges,
    }
}

impl Components {
    /// The part that an edge is of.
    pub(crate) fn of_edge(&self, network: &Network, edge: u32) -> u32 {
        self.of_node[network.ends(edge)[0] as usize]
    }

    /// For every part but the first, the least gap from one of its vertices to a road of another part.
    ///
    /// None where the network has one part only. Ties go to the lower piece. O(pieces log pieces) while parts are
    /// small, and that for each part with hundreds of pieces.
    pub(crate) fn gaps(&self, network: &Network) -> Vec<Option<Gap>> {
        let scale = Scale::of(network);
        let lines: Vec<Entry> = (0..network.n_pieces())
            .map(|piece| {
                let part = self.of_edge(network, network.edge_of(piece));
                scale.entry(network, piece, part)
            })
            .collect();
        let all = RTree::bulk_load(lines.clone());
        (0..)
            .zip(&self.parts)
            .skip(1)
            .map(|(part, component)| {
                let n_pieces: usize = component
                    .edges
                    .iter()
                    .map(|edge| network.pieces(*edge).len())
                    .sum();
                if n_pieces <= MANY_PIECES {
                    return gap(network, &all, &scale, (part, component));
                }
                let others = lines.iter().filter(|entry| entry.data.1 != part);
                let others = RTree::bulk_load(others.copied().collect());
                gap(network, &others, &scale, (part, component))
            })
            .collect()
    }
}

/// A piece with its number and its part, in degrees of latitude both ways.
type Entry = GeomWithData<Line<[f64; 2]>, (u32, u32)>;

/// Degrees of longitude shrunk to the length of degrees of latitude in the middle of the network.
struct Scale {
    lon_by_lat: f64,
}

impl Scale {
    fn of(network: &Network) -> Self {
        let lats = || (0..network.n_pieces()).map(|piece| network.piece_ends(piece)[0].lat());
        let middle = f64::midpoint(lats().fold(90.0, f64::min), lats().fold(-90.0, f64::max));
        let metres = MetresPerDegree::at(middle);
        Self {
            lon_by_lat: metres.lon / metres.lat,
        }
    }

    fn corner(&self, place: LonLat) -> [f64; 2] {
        [place.lon() * self.lon_by_lat, place.lat()]
    }

    fn entry(&self, network: &Network, piece: u32, part: u32) -> Entry {
        let [a, b] = network.piece_ends(piece).map(|end| self.corner(end));
        Entry::new(Line::new(a, b), (piece, part))
    }
}

fn gap(
    network: &Network,
    lines: &RTree<Entry>,
    scale: &Scale,
    (part, component): (u32, &Component),
) -> Option<Gap> {
    let mut best: Option<(f64, u32, OnRoad)> = None;
    for edge in &component.edges {
        let pieces = network.pieces(*edge);
        let [_, end] = network.end_positions(*edge);
        let starts = pieces.map(|piece| super::Position {
            piece,
            fraction: 0.0,
        });
        for position in starts.chain([end]) {
            let [start, last] = network.piece_ends(position.piece);
            let place = if position == end { last } else { start };
            let corner = scale.corner(place);
            let other = lines
                .nearest_neighbor_iter(corner)
                .find(|entry| entry.data.1 != part);
            let Some(other) = other else { continue };
            let distance = other.distance_2(&corner);
            let piece = other.data.0;
            let is_nearer = best
                .as_ref()
                .is_none_or(|(least, nearest, _)| (distance, piece) < (*least, *nearest));
            if is_nearer {
                let from = OnRoad {
                    edge: *edge,
                    position,
                    place,
                };
                best = Some((distance, piece, from));
            }
        }
    }
    let (_, piece, from) = best?;
    let (position, place, length) = nearest_position(network, piece, from.place);
    Some(Gap {
        from,
        to: OnRoad {
            edge: network.edge_of(piece),
            position,
            place,
        },
        length,
    })
}
