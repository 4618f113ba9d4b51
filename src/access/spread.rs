//! Costs from one place to any other, along roads and off them.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::ambulance::Rescue;
use super::answer_each::answer_each;
use super::entrances::{Entrances, entrances};
use crate::domain::{LonLat, Millimetres, People};
use crate::network::{
    Cancelled, Cost, Direction, Label, Network, Position, Search, Seed, SnapChoice, Travel,
    local_distance_m,
};

/// How somebody gets from one place to another.
#[derive(Debug, Clone, Copy)]
pub enum Journey<'a> {
    /// Under one way of travelling.
    Trip(&'a Travel),
    /// Carried, then driven.
    Rescue(Rescue<'a>),
}

impl<'a> Journey<'a> {
    /// All ways of travelling in it, the carry first; they have one network, one set of barriers and one way of snapping.
    pub(super) fn travels(self) -> impl Iterator<Item = &'a Travel> {
        let (first, second) = match self {
            Self::Trip(travel) => (travel, None),
            Self::Rescue(Rescue { carry, drive }) => (carry, Some(drive)),
        };
        std::iter::once(first).chain(second)
    }

    /// The first of [`Self::travels`].
    pub(super) fn first(self) -> &'a Travel {
        match self {
            Self::Trip(travel) | Self::Rescue(Rescue { carry: travel, .. }) => travel,
        }
    }
}

/// Costs from one place, as far as the largest of some cutoffs.
///
/// The cost to a place is that of the journey to a facility there, as the engine says it of any pair.
pub struct Spread<'a> {
    pub(super) from: LonLat,
    /// In the unit of the metric.
    pub(super) cutoffs: Vec<u32>,
    /// At least one, the carry first; the journey ends in any of them.
    pub(super) layers: Vec<SpreadLayer<'a>>,
}

/// Costs of journeys that end under one way of travelling.
pub(super) struct SpreadLayer<'a> {
    pub(super) travel: &'a Travel,
    limit: u32,
    start: Entrances,
    search: Search<1>,
}

impl<'a> Spread<'a> {
    /// One search over the network, two for a rescue, each no farther than the largest cutoff.
    ///
    /// # Errors
    /// `cancel` was raised.
    pub fn new(
        journey: Journey<'a>,
        from: LonLat,
        cutoffs: &[u32],
        cancel: &AtomicBool,
    ) -> Result<Self, Cancelled> {
        let limit = cutoffs.iter().max().copied().unwrap_or(0);
        let mut layers: Vec<SpreadLayer<'a>> = Vec::new();
        for travel in journey.travels() {
            let layer = SpreadLayer::new(travel, from, layers.last(), limit, cancel)?;
            layers.push(layer);
        }
        Ok(Self {
            from,
            cutoffs: cutoffs.to_vec(),
            layers,
        })
    }

    pub(super) fn network(&self) -> &'a Network {
        &self.layers[0].travel.network
    }

    /// The largest cutoff.
    pub(super) fn limit(&self) -> u32 {
        self.cutoffs.iter().max().copied().unwrap_or(0)
    }

    /// Whether any permitted road is within the snap radius.
    pub fn is_snapped(&self) -> bool {
        self.layers.iter().any(|layer| layer.start.is_snapped)
    }

    /// The cost to a place, in the unit of the metric; none where it is more than the largest cutoff.
    ///
    /// O(candidates around the place).
    pub fn cost(&self, to: LonLat) -> Option<u32> {
        let costs = self.layers.iter();
        let costs = costs.filter_map(|layer| layer.cost_off_road(self.from, to));
        costs.min()
    }

    /// For every cutoff, the sum of the weights of all places at most that far away.
    ///
    /// Weights are people, or opportunities counted like people.
    ///
    /// # Errors
    /// `cancel` was raised.
    ///
    /// # References
    /// Hansen, *How Accessibility Shapes Land Use* (1959), doi:10.1080/01944365908978307, with a binary decay.
    pub fn sums(
        &self,
        places: &[(LonLat, People)],
        threads: NonZeroUsize,
        cancel: &AtomicBool,
    ) -> Result<Vec<People>, Cancelled> {
        let cost = |(): &mut (), (place, _): &(LonLat, People)| self.cost(*place);
        let costs = answer_each(places, threads, cancel, || (), cost)?;
        let sum = |cutoff: &u32| {
            let both = costs.iter().zip(places);
            let within = both.filter(|(cost, _)| cost.is_some_and(|cost| cost <= *cutoff));
            within.map(|(_, (_, weight))| *weight).sum()
        };
        Ok(self.cutoffs.iter().map(sum).collect())
    }
}

impl<'a> SpreadLayer<'a> {
    /// From the place itself, and from every junction at what it costs to get there in the layer before.
    fn new(
        travel: &'a Travel,
        from: LonLat,
        before: Option<&Self>,
        limit: u32,
        cancel: &AtomicBool,
    ) -> Result<Self, Cancelled> {
        let start = entrances(travel, &[from], NonZeroUsize::MIN, cancel)?
            .pop()
            .unwrap_or_default();
        let own = start.nodes.iter().map(|(node, cost)| Seed {
            node: *node,
            label: Label {
                facility: 0,
                cost: *cost,
            },
        });
        let handed_on = before.into_iter().flat_map(|before| {
            let seed = |node| {
                let label = before.search.found(node).next()?;
                Some(Seed { node, label })
            };
            before.search.reached().filter_map(seed)
        });
        let seeds: Vec<Seed> = own.chain(handed_on).collect();
        let mut search = Search::<1>::new();
        // Turned round, the search goes the way that people go.
        travel
            .turned_round()
            .search(&mut search, &seeds, Some(limit), cancel)?;
        Ok(Self {
            travel,
            limit,
            start,
            search,
        })
    }

    /// The least cost of a journey that ends with a walk off the road, or is one.
    fn cost_off_road(&self, from: LonLat, to: LonLat) -> Option<u32> {
        let mut best = self.straight_walk(from, to);
        let limit = self.limit;
        let enough = |best: Option<u32>| best.map_or(limit, |best| best.min(limit));
        self.travel
            .visit_candidates(to, enough(best), |candidate, walk| {
                let on_road = self.cost_to(candidate.edge, candidate.position);
                let cost = on_road.map(|on_road| on_road.plus(walk).minimised);
                best = best.into_iter().chain(cost).min();
                enough(best)
            });
        best.filter(|best| *best <= limit)
    }

    fn straight_walk(&self, from: LonLat, to: LonLat) -> Option<u32> {
        let travel = self.travel;
        let distance = Millimetres::from_metres(local_distance_m(from, to));
        let is_walked = travel.snap == SnapChoice::Best
            && distance <= travel.snap_radius()
            && !travel.barriers.crosses(from, to);
        is_walked.then(|| travel.off_road(distance).minimised)
    }

    /// The least cost to a position on a permitted edge.
    fn cost_to(&self, edge: u32, position: Position) -> Option<Cost> {
        let travel = self.travel;
        let through_nodes = travel.arrivals(edge, position).filter_map(|link| {
            let [label] = self.search.labels(link.node);
            Some(label.found()?.cost.plus(link.cost))
        });
        let straight = self.start.beside(edge).iter().filter_map(|beside| {
            let along = travel.along_edge(edge, beside.position, position)?;
            Some(beside.walk.plus(along))
        });
        through_nodes.chain(straight).min()
    }

    /// The ways onto an edge that cost at most the largest cutoff.
    pub(super) fn ways(&self, edge: u32) -> EdgeWays {
        let travel = self.travel;
        let directions = [Direction::Forward, Direction::Backward];
        let is_permitted = directions.map(|direction| travel.permits(edge, direction));
        let mut ways = Vec::new();
        if is_permitted == [false; 2] {
            return EdgeWays(ways);
        }
        let [source, target] = travel.network.ends(edge);
        let total = travel.edge_cost(edge).minimised;
        let ends = [
            (source, 0, [is_permitted[0], false]),
            (target, total, [false, is_permitted[1]]),
        ];
        for (node, at, is_open) in ends {
            let [label] = self.search.labels(node);
            if let Some(label) = label.found() {
                ways.push(Way {
                    at,
                    cost: label.cost.minimised,
                    is_open,
                });
            }
        }
        for each in self.start.beside(edge) {
            ways.push(Way {
                at: travel.start_to(each.position).minimised,
                cost: each.walk.minimised,
                is_open: is_permitted,
            });
        }
        ways.retain(|way| way.cost <= self.limit);
        EdgeWays(ways)
    }

    /// Minimised units from the start of the edge to the start and to the end of a piece.
    pub(super) fn piece_span(&self, piece: u32) -> [u32; 2] {
        [0.0, 1.0].map(|fraction| self.travel.start_to(Position { piece, fraction }).minimised)
    }
}

/// A way onto an edge: from where, at what cost, and whether it goes on in each direction.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// Minimised units from the start of the edge.
    at: u32,
    cost: u32,
    is_open: [bool; 2],
}

/// The ways onto an edge, to say what it costs to get to any position on it.
pub(super) struct EdgeWays(Vec<Way>);

impl EdgeWays {
    /// Cost to a position that is so many minimised units from the start of the edge; none where no way leads there.
    pub(super) fn cost_at(&self, at: f64) -> Option<f64> {
        let cost = |way: &Way| {
            let gone = at - f64::from(way.at);
            // Whoever is at an end of the edge is there, whatever the edge permits.
            let is_there =
                gone == 0.0 || (gone > 0.0 && way.is_open[0]) || (gone < 0.0 && way.is_open[1]);
            is_there.then(|| f64::from(way.cost) + gone.abs())
        };
        self.0.iter().filter_map(cost).min_by(f64::total_cmp)
    }

    /// Whether no way leads onto the edge.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The least cost between two positions.
    pub(super) fn least_within(&self, [low, high]: [f64; 2]) -> Option<f64> {
        let starts = self.0.iter().map(|way| f64::from(way.at));
        let starts = starts.filter(|at| (low..=high).contains(at));
        let positions = [low, high].into_iter().chain(starts);
        positions
            .filter_map(|at| self.cost_at(at))
            .min_by(f64::total_cmp)
    }

    /// Intervals from the start of the edge that are reached within a cutoff; they may overlap.
    pub(super) fn reached(self, cutoff: u32, total: u32) -> impl Iterator<Item = [u32; 2]> {
        let within = self.0.into_iter().filter(move |way| way.cost <= cutoff);
        within.map(move |way| {
            let left = cutoff - way.cost;
            let [ahead, behind] = way.is_open;
            let low = if behind {
                way.at.saturating_sub(left)
            } else {
                way.at
            };
            let high = if ahead {
                way.at.saturating_add(left)
            } else {
                way.at
            };
            [low, high.min(total)]
        })
    }
}
