//! From chains to a network: nodes along the Hilbert curve, edges by their lower node, pieces as the edges pass them.

use std::collections::{BTreeMap, BTreeSet};

use super::chains::{Chain, Parts};
use super::lines::Lines;
use super::road_ids::RoadIds;
use super::road_network::{Arrays, id};
use super::{Joints, Network};

const UNNUMBERED: u32 = u32::MAX;

/// The network of all lines, of which some were joined; `ferry_pieces` by the numbers that [`Lines`] gives pieces.
pub(super) fn lay_out(
    lines: &Lines<'_>,
    parts: &Parts<'_>,
    ferry_pieces: &BTreeSet<u32>,
    joints: Joints,
) -> Network {
    let chains = chains_in_order(parts);
    let node_of_place = number_nodes(lines, parts, &chains);
    let (road_ids, road_of_line) = intern_ids(lines);
    let mut arrays = Arrays {
        joints,
        n_nodes: id(node_of_place
            .iter()
            .filter(|node| **node != UNNUMBERED)
            .count()),
        road_ids,
        ..Arrays::default()
    };
    let mut number_of_kind = BTreeMap::new();
    for chain in &chains {
        let (first, last) = (chain[0], chain[chain.len() - 1]);
        let ends = [parts.start(first), parts.end(last)];
        arrays
            .edge_ends
            .push(ends.map(|place| node_of_place[place as usize]));
        let kind = parts.kind(first);
        let next_number = id(number_of_kind.len());
        let number = *number_of_kind.entry(kind).or_insert_with(|| {
            arrays.kinds.push(lines.kinds.list[kind as usize]);
            next_number
        });
        arrays.edge_kind.push(number);
        arrays.edge_first_piece.push(id(arrays.piece_length.len()));
        let points = parts
            .vertices(chain)
            .map(|vertex| lines.points[vertex as usize]);
        arrays.vertices.extend(points);
        for step in chain {
            let road = road_of_line[parts.part(*step).line as usize];
            for piece in parts.pieces(std::slice::from_ref(step)) {
                if ferry_pieces.contains(&piece) {
                    arrays.ferry_pieces.push(id(arrays.piece_length.len()));
                }
                arrays.piece_length.push(lines.length[piece as usize]);
                arrays.piece_road.push(road);
            }
        }
    }
    arrays.edge_first_piece.push(id(arrays.piece_length.len()));
    Network::new(arrays)
}

/// By lower node, then by the other one, then as [`Parts::compare`] says.
fn chains_in_order(parts: &Parts<'_>) -> Vec<Chain> {
    let mut chains = parts.chains();
    let ends = |chain: &Chain| [parts.start(chain[0]), parts.end(chain[chain.len() - 1])];
    chains.sort_by(|a, b| ends(a).cmp(&ends(b)).then_with(|| parts.compare(a, b)));
    chains
}

/// The node of each place where a chain ends, in order of place.
fn number_nodes(lines: &Lines<'_>, parts: &Parts<'_>, chains: &[Chain]) -> Vec<u32> {
    let mut node_of_place = vec![UNNUMBERED; lines.n_visits.len()];
    for chain in chains {
        node_of_place[parts.start(chain[0]) as usize] = 0;
        node_of_place[parts.end(chain[chain.len() - 1]) as usize] = 0;
    }
    let nodes = node_of_place.iter_mut().filter(|node| **node != UNNUMBERED);
    for (node, number) in nodes.zip(0..) {
        *node = number;
    }
    node_of_place
}

/// The distinct ids of roads in order, and for each line the position of its own.
fn intern_ids(lines: &Lines<'_>) -> (RoadIds, Vec<u32>) {
    let ids: BTreeSet<&str> = lines.road_ids.iter().copied().collect();
    let position: BTreeMap<&str, u32> = ids.iter().copied().zip(0..).collect();
    let road_of_line = lines.road_ids.iter().map(|id| position[id]).collect();
    (RoadIds::new(ids), road_of_line)
}
