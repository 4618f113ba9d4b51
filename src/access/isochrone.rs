//! What is reached from one place within given costs: stretches of road, and areas around them.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use geo_types::MultiPolygon;

use super::entrances::{Entrances, entrances};
use super::isochrone_field::Field;
use crate::domain::{LonLat, RoadClass};
use crate::network::{Cancelled, Direction, Label, Position, Search, Seed, Travel};

/// What is reached from one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Isochrone {
    /// Whether any permitted road is within the snap radius.
    pub is_snapped: bool,
    /// For each cutoff, in their order, the stretches of road reached.
    pub stretches: Vec<Vec<ReachedStretch>>,
    /// For each cutoff, in their order, the area reached; empty where no grid point was.
    pub areas: Vec<MultiPolygon<f64>>,
    /// Distance between the points that the areas are drawn through; none without an area.
    pub grid_m: Option<f64>,
}

/// A stretch of one road that is reached. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct ReachedStretch {
    /// The source's id of the road.
    pub road_id: String,
    /// Its class.
    pub class: RoadClass,
    /// Where it runs, at least two places.
    pub line: Vec<LonLat>,
}

/// What is reached from `from` within each of `cutoffs`, in the unit of the metric; a cost equal to one counts.
///
/// Stretches end where the cost along the road reaches the cutoff. Areas are what the engine itself calls reached: a
/// place counts if some piece of road is within the snap radius of it, no barrier between, and the cost to the nearest
/// point of the piece and the walk off the road together are at most the cutoff; or if it is walked to straight. They
/// are drawn by marching squares through such costs on a grid, so they are exact to one step of it; where neighbouring
/// points are reached across a corner only, they are not joined. Parts and holes smaller than a square of the grid are
/// left out. An area contains those of smaller cutoffs.
/// O(edges reached + pieces reached × points of the grid within the walk left at each).
///
/// # Errors
/// `cancel` was raised.
///
/// # References
/// Lorensen & Cline, *Marching Cubes* (1987), doi:10.1145/37402.37422, in two dimensions.
pub fn isochrone(
    travel: &Travel,
    from: LonLat,
    cutoffs: &[u32],
    threads: NonZeroUsize,
    cancel: &AtomicBool,
) -> Result<Isochrone, Cancelled> {
    let spread = Spread::new(travel, from, cutoffs.iter().max().copied(), cancel)?;
    let stretches = cutoffs.iter().map(|cutoff| spread.stretches(*cutoff));
    let stretches: Vec<_> = stretches.collect();
    let field = Field::new(&spread, from, threads, cancel)?;
    Ok(Isochrone {
        is_snapped: spread.start.is_snapped,
        stretches,
        areas: cutoffs
            .iter()
            .map(|cutoff| {
                field
                    .as_ref()
                    .map_or(MultiPolygon(Vec::new()), |field| field.area(*cutoff))
            })
            .collect(),
        grid_m: field.map(|field| field.step_m),
    })
}

/// Costs from one place along all roads.
pub(super) struct Spread<'a> {
    pub(super) travel: &'a Travel,
    /// The largest cost asked for.
    pub(super) limit: u32,
    pub(super) start: Entrances,
    search: Search<1>,
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
            let is_open = (gone >= 0.0 && way.is_open[0]) || (gone <= 0.0 && way.is_open[1]);
            is_open.then(|| f64::from(way.cost) + gone.abs())
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

    /// Intervals from the start of the edge that are reached within a cutoff, in order, none touching another.
    fn reached(&self, cutoff: u32, total: u32) -> Vec<[u32; 2]> {
        let mut intervals: Vec<[u32; 2]> = self
            .0
            .iter()
            .filter(|way| way.cost <= cutoff)
            .map(|way| {
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
            .collect();
        intervals.sort_unstable();
        let mut merged: Vec<[u32; 2]> = Vec::new();
        for [low, high] in intervals {
            match merged.last_mut() {
                Some(last) if low <= last[1] => last[1] = last[1].max(high),
                _ => merged.push([low, high]),
            }
        }
        merged
    }
}

impl<'a> Spread<'a> {
    fn new(
        travel: &'a Travel,
        from: LonLat,
        limit: Option<u32>,
        cancel: &AtomicBool,
    ) -> Result<Self, Cancelled> {
        let start = entrances(travel, &[from], NonZeroUsize::MIN, cancel)?
            .pop()
            .unwrap_or_default();
        let seed = |(node, cost): &(u32, crate::network::Cost)| Seed {
            node: *node,
            label: Label {
                facility: 0,
                cost: *cost,
            },
        };
        let seeds: Vec<Seed> = start.nodes.iter().map(seed).collect();
        let mut search = Search::<1>::new();
        // Turned round, the search goes the way that people go.
        travel
            .turned_round()
            .search(&mut search, &seeds, limit, cancel)?;
        Ok(Self {
            travel,
            limit: limit.unwrap_or(0),
            start,
            search,
        })
    }

    /// The ways onto an edge that cost at most the limit.
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
        let beside = &self.start.on_edges;
        let first = beside.partition_point(|each| each.edge < edge);
        for each in beside[first..].iter().take_while(|each| each.edge == edge) {
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

    fn stretches(&self, cutoff: u32) -> Vec<ReachedStretch> {
        let mut stretches = Vec::new();
        for edge in self.travel.network.edges() {
            let total = self.travel.edge_cost(edge).minimised;
            for interval in self.ways(edge).reached(cutoff, total) {
                self.add_stretches(edge, interval, &mut stretches);
            }
        }
        stretches
    }

    /// The part of an edge between two costs from its start, a stretch for each road that it is of.
    fn add_stretches(&self, edge: u32, [low, high]: [u32; 2], stretches: &mut Vec<ReachedStretch>) {
        let network = &self.travel.network;
        let mut last_road = None;
        for piece in network.pieces(edge) {
            let [start, end] = self.piece_span(piece);
            if end < low || high < start {
                continue;
            }
            let fraction = |at: u32| {
                let whole = f64::from(end - start);
                let part = f64::from(at.clamp(start, end) - start);
                if whole > 0.0 { part / whole } else { 0.0 }
            };
            let fractions = if start == end {
                [0.0, 1.0]
            } else {
                [fraction(low), fraction(high)]
            };
            let [from, to] = fractions.map(|fraction| network.place(Position { piece, fraction }));
            if from == to {
                continue;
            }
            let road_id = network.road_id(piece);
            match stretches.last_mut() {
                Some(stretch) if last_road == Some(road_id) => stretch.line.push(to),
                _ => stretches.push(ReachedStretch {
                    road_id: road_id.to_owned(),
                    class: network.road(edge).class,
                    line: vec![from, to],
                }),
            }
            last_road = Some(road_id);
        }
    }
}
