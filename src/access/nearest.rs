//! For every demand point, its state, its nearest facility and the next one.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::answer_each::answer_each;
use super::demand::visit_ways;
use super::linkage::Linkage;
use crate::domain::{LonLat, Metric, Nearest, PointReach, ReachState};
use crate::network::{Cancelled, Label, Search, Travel, offer};

/// Choices that change what is answered, or only how fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NearestOptions {
    /// The largest cost that is `within`, in the unit of the metric: milliseconds or millimetres; none for no cutoff.
    pub cutoff: Option<u32>,
    /// Threads to share the points among; the result does not depend on it.
    pub threads: NonZeroUsize,
}

/// The answers of [`nearest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaches {
    /// One for each demand point, in their order.
    pub points: Vec<PointReach>,
    /// Points whose nearest facility is farther than can be counted (49 days, or 4,294 km).
    pub n_saturated: u64,
}

/// The nearest facility of every demand point and the next one, both by the metric of `travel`.
///
/// `facilities` stand in the order of their ids as text: of two equally near, the first is the nearest. Points have the
/// states `Within`, `BeyondCutoff`, `NoPath` or `Unsnapped`; whether a layer is missing is the caller's to know.
/// One search over the network, O(edges), then for each point the candidates that can matter.
///
/// # Errors
/// `cancel` was raised.
pub fn nearest(
    travel: &Travel,
    facilities: &[LonLat],
    demand: &[LonLat],
    options: NearestOptions,
    cancel: &AtomicBool,
) -> Result<Reaches, Cancelled> {
    let linkage = Linkage::new(travel, facilities, options.threads);
    let mut search = Search::<2>::with_threads(options.threads);
    travel.search(&mut search, &linkage.seeds, None, cancel)?;

    let reach =
        |(): &mut (), from: &LonLat| reach(travel, &linkage, &search, *from, options.cutoff);
    let points = answer_each(demand, options.threads, cancel, || (), reach)?;
    let is_saturated = |point: &&PointReach| point.nearest.is_some_and(is_saturated);
    Ok(Reaches {
        n_saturated: points.iter().filter(is_saturated).count() as u64,
        points,
    })
}

fn is_saturated(nearest: Nearest) -> bool {
    crate::network::Cost::new(Metric::Time, nearest.time, nearest.length).is_saturated()
}

fn reach(
    travel: &Travel,
    linkage: &Linkage,
    search: &Search<2>,
    from: LonLat,
    cutoff: Option<u32>,
) -> PointReach {
    let mut best = [Label::NONE; 2];
    let is_snapped = visit_ways(travel, linkage, search, from, |_, label| {
        offer(&mut best, label);
        best[1].cost.minimised
    });
    let [nearest, second] = best.map(Label::found);
    let state = match nearest {
        Some(label) if cutoff.is_none_or(|cutoff| label.cost.minimised <= cutoff) => {
            ReachState::Within
        }
        Some(_) => ReachState::BeyondCutoff,
        None if is_snapped => ReachState::NoPath,
        None => ReachState::Unsnapped,
    };
    PointReach {
        state,
        nearest: nearest.map(|label| to_nearest(label, travel.metric)),
        second: second.map(|label| to_nearest(label, travel.metric)),
    }
}

pub(super) fn to_nearest(label: Label, metric: Metric) -> Nearest {
    Nearest {
        facility: label.facility,
        time: label.cost.time(metric),
        length: label.cost.length(metric),
    }
}
