//! What mending one fault of the data alone would change: joining two roads, or moving a facility to the road.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::demand::visit_ways;
use super::linkage::Linkage;
use super::nearest::NearestOptions;
use crate::domain::{LonLat, Metric, Millimetres, ReachState};
use crate::network::{
    Cancelled, Cost, Direction, Gap, Label, NearMiss, OnRoad, Position, Search, Travel, box_around,
    local_distance_m, nearest_on_line, offer,
};

/// A time that differs by less is the same number: joining a road rounds its parts anew, by milliseconds.
const LEAST_CHANGE_MS: u32 = 1000;
/// The same of a length, under the metric of distance.
const LEAST_CHANGE_MM: u32 = 1000;

/// A straight road that is not there, between two places on roads that are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Join {
    pub(crate) from: OnRoad,
    pub(crate) to: OnRoad,
    pub(crate) length: Millimetres,
    /// Where a road is only made longer: the direction along `from.edge` that leads into the new road, which holds for
    /// the new road too. None goes both ways.
    pub(crate) towards: Option<Direction>,
}

impl From<&NearMiss> for Join {
    fn from(miss: &NearMiss) -> Self {
        Self {
            from: miss.from,
            to: miss.to,
            length: miss.gap,
            towards: Some(miss.towards_end),
        }
    }
}

impl From<&Gap> for Join {
    fn from(gap: &Gap) -> Self {
        Self {
            from: gap.from,
            to: gap.to,
            length: gap.length,
            towards: None,
        }
    }
}

/// The numbers of demand points as they are, ready to be asked what would change them.
///
/// Answers are those of a full computation with the fault mended, but for rounding of the stretches that a new junction
/// cuts. A search starts again only from what becomes better; points are asked again only where that may matter.
pub struct Mending<'a> {
    travel: &'a Travel,
    facilities: Vec<LonLat>,
    demand: &'a [LonLat],
    cutoff: Option<u32>,
    linkage: Linkage,
    search: Search<1>,
    now: Vec<Number>,
    by_place: RTree<GeomWithData<[f64; 2], usize>>,
}

/// What is published of a demand point, and what it follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number {
    is_snapped: bool,
    best: Option<Cost>,
}

/// What is better than now: labels of nodes and of places on edges, a new road, a new place of a facility.
#[derive(Default)]
struct Overlay {
    nodes: HashMap<u32, Cost>,
    stops: BTreeMap<u32, Vec<(Position, Cost)>>,
    road: Option<NewRoad>,
    spot: Option<LonLat>,
}

/// A new road with what is known at its ends once it is there.
struct NewRoad {
    line: [LonLat; 2],
    there: Option<Cost>,
    back: Option<Cost>,
    at_ends: [Option<Cost>; 2],
    /// Facilities beside it: where along it, and the walk.
    beside: Vec<(f64, Cost)>,
    /// Where it cuts the other road: whoever is near may walk straight to that place from now on, though on a one-way
    /// road it is not where they would have entered. None where it cuts at a vertex, and where nobody may use that road.
    junction: Option<LonLat>,
}

impl<'a> Mending<'a> {
    /// The numbers as they are: one search, then all points. Facilities stand in the order of their ids.
    ///
    /// # Errors
    /// `cancel` was raised.
    pub fn new(
        travel: &'a Travel,
        facilities: Vec<LonLat>,
        demand: &'a [LonLat],
        options: NearestOptions,
        cancel: &AtomicBool,
    ) -> Result<Self, Cancelled> {
        let linkage = Linkage::new(travel, &facilities, options.threads);
        let mut search = Search::<1>::new();
        travel.search(&mut search, &linkage.seeds, None, cancel)?;
        let points = demand.iter().enumerate();
        let by_place =
            points.map(|(point, place)| GeomWithData::new([place.lon(), place.lat()], point));
        let mut mending = Self {
            travel,
            facilities,
            demand,
            cutoff: options.cutoff,
            linkage,
            search,
            now: Vec::with_capacity(demand.len()),
            by_place: RTree::bulk_load(by_place.collect()),
        };
        for place in demand {
            if cancel.load(Ordering::Relaxed) {
                return Err(Cancelled);
            }
            let number = mending.number_now(*place);
            mending.now.push(number);
        }
        Ok(mending)
    }

    fn number_now(&self, place: LonLat) -> Number {
        let mut best = [Label::NONE];
        let is_snapped = visit_ways(
            self.travel,
            &self.linkage,
            &self.search,
            place,
            |_, label| {
                offer(&mut best, label);
                best[0].cost.minimised
            },
        );
        Number {
            is_snapped,
            best: best[0].found().map(|label| label.cost),
        }
    }

    /// The points whose number a new road would change, in order; `cost` of the road is that of its own class.
    pub fn join(&self, join: &Join) -> Vec<usize> {
        let Some(cost) = self.travel.like_edge(join.from.edge, join.length) else {
            return Vec::new();
        };
        let permits = |direction| self.travel.permits(join.from.edge, direction);
        let [goes_there, comes_back] = match join.towards {
            Some(direction) => [permits(direction), permits(direction.reversed())],
            None => [true; 2],
        };
        let is_cut = 0.0 < join.to.position.fraction && join.to.position.fraction < 1.0;
        let mut road = NewRoad {
            line: [join.from.place, join.to.place],
            there: goes_there.then_some(cost),
            back: comes_back.then_some(cost),
            at_ends: [self.at(join.from), self.at(join.to)],
            beside: self.beside([join.from.place, join.to.place]),
            junction: (is_cut && self.travel.weights.permits_any(join.to.edge))
                .then_some(join.to.place),
        };
        let before = road.at_ends;
        self.settle(&mut road);
        let mut overlay = Overlay::default();
        let mut seeds = Vec::new();
        for (end, (before, after)) in [join.from, join.to]
            .into_iter()
            .zip(before.into_iter().zip(road.at_ends))
        {
            let Some(after) = after.filter(|after| is_better(*after, before)) else {
                continue;
            };
            let stops = overlay.stops.entry(end.edge).or_default();
            stops.push((end.position, after));
            for link in self.travel.arrivals(end.edge, end.position) {
                seeds.push((link.node, link.cost.plus(after)));
            }
        }
        overlay.road = Some(road);
        self.spread(&mut overlay, seeds);
        self.changed(&overlay)
    }

    /// The points whose number a facility at this place would change, in order.
    pub fn facility_at(&self, place: LonLat) -> Vec<usize> {
        let mut overlay = Overlay {
            spot: Some(place),
            ..Overlay::default()
        };
        let mut seeds = Vec::new();
        self.travel
            .visit_candidates(place, u32::MAX, |candidate, walk| {
                let stops = overlay.stops.entry(candidate.edge).or_default();
                stops.push((candidate.position, walk));
                for link in self.travel.arrivals(candidate.edge, candidate.position) {
                    seeds.push((link.node, link.cost.plus(walk)));
                }
                u32::MAX
            });
        self.spread(&mut overlay, seeds);
        self.changed(&overlay)
    }

    /// The points whose nearest facility is one of these, in order.
    pub fn users(&self, facilities: &[u32]) -> Vec<usize> {
        let mut users = Vec::new();
        for (point, place) in self.demand.iter().enumerate() {
            let Some(now) = self.now[point].best else {
                continue;
            };
            let mut best = [Label::NONE];
            visit_ways(
                self.travel,
                &self.linkage,
                &self.search,
                *place,
                |_, label| {
                    offer(&mut best, label);
                    now.minimised
                },
            );
            if best[0]
                .found()
                .is_some_and(|label| facilities.contains(&label.facility))
            {
                users.push(point);
            }
        }
        users
    }

    /// What is known now at a place on a road.
    fn at(&self, place: OnRoad) -> Option<Cost> {
        let departures = self.travel.departures(place.edge, place.position);
        let through_nodes =
            departures.filter_map(|link| Some(link.cost.plus(self.label(link.node)?)));
        let beside = self
            .linkage
            .on_edge(place.edge)
            .iter()
            .filter_map(|on_edge| {
                let along = self
                    .travel
                    .along_edge(place.edge, place.position, on_edge.position)?;
                Some(along.plus(on_edge.walk))
            });
        through_nodes.chain(beside).min()
    }

    fn label(&self, node: u32) -> Option<Cost> {
        self.search.labels(node)[0].found().map(|label| label.cost)
    }

    /// What the ends of a new road know once it is there: what is beside it and at its other end.
    fn settle(&self, road: &mut NewRoad) {
        let through = |road: Option<Cost>, end: Option<Cost>| Some(road?.plus(end?));
        for (fraction, walk) in &road.beside {
            let along = |road: Option<Cost>, share| Some(part(road?, share).plus(*walk));
            improve(&mut road.at_ends[0], along(road.there, *fraction));
            improve(&mut road.at_ends[1], along(road.back, 1.0 - fraction));
        }
        for place in &self.facilities {
            let walk = road.junction.and_then(|spot| self.straight(spot, *place));
            improve(&mut road.at_ends[1], walk);
        }
        let [from, to] = road.at_ends;
        improve(&mut road.at_ends[0], through(road.there, to));
        improve(&mut road.at_ends[1], through(road.back, from));
    }

    /// Passes better labels on, against the direction of travel, as far as they are better.
    fn spread(&self, overlay: &mut Overlay, seeds: Vec<(u32, Cost)>) {
        let mut open = BinaryHeap::new();
        let reach = |nodes: &mut HashMap<u32, Cost>,
                     open: &mut BinaryHeap<Reverse<(Cost, u32)>>,
                     (node, cost): (u32, Cost)| {
            let known = nodes.get(&node).copied().or_else(|| self.label(node));
            if is_better(cost, known) {
                nodes.insert(node, cost);
                open.push(Reverse((cost, node)));
            }
        };
        for seed in seeds {
            reach(&mut overlay.nodes, &mut open, seed);
        }
        while let Some(Reverse((cost, node))) = open.pop() {
            if overlay.nodes[&node] < cost {
                continue;
            }
            for incidence in self.travel.network.incidences(node) {
                if self
                    .travel
                    .permits(incidence.edge, incidence.away.reversed())
                {
                    let head = self
                        .travel
                        .network
                        .node_towards(incidence.edge, incidence.away);
                    let through = self.travel.edge_cost(incidence.edge).plus(cost);
                    reach(&mut overlay.nodes, &mut open, (head, through));
                }
            }
        }
    }

    /// The points whose number is another one under an overlay.
    fn changed(&self, overlay: &Overlay) -> Vec<usize> {
        let near = self.points_near(overlay);
        near.into_iter()
            .filter(|point| {
                let now = self.now[*point];
                let then = self.number_then(overlay, *point);
                self.is_other(now, then)
            })
            .collect()
    }

    fn is_other(&self, now: Number, then: Number) -> bool {
        let least = match self.travel.metric {
            Metric::Time => LEAST_CHANGE_MS,
            Metric::Distance => LEAST_CHANGE_MM,
        };
        let differs = now
            .best
            .zip(then.best)
            .is_some_and(|(now, then)| least <= now.minimised.abs_diff(then.minimised));
        differs || self.state(now) != self.state(then)
    }

    fn state(&self, number: Number) -> ReachState {
        match number.best {
            Some(cost) if self.cutoff.is_none_or(|cutoff| cost.minimised <= cutoff) => {
                ReachState::Within
            }
            Some(_) => ReachState::BeyondCutoff,
            None if number.is_snapped => ReachState::NoPath,
            None => ReachState::Unsnapped,
        }
    }

    /// The points that may be better off, in order: those whose walk to something better costs less than they pay now.
    fn points_near(&self, overlay: &Overlay) -> Vec<usize> {
        let network = &self.travel.network;
        let mut least: BTreeMap<u32, u32> = BTreeMap::new();
        let mut offer_edge = |edge: u32, cost: Cost| {
            let least = least.entry(edge).or_insert(u32::MAX);
            *least = cost.minimised.min(*least);
        };
        for (node, cost) in &overlay.nodes {
            for incidence in network.incidences(*node) {
                offer_edge(incidence.edge, *cost);
            }
        }
        for (edge, stops) in &overlay.stops {
            for (_, cost) in stops {
                offer_edge(*edge, *cost);
            }
        }
        let mut is_near = vec![false; self.demand.len()];
        let mut ask = |corners: [[f64; 2]; 2], least: u32| {
            self.mark_near(
                &mut is_near,
                AABB::from_corners(corners[0], corners[1]),
                least,
            );
        };
        for (edge, least) in least {
            ask(
                box_of(
                    network
                        .pieces(edge)
                        .flat_map(|piece| network.piece_ends(piece)),
                ),
                least,
            );
        }
        if let Some(road) = &overlay.road {
            ask(box_of(road.line.into_iter()), 0);
        }
        if let Some(spot) = overlay.spot {
            ask(box_of([spot].into_iter()), 0);
        }
        (0..self.demand.len())
            .filter(|point| is_near[*point])
            .collect()
    }

    /// Marks the points that reach the box by a walk that leaves something to gain.
    fn mark_near(&self, is_near: &mut [bool], around: AABB<[f64; 2]>, least: u32) {
        let radius = self.travel.snap_radius();
        let corners = [around.lower(), around.upper()]
            .map(|[lon, lat]| LonLat::parse(lon, lat).expect("corners of places are places"));
        let grown = corners.map(|corner| box_around(corner, radius.to_metres()));
        let search = AABB::from_corners(grown[0].lower(), grown[1].upper());
        for point in self.by_place.locate_in_envelope(search) {
            if is_near[point.data] {
                continue;
            }
            let place = self.demand[point.data];
            let nearest = LonLat::parse(
                place.lon().clamp(corners[0].lon(), corners[1].lon()),
                place.lat().clamp(corners[0].lat(), corners[1].lat()),
            )
            .expect("it is in a box of places");
            // A centimetre less, for the straight line of the box is not that of the road.
            let bare_m = (local_distance_m(place, nearest) - 0.01).max(0.0);
            let walk = self.travel.off_road(Millimetres::from_metres(bare_m));
            let may_gain = self.now[point.data]
                .best
                .is_none_or(|now| walk.minimised.saturating_add(least) <= now.minimised);
            is_near[point.data] = bare_m <= radius.to_metres() && may_gain;
        }
    }

    fn number_then(&self, overlay: &Overlay, point: usize) -> Number {
        let place = self.demand[point];
        let mut then = self.now[point];
        let radius = self.travel.snap_radius();
        if let Some(walk) = overlay.spot.and_then(|spot| self.straight(place, spot)) {
            then.is_snapped = true;
            improve(&mut then.best, Some(walk));
        }
        if let Some(road) = &overlay.road {
            let walk = road.junction.and_then(|spot| self.straight(place, spot));
            let on_foot = walk.zip(road.at_ends[1]);
            improve(
                &mut then.best,
                on_foot.map(|(walk, label)| walk.plus(label)),
            );
            let (fraction, nearest, distance) = nearest_on_line(road.line, place);
            if distance <= radius && !self.travel.barriers.crosses(place, nearest) {
                then.is_snapped = true;
                let walk = self.travel.off_road(distance);
                let by = |road: Option<Cost>, share: f64, end: Option<Cost>| {
                    Some(walk.plus(part(road?, share)).plus(end?))
                };
                let [from, to] = road.at_ends;
                improve(&mut then.best, by(road.there, 1.0 - fraction, to));
                improve(&mut then.best, by(road.back, fraction, from));
                for (at, from_road) in &road.beside {
                    let along = if fraction <= *at {
                        road.there
                    } else {
                        road.back
                    };
                    improve(
                        &mut then.best,
                        by(along, (at - fraction).abs(), Some(*from_road)),
                    );
                }
            }
        }
        let enough = then.best.map_or(u32::MAX, |best| best.minimised);
        self.travel
            .visit_candidates(place, enough, |candidate, walk| {
                for link in self.travel.departures(candidate.edge, candidate.position) {
                    if let Some(label) = overlay.nodes.get(&link.node) {
                        improve(&mut then.best, Some(walk.plus(link.cost).plus(*label)));
                    }
                }
                for (position, label) in overlay.stops.get(&candidate.edge).into_iter().flatten() {
                    let along =
                        self.travel
                            .along_edge(candidate.edge, candidate.position, *position);
                    improve(
                        &mut then.best,
                        along.map(|along| walk.plus(along).plus(*label)),
                    );
                }
                then.best.map_or(u32::MAX, |best| best.minimised)
            });
        then
    }

    /// A straight walk off the road; none beyond the snap radius or across a barrier.
    fn straight(&self, from: LonLat, to: LonLat) -> Option<Cost> {
        let distance = Millimetres::from_metres(local_distance_m(from, to));
        let is_open =
            distance <= self.travel.snap_radius() && !self.travel.barriers.crosses(from, to);
        is_open.then(|| self.travel.off_road(distance))
    }

    /// Facilities beside a new road: where along it, and the walk.
    fn beside(&self, line: [LonLat; 2]) -> Vec<(f64, Cost)> {
        let radius = self.travel.snap_radius();
        let snap = |place: &LonLat| {
            let (fraction, nearest, distance) = nearest_on_line(line, *place);
            let is_beside = distance <= radius && !self.travel.barriers.crosses(nearest, *place);
            is_beside.then(|| (fraction, self.travel.off_road(distance)))
        };
        self.facilities.iter().filter_map(snap).collect()
    }
}

/// Keeps the better of what is known and what is new.
fn improve(known: &mut Option<Cost>, new: Option<Cost>) {
    if let Some(new) = new.filter(|new| is_better(*new, *known)) {
        *known = Some(new);
    }
}

fn is_better(new: Cost, known: Option<Cost>) -> bool {
    known.is_none_or(|known| new < known)
}

/// A share of a stretch, rounded.
fn part(whole: Cost, share: f64) -> Cost {
    Cost {
        minimised: rounded(whole.minimised, share),
        other: rounded(whole.other, share),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share from 0 to 1 of a u32 is a u32"
)]
fn rounded(whole: u32, share: f64) -> u32 {
    (share * f64::from(whole)).round() as u32
}

/// The corners of the box around places.
fn box_of(places: impl Iterator<Item = LonLat>) -> [[f64; 2]; 2] {
    let mut corners = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
    for place in places {
        for (axis, value) in [place.lon(), place.lat()].into_iter().enumerate() {
            corners[0][axis] = corners[0][axis].min(value);
            corners[1][axis] = corners[1][axis].max(value);
        }
    }
    corners
}
