//! All ways from one demand point to facilities, given what the search knows of the nodes.

use super::linkage::{Linkage, OnEdge};
use super::nearest_k::SnapUsed;
use crate::domain::LonLat;
use crate::network::{Candidate, Cost, Direction, Label, Search, Travel};

/// How a trip from a demand point goes on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    /// Straight to the facility, off the road.
    Straight,
    /// Along the edge of the candidate to a facility beside the same edge.
    SameEdge(Candidate, OnEdge),
    /// Along the edge of the candidate to a node, and on as the search found.
    ThroughNode(Candidate, Direction, u32),
}

impl Way {
    /// Where it comes to the road; none where it is walked straight.
    pub(super) fn start(&self) -> Option<SnapUsed> {
        match self {
            Self::Straight => None,
            Self::SameEdge(start, _) | Self::ThroughNode(start, _, _) => Some(SnapUsed {
                piece: start.piece,
                distance: start.distance,
            }),
        }
    }

    /// The order of ways of equal cost: straight first, then by edge, then by what tells ways along one edge apart.
    pub(super) fn order(&self) -> Option<[u32; 4]> {
        match self {
            Self::Straight => None,
            Self::SameEdge(start, end) => {
                Some([start.edge, start.position.piece, 0, end.position.piece])
            }
            Self::ThroughNode(start, direction, _) => {
                Some([start.edge, start.position.piece, 1, *direction as u32])
            }
        }
    }
}

/// Gives every way that may be among the best, and whether the point stands on the network or beside a facility.
///
/// `visit` answers with the largest cost that may still matter to it, ties included. A candidate whose walk off the road
/// alone costs more cannot matter, and is left out.
pub(super) fn visit_ways<const K: usize>(
    travel: &Travel,
    linkage: &Linkage,
    search: &Search<K>,
    from: LonLat,
    mut visit: impl FnMut(Way, Label) -> u32,
) -> bool {
    let mut enough = u32::MAX;
    let walks = linkage.straight_walks(travel, from);
    for walk in &walks {
        enough = visit(Way::Straight, *walk);
    }
    let mut is_snapped = !walks.is_empty();
    travel.visit_candidates(from, enough, |candidate, walk| {
        is_snapped = true;
        let Candidate { edge, position, .. } = *candidate;
        if !may_matter(travel, linkage, search, edge, (walk, enough)) {
            return enough;
        }
        for facility in linkage.on_edge(edge) {
            if let Some(along) = travel.along_edge(edge, position, facility.position) {
                let cost = walk.plus(along).plus(facility.walk);
                let label = Label {
                    facility: facility.facility,
                    cost,
                };
                enough = visit(Way::SameEdge(*candidate, *facility), label);
            }
        }
        for link in travel.departures(edge, position) {
            let to_node = walk.plus(link.cost);
            let labels = search.labels(link.node).iter();
            for label in labels.filter_map(|label| label.found()) {
                let cost = to_node.plus(label.cost);
                let way = Way::ThroughNode(*candidate, link.direction, link.node);
                enough = visit(way, Label { cost, ..label });
            }
        }
        enough
    });
    is_snapped
}

/// Whether a walk to an edge can lead to a cost that is small enough, by the labels at the edge's ends alone.
///
/// Most edges a kilometre away cannot, and this looks at less than the exact answer does.
fn may_matter<const K: usize>(
    travel: &Travel,
    linkage: &Linkage,
    search: &Search<K>,
    edge: u32,
    (walk, enough): (Cost, u32),
) -> bool {
    let is_near_enough = |node: &u32| {
        let nearest = search.labels(*node)[0].found();
        nearest.is_some_and(|nearest| walk.plus(nearest.cost).minimised <= enough)
    };
    travel.network.ends(edge).iter().any(is_near_enough) || !linkage.on_edge(edge).is_empty()
}
