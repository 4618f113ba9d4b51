//! The cost from every origin to every facility.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::NearestOptions;
use super::entrances::{Beside, Entrances, entrances};
use crate::domain::{LonLat, Millimetres, Milliseconds, ReachState};
use crate::network::{
    Cancelled, Cost, Label, Search, Seed, SnapChoice, Travel, box_around, local_distance_m,
};

/// Pairs that are held in memory at a time: 12 bytes each.
const PAIRS_AT_A_TIME: usize = 16_000_000;

/// The answer for one pair of an origin and a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairReach {
    /// Its state; an origin near no permitted road is `Unsnapped` for all it cannot walk straight to.
    pub state: ReachState,
    /// Duration and length of one path; present in state `Within`.
    pub cost: Option<(Milliseconds, Millimetres)>,
}

/// Hands out, for each origin in order, its reach of every facility, in their order.
///
/// Each is what [`route`](super::route()) gives for the pair. One search over the network for each origin or for each
/// facility, whichever are fewer, shared among threads; memory grows with origins + facilities and holds at most 16
/// million pairs at a time. `sink` breaks off by its answer.
///
/// # Errors
/// `cancel` was raised, or `sink` broke off.
pub fn matrix(
    travel: &Travel,
    origins: &[LonLat],
    facilities: &[LonLat],
    options: NearestOptions,
    cancel: &AtomicBool,
    sink: &mut dyn FnMut(usize, &[PairReach]) -> ControlFlow<()>,
) -> Result<(), Cancelled> {
    let back = travel.turned_round();
    let threads = options.threads;
    let origin_entrances = entrances(travel, origins, threads, cancel)?;
    let facility_entrances = entrances(&back, facilities, threads, cancel)?;
    let from_origins = origins.len() < facilities.len();
    let origins_at_a_time = (PAIRS_AT_A_TIME / facilities.len().max(1)).max(1);
    let mut row = Vec::with_capacity(facilities.len());
    for first in (0..origins.len()).step_by(origins_at_a_time) {
        let last = origins.len().min(first + origins_at_a_time);
        let here = Side::new(&origins[first..last], &origin_entrances[first..last]);
        let there = Side::new(facilities, &facility_entrances);
        let costs = if from_origins {
            Block::search(&back, &here, &there, threads, cancel)?
        } else {
            Block::search(travel, &there, &here, threads, cancel)?
        };
        for (number, entrances) in origin_entrances[first..last].iter().enumerate() {
            let is_snapped = entrances.is_snapped;
            row.clear();
            row.extend((0..facilities.len()).map(|facility| {
                let cost = if from_origins {
                    costs.get(number, facility)
                } else {
                    costs.get(facility, number)
                };
                pair(travel, cost, is_snapped, options.cutoff)
            }));
            if sink(first + number, &row).is_break() || cancel.load(Ordering::Relaxed) {
                return Err(Cancelled);
            }
        }
    }
    Ok(())
}

/// The reach of every facility from one place, in their order: one row of [`matrix`].
///
/// # Errors
/// `cancel` was raised.
pub fn one_to_many(
    travel: &Travel,
    from: LonLat,
    facilities: &[LonLat],
    options: NearestOptions,
    cancel: &AtomicBool,
) -> Result<Vec<PairReach>, Cancelled> {
    let mut reaches = Vec::new();
    matrix(
        travel,
        &[from],
        facilities,
        options,
        cancel,
        &mut |_, row| {
            reaches.extend_from_slice(row);
            ControlFlow::Continue(())
        },
    )?;
    Ok(reaches)
}

fn pair(travel: &Travel, cost: Option<Cost>, is_snapped: bool, cutoff: Option<u32>) -> PairReach {
    let state = match cost {
        Some(cost) if cutoff.is_none_or(|cutoff| cost.minimised <= cutoff) => ReachState::Within,
        Some(_) => ReachState::BeyondCutoff,
        None if is_snapped => ReachState::NoPath,
        None => ReachState::Unsnapped,
    };
    let counted = cost.filter(|_| state == ReachState::Within);
    PairReach {
        state,
        cost: counted.map(|cost| (cost.time(travel.metric), cost.length(travel.metric))),
    }
}

/// One side of the pairs.
struct Side<'a> {
    places: &'a [LonLat],
    entrances: &'a [Entrances],
    /// Places with their positions beside edges, in order of edge.
    on_edges: Vec<(usize, Beside)>,
    by_place: RTree<GeomWithData<[f64; 2], usize>>,
}

impl<'a> Side<'a> {
    fn new(places: &'a [LonLat], entrances: &'a [Entrances]) -> Self {
        let numbered = entrances.iter().enumerate();
        let mut on_edges: Vec<(usize, Beside)> = numbered
            .flat_map(|(place, entrances)| {
                entrances.on_edges.iter().map(move |each| (place, *each))
            })
            .collect();
        on_edges.sort_by_key(|(place, beside)| (beside.edge, *place));
        let points = places
            .iter()
            .enumerate()
            .map(|(number, place)| GeomWithData::new([place.lon(), place.lat()], number));
        Self {
            places,
            entrances,
            on_edges,
            by_place: RTree::bulk_load(points.collect()),
        }
    }

    fn on_edge(&self, edge: u32) -> &[(usize, Beside)] {
        let first = self
            .on_edges
            .partition_point(|(_, beside)| beside.edge < edge);
        let rest = &self.on_edges[first..];
        &rest[..rest.partition_point(|(_, beside)| beside.edge == edge)]
    }
}

/// Costs between two sides: a row for each place that was searched from.
struct Block {
    n_far: usize,
    costs: Vec<Option<Cost>>,
}

impl Block {
    /// Searches from every place of `near`. Under `travel`, trips begin at `far` and end at `near`.
    fn search(
        travel: &Travel,
        near: &Side<'_>,
        far: &Side<'_>,
        threads: NonZeroUsize,
        cancel: &AtomicBool,
    ) -> Result<Self, Cancelled> {
        let (n_near, n_far) = (near.places.len(), far.places.len());
        let mut costs = vec![None; n_near * n_far];
        let numbers: Vec<usize> = (0..n_near).collect();
        let share = n_near.div_ceil(threads.get()).max(1);
        let done: Result<(), Cancelled> = thread::scope(|scope| {
            let rows = costs.chunks_mut((share * n_far).max(1));
            let running: Vec<_> = numbers
                .chunks(share)
                .zip(rows)
                .map(|(numbers, rows)| {
                    scope.spawn(move || {
                        let mut search = Search::<1>::new();
                        for (number, row) in numbers.iter().zip(rows.chunks_mut(n_far.max(1))) {
                            fill_row(travel, &mut search, (near, *number), far, row, cancel)?;
                        }
                        Ok(())
                    })
                })
                .collect();
            running
                .into_iter()
                .try_for_each(|thread| thread.join().expect("searching does not panic"))
        });
        done?;
        Ok(Self { n_far, costs })
    }

    fn get(&self, near: usize, far: usize) -> Option<Cost> {
        self.costs[near * self.n_far + far]
    }
}

/// The costs from every place of `far` to one place of `near`.
fn fill_row(
    travel: &Travel,
    search: &mut Search<1>,
    (near, number): (&Side<'_>, usize),
    far: &Side<'_>,
    row: &mut [Option<Cost>],
    cancel: &AtomicBool,
) -> Result<(), Cancelled> {
    let entrances = &near.entrances[number];
    let seed = |(node, cost): &(u32, Cost)| Seed {
        node: *node,
        label: Label {
            facility: 0,
            cost: *cost,
        },
    };
    let seeds: Vec<Seed> = entrances.nodes.iter().map(seed).collect();
    travel.search(search, &seeds, None, cancel)?;
    for (cost, entrances) in row.iter_mut().zip(far.entrances) {
        let through_node = |(node, so_far): &(u32, Cost)| {
            let [label] = search.labels(*node);
            Some(so_far.plus(label.found()?.cost))
        };
        *cost = entrances.nodes.iter().filter_map(through_node).min();
    }
    for end in &entrances.on_edges {
        for (place, start) in far.on_edge(end.edge) {
            if let Some(along) = travel.along_edge(end.edge, start.position, end.position) {
                improve(&mut row[*place], start.walk.plus(along).plus(end.walk));
            }
        }
    }
    straight_walks(travel, near.places[number], far, |place, walk| {
        improve(&mut row[place], walk);
    });
    Ok(())
}

/// Walks without any road to the places of a side.
fn straight_walks(travel: &Travel, to: LonLat, far: &Side<'_>, mut visit: impl FnMut(usize, Cost)) {
    if travel.snap == SnapChoice::Nearest {
        return;
    }
    let radius = travel.snap_radius();
    let around = box_around(to, radius.to_metres());
    for point in far.by_place.locate_in_envelope(around) {
        let from = far.places[point.data];
        let distance = Millimetres::from_metres(local_distance_m(from, to));
        if distance <= radius && !travel.barriers.crosses(from, to) {
            visit(point.data, travel.off_road(distance));
        }
    }
}

fn improve(best: &mut Option<Cost>, cost: Cost) {
    if best.is_none_or(|best| cost < best) {
        *best = Some(cost);
    }
}
