//! The path behind the labels of a search, edge by edge.

use super::linkage::{Linkage, OnEdge};
use super::route_leg::{LegKind, LegWriter, Move, end_towards};
use crate::domain::LonLat;
use crate::network::{Direction, Position, Search, Travel};

/// The facility of a linkage of one.
const ONLY: u32 = 0;

/// What is done at a node of the path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) edge: u32,
    pub(super) direction: Direction,
    /// The facility that the step ends at, and its place among those beside the edge; none passes the whole edge.
    pub(super) arrival: Option<(usize, OnEdge)>,
}

impl Step {
    /// The order of steps of equal cost: by edge, arriving first.
    pub(super) fn order(&self) -> (u32, bool, Option<usize>, Direction) {
        let arrival = self.arrival.map(|(place, _)| place);
        (self.edge, arrival.is_none(), arrival, self.direction)
    }
}

/// Writes the best path from a node to the one facility of `linkage`, which stands at `to`.
///
/// Every edge has a length, so what is left of the path falls with every step, and the walk ends.
pub(super) fn write_path(
    legs: &mut LegWriter<'_>,
    travel: &Travel,
    (linkage, search): (&Linkage, &Search<1>),
    mut node: u32,
    to: LonLat,
) {
    loop {
        let step = steps(travel, linkage, search, node, ONLY)
            .into_iter()
            .min_by_key(Step::order)
            .expect("a label comes from a seed or over an edge");
        let start = end_towards(travel, step.edge, step.direction.reversed());
        if let Some((_, facility)) = step.arrival {
            return write_end(legs, start, &facility, to);
        }
        let end = end_towards(travel, step.edge, step.direction);
        legs.along(Move {
            edge: step.edge,
            from: start,
            to: end,
        });
        node = travel.network.node_towards(step.edge, step.direction);
    }
}

/// Writes the last move along an edge and the walk to the facility.
pub(super) fn write_end(legs: &mut LegWriter<'_>, from: Position, facility: &OnEdge, to: LonLat) {
    legs.along(Move {
        edge: facility.edge,
        from,
        to: facility.position,
    });
    legs.walk(LegKind::OffRoad, [facility.place, to], facility.walk);
}

/// All steps from a node towards a facility that cost exactly what the node's label of it says.
pub(super) fn steps<const K: usize>(
    travel: &Travel,
    linkage: &Linkage,
    search: &Search<K>,
    node: u32,
    facility: u32,
) -> Vec<Step> {
    let cost_from = |node: u32| {
        let mut labels = search.labels(node).iter();
        let label = labels.find(|label| label.facility == facility)?.found()?;
        Some(label.cost)
    };
    let Some(cost) = cost_from(node) else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    for incidence in travel.network.incidences(node) {
        let edge = incidence.edge;
        for (place, on_edge) in linkage.on_edge(edge).iter().enumerate() {
            if on_edge.facility != facility {
                continue;
            }
            for link in travel.arrivals(edge, on_edge.position) {
                if link.node == node && link.cost.plus(on_edge.walk) == cost {
                    let arrival = Some((place, *on_edge));
                    let direction = link.direction;
                    steps.push(Step {
                        edge,
                        direction,
                        arrival,
                    });
                }
            }
        }
        let direction = incidence.away;
        let is_tight = cost_from(travel.network.node_towards(edge, direction))
            .is_some_and(|beyond| travel.edge_cost(edge).plus(beyond) == cost);
        if is_tight && travel.permits(edge, direction) {
            steps.push(Step {
                edge,
                direction,
                arrival: None,
            });
        }
    }
    steps
}
