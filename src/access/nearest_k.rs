//! For every demand point, its k nearest facilities, and where both ends of each trip leave the road.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::NearestOptions;
use super::answer_each::answer_each;
use super::arrivals::Arrivals;
use super::demand::{Way, visit_ways};
use super::linkage::Linkage;
use crate::domain::{LonLat, Millimetres, Milliseconds, ReachState};
use crate::network::{Cancelled, Label, Search, Travel};

/// The most facilities that are looked for at once: each costs 12 bytes for every node.
pub const MAX_K: usize = 32;

/// The answer for one demand point.
#[derive(Debug, Clone, PartialEq)]
pub struct PointAccess {
    /// Its state, which is that of the nearest facility.
    pub state: ReachState,
    /// The facilities within the cutoff, at most k, in order of (cost, facility); empty unless the state is `Within`.
    pub trips: Vec<Trip>,
}

/// A trip from a demand point to a facility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trip {
    /// Position of the facility in the list searched.
    pub facility: u32,
    /// Its duration.
    pub time: Milliseconds,
    /// Its length, off-road legs charged with their factor.
    pub length: Millimetres,
    /// Where it enters and leaves the road; none where it is walked straight, or is too long to count.
    pub snaps: Option<[SnapUsed; 2]>,
}

/// The stretch of road that one end of a trip is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapUsed {
    /// Its straight piece, a number of the network.
    pub(super) piece: u32,
    /// From the place to the road, bare.
    pub distance: Millimetres,
}

/// The `k` nearest facilities of every demand point, by the metric of `travel`; `k` is taken to be from 1 to [`MAX_K`].
///
/// `facilities` stand in the order of their ids as text, which decides between equally near ones. The first trip of a
/// point is the answer of [`nearest`](super::nearest()), and each is that of [`route`](super::route()) for its facility.
/// One search over the network, O(k × edges), then for each point the candidates that can matter.
///
/// # Errors
/// `cancel` was raised.
pub fn nearest_k(
    travel: &Travel,
    facilities: &[LonLat],
    demand: &[LonLat],
    k: NonZeroUsize,
    options: NearestOptions,
    cancel: &AtomicBool,
) -> Result<Vec<PointAccess>, Cancelled> {
    let asked = Asked {
        travel,
        linkage: &Linkage::new(travel, facilities, options.threads),
        k: k.get().min(MAX_K),
        cutoff: options.cutoff,
    };
    match asked.k {
        1 => asked.answer::<1>(demand, options.threads, cancel),
        2 => asked.answer::<2>(demand, options.threads, cancel),
        3..=4 => asked.answer::<4>(demand, options.threads, cancel),
        5..=8 => asked.answer::<8>(demand, options.threads, cancel),
        9..=16 => asked.answer::<16>(demand, options.threads, cancel),
        _ => asked.answer::<MAX_K>(demand, options.threads, cancel),
    }
}

/// What is the same for every point.
#[derive(Clone, Copy)]
struct Asked<'a> {
    travel: &'a Travel,
    linkage: &'a Linkage,
    k: usize,
    cutoff: Option<u32>,
}

impl Asked<'_> {
    fn answer<const K: usize>(
        self,
        demand: &[LonLat],
        threads: NonZeroUsize,
        cancel: &AtomicBool,
    ) -> Result<Vec<PointAccess>, Cancelled> {
        let mut search = Search::<K>::with_threads(threads);
        self.travel
            .search(&mut search, &self.linkage.seeds, None, cancel)?;
        let arrivals = || Arrivals::new(self.travel, self.linkage, &search);
        let point =
            |arrivals: &mut Arrivals<'_, K>, from: &LonLat| self.point(&search, arrivals, *from);
        answer_each(demand, threads, cancel, arrivals, point)
    }

    fn point<const K: usize>(
        self,
        search: &Search<K>,
        arrivals: &mut Arrivals<'_, K>,
        from: LonLat,
    ) -> PointAccess {
        let mut best = BestWays::new(self.k);
        let is_snapped = visit_ways(self.travel, self.linkage, search, from, |way, label| {
            best.offer(way, label)
        });
        let is_within = |label: &Label| {
            self.cutoff
                .is_none_or(|cutoff| label.cost.minimised <= cutoff)
        };
        let state = match best.0.first() {
            Some((label, _)) if is_within(label) => ReachState::Within,
            Some(_) => ReachState::BeyondCutoff,
            None if is_snapped => ReachState::NoPath,
            None => ReachState::Unsnapped,
        };
        let within = best.0.iter().filter(|(label, _)| is_within(label));
        let trip = |(label, way): &(Label, Way)| Trip {
            facility: label.facility,
            time: label.cost.time(self.travel.metric),
            length: label.cost.length(self.travel.metric),
            snaps: (!label.cost.is_saturated())
                .then(|| snaps(way, label.facility, arrivals))
                .flatten(),
        };
        PointAccess {
            state,
            trips: within.map(trip).collect(),
        }
    }
}

/// The snaps at both ends of a way.
fn snaps<const K: usize>(
    way: &Way,
    facility: u32,
    arrivals: &mut Arrivals<'_, K>,
) -> Option<[SnapUsed; 2]> {
    let end = match way {
        Way::Straight => return None,
        Way::SameEdge(_, end) => end.snap(),
        Way::ThroughNode(_, _, node) => arrivals.of(*node, facility)?,
    };
    Some([way.start()?, end])
}

/// The best way to each of the k best facilities, in order of (cost, facility).
struct BestWays(Vec<(Label, Way)>, usize);

impl BestWays {
    fn new(k: usize) -> Self {
        Self(Vec::with_capacity(k + 1), k)
    }

    /// Takes a way that is better than what is known of its facility; gives the largest cost that may still matter.
    fn offer(&mut self, way: Way, label: Label) -> u32 {
        let Self(best, k) = self;
        let known = best
            .iter()
            .position(|(known, _)| known.facility == label.facility);
        let is_better = known.is_none_or(|position| {
            let (old, old_way) = &best[position];
            (label.cost, way.order()) < (old.cost, old_way.order())
        });
        if is_better {
            if let Some(position) = known {
                best.remove(position);
            }
            let rank = |label: &Label| (label.cost.minimised, label.facility);
            let place = best.partition_point(|(other, _)| rank(other) < rank(&label));
            best.insert(place, (label, way));
            best.truncate(*k);
        }
        match best.last() {
            Some((last, _)) if best.len() == *k => last.cost.minimised,
            _ => u32::MAX,
        }
    }
}
