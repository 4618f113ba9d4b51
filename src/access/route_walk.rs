//! The path behind the labels of a search, edge by edge.

use super::linkage::{Linkage, OnEdge};
use super::route_leg::{LegKind, LegWriter, Move, end_towards};
use crate::domain::LonLat;
use crate::network::{Direction, Position, Search, Travel};

/// What is done at a node of the path.
#[derive(Debug, Clone, Copy)]
struct Step {
    edge: u32,
    direction: Direction,
    /// The facility that the step ends at, and its place among those beside the edge; none passes the whole edge.
    arrival: Option<(usize, OnEdge)>,
}

impl Step {
    /// The order of steps of equal cost: by edge, arriving first.
    fn order(&self) -> (u32, bool, Option<usize>, Direction) {
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
        let step = steps(travel, linkage, search, node)
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

/// All steps from a node that cost exactly what its label says.
fn steps(travel: &Travel, linkage: &Linkage, search: &Search<1>, node: u32) -> Vec<Step> {
    let [label] = *search.labels(node);
    let mut steps = Vec::new();
    for incidence in travel.network.incidences(node) {
        let edge = incidence.edge;
        for (place, facility) in linkage.on_edge(edge).iter().enumerate() {
            for link in travel.arrivals(edge, facility.position) {
                if link.node == node && link.cost.plus(facility.walk) == label.cost {
                    let arrival = Some((place, *facility));
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
        let [beyond] = *search.labels(travel.network.node_towards(edge, direction));
        let is_tight = beyond
            .found()
            .is_some_and(|beyond| travel.edge_cost(edge).plus(beyond.cost) == label.cost);
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
