//! The rescue that is shown from a patient to a facility, leg by leg.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::{Ends, Found, Layers, Rescue, RescueTrip};
use crate::access::RouteError;
use crate::access::demand::Way;
use crate::access::route_leg::{Leg, LegKind, LegWriter, Move, end_towards};
use crate::access::route_walk::{Step, steps, write_end, write_path};
use crate::domain::{LonLat, ReachState};

/// The facility of a search for one.
const ONLY: u32 = 0;

/// The answer of [`rescue_route`].
#[derive(Debug, Clone, PartialEq)]
pub struct RescueRouteAnswer {
    /// `Within`, `NoPath` or `Unsnapped`: a path has no cutoff.
    pub state: ReachState,
    /// Present in state `Within`.
    pub route: Option<RescueRoute>,
}

/// A rescue with its legs.
#[derive(Debug, Clone, PartialEq)]
pub struct RescueRoute {
    /// What [`rescue`](super::rescue) gives for the facility.
    pub trip: RescueTrip,
    /// Those of the carry first: each is off the road or along one road. They sum to the parts of the trip.
    pub legs: Vec<Leg>,
}

/// The fastest rescue from a patient to one facility, as [`rescue`](super::rescue) finds it among any others.
///
/// Two searches over the network, O(edges) each.
///
/// # Errors
/// `cancel` was raised, or the path is too long to count.
pub fn rescue_route(
    rescue: Rescue<'_>,
    from: LonLat,
    to: LonLat,
    cancel: &AtomicBool,
) -> Result<RescueRouteAnswer, RouteError> {
    let layers = Layers::<1>::new(rescue, &[to], NonZeroUsize::MIN, cancel)?;
    let (found, is_snapped) = layers.best_ways(from);
    let Some(found) = found.first() else {
        let state = if is_snapped {
            ReachState::NoPath
        } else {
            ReachState::Unsnapped
        };
        return Ok(RescueRouteAnswer { state, route: None });
    };
    if found.label.cost.is_saturated() {
        return Err(RouteError::TooLong);
    }
    Ok(RescueRouteAnswer {
        state: ReachState::Within,
        route: Some(RescueRoute {
            trip: RescueTrip {
                snaps: layers.snaps(found, &mut Ends::new(&layers)),
                ..layers.trip(found)
            },
            legs: layers.legs(found, [from, to]),
        }),
    })
}

impl Layers<'_, 1> {
    fn legs(&self, found: &Found, [from, to]: [LonLat; 2]) -> Vec<Leg> {
        let Rescue { carry, drive } = self.rescue;
        let first = if found.is_boarded { drive } else { carry };
        let (mut carried, mut driven) = (LegWriter::new(first), LegWriter::new(drive));
        match found.way {
            Way::Straight => carried.walk(LegKind::Straight, [from, to], found.label.cost),
            Way::SameEdge(start, _) | Way::ThroughNode(start, _, _) => {
                let walk = first.off_road(start.distance);
                carried.walk(LegKind::OffRoad, [from, start.place], walk);
            }
        }
        let along_road = if found.is_boarded {
            &mut driven
        } else {
            &mut carried
        };
        match found.way {
            Way::Straight => {}
            Way::SameEdge(start, end) => write_end(along_road, start.position, &end, to),
            Way::ThroughNode(start, direction, node) => {
                along_road.along(Move {
                    edge: start.edge,
                    from: start.position,
                    to: end_towards(first, start.edge, direction),
                });
                let waits_at = if found.is_boarded {
                    Some(node)
                } else {
                    self.write_carry(&mut carried, node, to)
                };
                if let Some(node) = waits_at {
                    let layer = (&self.by_vehicle.linkage, &self.by_vehicle.search);
                    write_path(&mut driven, drive, layer, node, to);
                }
            }
        }
        let carried = carried.into_legs().into_iter().map(|leg| Leg {
            kind: LegKind::Carry,
            ..leg
        });
        carried.chain(driven.into_legs()).collect()
    }

    /// Writes the way on foot from a junction, and gives the one where the vehicle waits; none where it is walked to
    /// the facility.
    fn write_carry(&self, legs: &mut LegWriter<'_>, node: u32, to: LonLat) -> Option<u32> {
        let carry = self.rescue.carry;
        let (node, drive) = self.boarding(node, ONLY, |edge, direction| {
            legs.along(Move {
                edge,
                from: end_towards(carry, edge, direction.reversed()),
                to: end_towards(carry, edge, direction),
            });
        });
        if drive.is_some() {
            return Some(node);
        }
        let (linkage, search) = (&self.carried.linkage, &self.carried.search);
        let steps = steps(carry, linkage, search, node, ONLY);
        let arriving = steps.iter().filter(|step| step.arrival.is_some());
        let step = arriving.min_by_key(|step| Step::order(step));
        if let Some((step, (_, facility))) = step.and_then(|step| Some((step, step.arrival?))) {
            let start = end_towards(carry, step.edge, step.direction.reversed());
            write_end(legs, start, &facility, to);
        }
        None
    }
}
