//! The fastest rescue of every pair of a patient and a facility.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Layers, Part, Rescue, RescueTrip};
use crate::access::{NearestOptions, PairReach, answer_each};
use crate::domain::{LonLat, ReachState};
use crate::network::Cancelled;

/// Pairs that are held in memory at a time: 28 bytes each.
const PAIRS_AT_A_TIME: usize = 8_000_000;

/// The answer for one pair, of a trip or a rescue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RescuePair {
    /// Its state.
    pub state: ReachState,
    /// Carry and drive together; present in state `Within`.
    pub total: Option<Part>,
    /// The carry; present in state `Within`, but not for a trip that is no rescue.
    pub carry: Option<Part>,
}

impl From<PairReach> for RescuePair {
    fn from(pair: PairReach) -> Self {
        Self {
            state: pair.state,
            total: pair.cost.map(|(time, length)| Part { time, length }),
            carry: None,
        }
    }
}

/// Hands out, for each patient in order, the fastest rescue to every facility, in their order.
///
/// Each is what [`rescue_route`](super::rescue_route) gives for the pair. Two searches over the network for each
/// facility, shared among threads, and again for every 8 million pairs. `sink` breaks off by its answer.
///
/// # Errors
/// `cancel` was raised, or `sink` broke off.
pub fn rescue_matrix(
    rescue: Rescue<'_>,
    facilities: &[LonLat],
    patients: &[LonLat],
    options: NearestOptions,
    cancel: &AtomicBool,
    sink: &mut dyn FnMut(usize, &[RescuePair]) -> ControlFlow<()>,
) -> Result<(), Cancelled> {
    let patients_at_a_time = (PAIRS_AT_A_TIME / facilities.len().max(1)).max(1);
    let mut row = Vec::with_capacity(facilities.len());
    for (block, patients) in patients.chunks(patients_at_a_time).enumerate() {
        let to_facility = |(): &mut (), facility: &LonLat| {
            to_one(rescue, *facility, patients, options.cutoff, cancel)
        };
        let columns = answer_each(facilities, options.threads, cancel, || (), to_facility)?;
        let columns: Vec<Vec<RescuePair>> = columns.into_iter().collect::<Result<_, _>>()?;
        for number in 0..patients.len() {
            row.clear();
            row.extend(columns.iter().map(|column| column[number]));
            let patient = block * patients_at_a_time + number;
            if sink(patient, &row).is_break() || cancel.load(Ordering::Relaxed) {
                return Err(Cancelled);
            }
        }
    }
    Ok(())
}

/// The rescues of all patients to one facility.
fn to_one(
    rescue: Rescue<'_>,
    facility: LonLat,
    patients: &[LonLat],
    cutoff: Option<u32>,
    cancel: &AtomicBool,
) -> Result<Vec<RescuePair>, Cancelled> {
    let layers = Layers::<1>::new(rescue, &[facility], NonZeroUsize::MIN, cancel)?;
    let pair = |patient: &LonLat| {
        if cancel.load(Ordering::Relaxed) {
            return Err(Cancelled);
        }
        let reach = layers.reach(*patient, cutoff, None);
        let is_within = reach.state == ReachState::Within;
        let trip = reach.trips.first().filter(|_| is_within);
        Ok(RescuePair {
            state: reach.state,
            total: trip.map(RescueTrip::total),
            carry: trip.map(|trip| trip.carry),
        })
    };
    patients.iter().map(pair).collect()
}
