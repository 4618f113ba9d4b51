//! An emergency: the patient is carried to the last point that the vehicle reaches, then driven to the facility.

mod pairs;
mod path;

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

pub use pairs::{RescuePair, rescue_matrix};
pub use path::{RescueRoute, RescueRouteAnswer, rescue_route};

use super::answer_each::answer_each;
use super::arrivals::Arrivals;
use super::demand::{Way, visit_ways};
use super::linkage::Linkage;
use super::nearest_k::SnapUsed;
use crate::domain::{LonLat, Millimetres, Milliseconds, ReachState};
use crate::network::{Cancelled, Cost, Direction, Label, Search, Seed, Travel, offer};

/// How the patient is carried and how the vehicle drives: two ways of travelling by time, on one network.
#[derive(Debug, Clone, Copy)]
pub struct Rescue<'a> {
    /// On foot, with the patient.
    pub carry: &'a Travel,
    /// The vehicle.
    pub drive: &'a Travel,
}

/// Time and length of a part of a rescue. Off the road the length counts with the off-road factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How long it takes.
    pub time: Milliseconds,
    /// How far it is.
    pub length: Millimetres,
}

/// The fastest rescue from one place to one facility: carry, then drive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RescueTrip {
    /// Position in the list of facilities.
    pub facility: u32,
    /// From the patient to the last point that the vehicle reaches: off the road, then along roads on foot.
    pub carry: Part,
    /// From there to the facility, with the walk from the road to its door.
    pub drive: Part,
    /// Where the vehicle waits; none where the patient is carried all the way.
    pub last_point: Option<LonLat>,
    /// Where the trip comes to the first road and where it leaves the last one; none where it is walked straight, or is
    /// too long to count.
    pub snaps: Option<[SnapUsed; 2]>,
}

impl RescueTrip {
    /// Carry and drive together.
    pub fn total(&self) -> Part {
        Part {
            time: Milliseconds(self.carry.time.0.saturating_add(self.drive.time.0)),
            length: Millimetres(self.carry.length.0.saturating_add(self.drive.length.0)),
        }
    }
}

/// The answer for one place.
#[derive(Debug, Clone, PartialEq)]
pub struct RescueReach {
    /// `Within`, `BeyondCutoff`, `NoPath` or `Unsnapped`.
    pub state: ReachState,
    /// The facilities of least total time, in order of (total time, facility); at most K.
    pub trips: Vec<RescueTrip>,
}

/// The K facilities that each patient is brought to fastest, by total time; ties by the order of facilities.
///
/// The patient is carried off the road to any road within the snap radius, then along roads that one may walk; the
/// vehicle waits where the way to a road meets one that it may use, or at a junction: between junctions nothing is won
/// by waiting elsewhere, since both go at one speed there. The way of the vehicle to the patient is not in it.
/// `cutoff` is in milliseconds of the total. Of trips that take equally long, the one with the shorter carry is shown
/// where they part at a junction.
///
/// Two searches over the network, O(edges) each: by vehicle from the facilities to all junctions, then on foot from
/// all junctions at what they cost by vehicle.
///
/// # Errors
/// `cancel` was raised.
pub fn rescue<const K: usize>(
    rescue: Rescue<'_>,
    facilities: &[LonLat],
    patients: &[LonLat],
    options: super::NearestOptions,
    cancel: &AtomicBool,
) -> Result<Vec<RescueReach>, Cancelled> {
    let layers = Layers::<K>::new(rescue, facilities, options.threads, cancel)?;
    let ends = || Ends::new(&layers);
    let reach =
        |ends: &mut Ends<'_, K>, from: &LonLat| layers.reach(*from, options.cutoff, Some(ends));
    answer_each(patients, options.threads, cancel, ends, reach)
}

/// For every facility, the state of the fastest rescue of all that end there, and where that one leaves the road; none
/// where it does not.
///
/// Two searches over the network, O(edges) each.
///
/// # Errors
/// `cancel` was raised.
pub(super) fn rescue_ends(
    rescue: Rescue<'_>,
    facilities: &[LonLat],
    patients: &[LonLat],
    threads: NonZeroUsize,
    cancel: &AtomicBool,
) -> Result<Vec<(ReachState, Option<SnapUsed>)>, Cancelled> {
    let back = [rescue.carry, rescue.drive].map(Travel::turned_round);
    let [carry, drive] = &back;
    let carried = Layer::new(carry, patients, None, threads, cancel)?;
    let layers = Layers::<1> {
        rescue: Rescue { carry, drive },
        by_vehicle: Layer::new(drive, patients, Some(&carried), threads, cancel)?,
        carried,
    };
    let end = |(): &mut (), facility: &LonLat| {
        let (found, is_snapped) = layers.best_ways(*facility);
        let snap = found.first().and_then(|found| found.way.start());
        (state(found.first().map(|_| true), is_snapped), snap)
    };
    answer_each(facilities, threads, cancel, || (), end)
}

/// Of a trip that is within the cutoff or not, or of none.
fn state(is_within: Option<bool>, is_snapped: bool) -> ReachState {
    match is_within {
        Some(true) => ReachState::Within,
        Some(false) => ReachState::BeyondCutoff,
        None if is_snapped => ReachState::NoPath,
        None => ReachState::Unsnapped,
    }
}

/// What is known of every junction: from there by vehicle, and from there on foot to where the vehicle waits and on.
struct Layers<'a, const K: usize> {
    rescue: Rescue<'a>,
    by_vehicle: Layer<K>,
    carried: Layer<K>,
}

struct Layer<const K: usize> {
    linkage: Linkage,
    search: Search<K>,
}

impl<const K: usize> Layer<K> {
    /// Searches from the facilities, and from every junction at what the layer before knows of it.
    fn new(
        travel: &Travel,
        facilities: &[LonLat],
        before: Option<&Self>,
        threads: NonZeroUsize,
        cancel: &AtomicBool,
    ) -> Result<Self, Cancelled> {
        let linkage = Linkage::new(travel, facilities, threads);
        let mut seeds = linkage.seeds.clone();
        if let Some(Self { search, .. }) = before {
            let seeds_at = |node| search.found(node).map(move |label| Seed { node, label });
            seeds.extend(search.reached().flat_map(seeds_at));
        }
        let mut search = Search::new();
        travel.search(&mut search, &seeds, None, cancel)?;
        Ok(Self { linkage, search })
    }
}

/// Where rescues leave the road, driven and carried all the way.
struct Ends<'a, const K: usize> {
    driven: Arrivals<'a, K>,
    carried: Arrivals<'a, K>,
}

impl<'a, const K: usize> Ends<'a, K> {
    fn new(layers: &'a Layers<'_, K>) -> Self {
        let arrivals = |travel: &'a Travel, Layer { linkage, search }: &'a Layer<K>| {
            Arrivals::new(travel, linkage, search)
        };
        Self {
            driven: arrivals(layers.rescue.drive, &layers.by_vehicle),
            carried: arrivals(layers.rescue.carry, &layers.carried),
        }
    }
}

/// A way that may be the best to a facility, and whether the vehicle is boarded where it begins.
#[derive(Clone, Copy)]
struct Found {
    label: Label,
    way: Way,
    is_boarded: bool,
}

impl Found {
    /// Ways of equal cost: boarded at once first, then in the order of ways.
    fn order(&self) -> (Cost, bool, Option<[u32; 4]>) {
        (self.label.cost, !self.is_boarded, self.way.order())
    }
}

impl<'a, const K: usize> Layers<'a, K> {
    fn new(
        rescue: Rescue<'a>,
        facilities: &[LonLat],
        threads: NonZeroUsize,
        cancel: &AtomicBool,
    ) -> Result<Self, Cancelled> {
        let by_vehicle = Layer::new(rescue.drive, facilities, None, threads, cancel)?;
        let carried = Layer::new(rescue.carry, facilities, Some(&by_vehicle), threads, cancel)?;
        Ok(Self {
            rescue,
            by_vehicle,
            carried,
        })
    }

    /// The best way to each of the K best facilities, in their order, and whether the patient stands near a road or a
    /// facility.
    fn best_ways(&self, from: LonLat) -> (Vec<Found>, bool) {
        let mut best = [Label::NONE; K];
        let mut found: Vec<Found> = Vec::new();
        let mut is_snapped = false;
        let layers = [
            (self.rescue.drive, &self.by_vehicle, true),
            (self.rescue.carry, &self.carried, false),
        ];
        for (travel, layer, is_boarded) in layers {
            is_snapped |= visit_ways(travel, &layer.linkage, &layer.search, from, |way, label| {
                if offer(&mut best, label) || best.contains(&label) {
                    keep_best(
                        &mut found,
                        Found {
                            label,
                            way,
                            is_boarded,
                        },
                    );
                }
                best[K - 1].cost.minimised
            });
        }
        let labels = best.into_iter().filter_map(Label::found);
        let in_order = labels.filter_map(|label| {
            let mut found = found.iter();
            found.find(|found| found.label == label).copied()
        });
        (in_order.collect(), is_snapped)
    }

    /// Without `ends`, no trip says where it comes to the road.
    fn reach(
        &self,
        from: LonLat,
        cutoff: Option<u32>,
        mut ends: Option<&mut Ends<'_, K>>,
    ) -> RescueReach {
        let (found, is_snapped) = self.best_ways(from);
        let trip = |found: &Found| RescueTrip {
            snaps: ends.as_mut().and_then(|ends| self.snaps(found, ends)),
            ..self.trip(found)
        };
        let trips: Vec<RescueTrip> = found.iter().map(trip).collect();
        let is_within =
            |trip: &RescueTrip| cutoff.is_none_or(|cutoff| trip.total().time.0 <= cutoff);
        RescueReach {
            state: state(trips.first().map(is_within), is_snapped),
            trips,
        }
    }

    /// Where the vehicle waits on a way, and what is carried and driven.
    fn trip(&self, found: &Found) -> RescueTrip {
        let total = found.label.cost;
        let (drive, last_point) = match found.way {
            Way::SameEdge(candidate, _) | Way::ThroughNode(candidate, _, _) if found.is_boarded => {
                let carry = self.rescue.drive.off_road(candidate.distance);
                (total.minus(carry), Some(candidate.place))
            }
            Way::Straight | Way::SameEdge(..) => (Cost::ZERO, None),
            Way::ThroughNode(_, _, node) => {
                let (node, cost) = self.boarding(node, found.label.facility, |_, _| {});
                let place = cost.map(|_| self.rescue.drive.network.node_place(node));
                (cost.unwrap_or(Cost::ZERO), place)
            }
        };
        let part = |cost: Cost| Part {
            time: cost.time(self.rescue.drive.metric),
            length: cost.length(self.rescue.drive.metric),
        };
        RescueTrip {
            facility: found.label.facility,
            carry: part(total.minus(drive)),
            drive: part(drive),
            last_point,
            snaps: None,
        }
    }

    fn snaps(&self, found: &Found, ends: &mut Ends<'_, K>) -> Option<[SnapUsed; 2]> {
        let Label { facility, cost } = found.label;
        let end = match found.way {
            _ if cost.is_saturated() => None,
            Way::Straight => None,
            Way::SameEdge(_, end) => Some(end.snap()),
            Way::ThroughNode(_, _, node) if found.is_boarded => ends.driven.of(node, facility),
            Way::ThroughNode(_, _, node) => match self.boarding(node, facility, |_, _| {}) {
                (node, Some(_)) => ends.driven.of(node, facility),
                (node, None) => ends.carried.of(node, facility),
            },
        };
        Some([found.way.start()?, end?])
    }

    /// Follows the best way on foot from a junction to the one where the vehicle waits, and gives what it costs from
    /// there; where it is walked to the end, the last junction and nothing. Every edge has a duration, so the walk ends.
    /// `pass` is told every edge that is walked.
    fn boarding(
        &self,
        mut node: u32,
        facility: u32,
        mut pass: impl FnMut(u32, Direction),
    ) -> (u32, Option<Cost>) {
        let travel = self.rescue.carry;
        while let Some(cost) = cost_to(&self.carried.search, node, facility) {
            if cost_to(&self.by_vehicle.search, node, facility) == Some(cost) {
                return (node, Some(cost));
            }
            let incidences = travel.network.incidences(node).iter();
            let step = incidences
                .filter(|incidence| travel.permits(incidence.edge, incidence.away))
                .filter_map(|incidence| {
                    let next = travel.network.node_towards(incidence.edge, incidence.away);
                    let on = cost_to(&self.carried.search, next, facility)?;
                    let is_tight = travel.edge_cost(incidence.edge).plus(on) == cost;
                    (is_tight && on < cost).then_some((incidence.edge, next, incidence.away))
                })
                .min();
            let Some((edge, next, away)) = step else {
                break;
            };
            pass(edge, away);
            node = next;
        }
        (node, None)
    }
}

fn cost_to<const K: usize>(search: &Search<K>, node: u32, facility: u32) -> Option<Cost> {
    let labels = search.labels(node).iter();
    let mut found = labels.filter_map(|label| label.found());
    let label = found.find(|label| label.facility == facility)?;
    Some(label.cost)
}

/// Keeps one way for each facility.
fn keep_best(found: &mut Vec<Found>, new: Found) {
    let same = |found: &&mut Found| found.label.facility == new.label.facility;
    match found.iter_mut().find(same) {
        Some(old) if new.order() < old.order() => *old = new,
        Some(_) => {}
        None => found.push(new),
    }
}

#[cfg(test)]
mod tests;
