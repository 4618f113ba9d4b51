//! Which road each place is attached to, and why not to the nearest one.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::NearestOptions;
use super::ambulance::{RescueReach, RescueTrip, rescue, rescue_ends};
use super::nearest_k::{PointAccess, SnapUsed, nearest_k};
use super::spread::Journey;
use crate::domain::{LonLat, Millimetres, ReachState};
use crate::network::{Cancelled, Travel};

/// How a place is attached on its best trip: that of an origin to its nearest facility, or to a facility from the
/// origin that it is the nearest to.
#[derive(Debug, Clone, PartialEq)]
pub struct SnapLook {
    /// Of that trip, without a cutoff.
    pub state: ReachState,
    /// The road used; none without a trip, and where the trip is a straight walk.
    pub used: Option<RoadNear>,
    /// The nearest road of all within the snap radius, whoever may use it.
    pub nearest: Option<RoadNear>,
    /// What keeps the nearest road from being used; none where there is none, or no trip for a reason of its own.
    pub why: Option<WhyNot>,
    /// That trip, where it is a rescue and the place is its origin.
    pub rescue: Option<RescueTrip>,
}

/// A road near a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadNear {
    /// The source's id.
    pub road_id: String,
    /// From the place to it, bare.
    pub distance: Millimetres,
}

/// What keeps the nearest road from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// Nothing: it is used.
    Same,
    /// A barrier lies between.
    Barrier,
    /// The mode may not use it, or not in the season.
    NotPermitted,
    /// The trip as a whole costs less another way.
    Costlier,
}

impl WhyNot {
    /// The word for it in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Barrier => "barrier",
            Self::NotPermitted => "not_permitted",
            Self::Costlier => "costlier",
        }
    }
}

/// A place's best trip: its state, the piece of road that the place is attached to, and the trip if it is a rescue.
type Attached = (ReachState, Option<SnapUsed>, Option<RescueTrip>);

/// How origins and facilities are attached, in their orders. Two searches over the network, four for rescues.
///
/// # Errors
/// `cancel` was raised.
pub fn snap_looks(
    journey: Journey<'_>,
    origins: &[LonLat],
    facilities: &[LonLat],
    threads: NonZeroUsize,
    cancel: &AtomicBool,
) -> Result<[Vec<SnapLook>; 2], Cancelled> {
    let options = NearestOptions {
        cutoff: None,
        threads,
    };
    let [there, back]: [Vec<Attached>; 2] = match journey {
        Journey::Trip(travel) => {
            let one = NonZeroUsize::MIN;
            let start = |point: PointAccess| {
                let snaps = point.trips.first().and_then(|trip| trip.snaps);
                (point.state, snaps.map(|[start, _]| start), None)
            };
            let there = nearest_k(travel, facilities, origins, one, options, cancel)?;
            let travel = &travel.turned_round();
            let back = nearest_k(travel, origins, facilities, one, options, cancel)?;
            [there, back].map(|points| points.into_iter().map(start).collect())
        }
        Journey::Rescue(asked) => {
            let start = |reach: RescueReach| {
                let trip = reach.trips.first().copied();
                let snaps = trip.and_then(|trip| trip.snaps);
                (reach.state, snaps.map(|[start, _]| start), trip)
            };
            let there = rescue::<1>(asked, facilities, origins, options, cancel)?;
            let back = rescue_ends(asked, facilities, origins, threads, cancel)?;
            let back = back.into_iter().map(|(state, end)| (state, end, None));
            [there.into_iter().map(start).collect(), back.collect()]
        }
    };
    let looks = |places: &[LonLat], attached: Vec<Attached>| {
        let both = places.iter().zip(attached);
        both.map(|(place, attached)| look(journey, *place, attached))
            .collect()
    };
    Ok([looks(origins, there), looks(facilities, back)])
}

fn look(journey: Journey<'_>, place: LonLat, (state, used, rescue): Attached) -> SnapLook {
    let travel = journey.first();
    let nearest = travel.nearest_road(place);
    let why = nearest.and_then(|nearest| {
        // Of a road's pieces the nearest need not be the one used.
        let road_id = |piece| travel.network.road_id(piece);
        let is_used = |used: &SnapUsed| {
            used.distance == nearest.distance || road_id(used.piece) == road_id(nearest.piece)
        };
        let is_permitted = |travel: &Travel| travel.weights.permits_any(nearest.edge);
        if used.as_ref().is_some_and(is_used) {
            Some(WhyNot::Same)
        } else if !journey.travels().any(is_permitted) {
            Some(WhyNot::NotPermitted)
        } else if travel.barriers.crosses(place, nearest.place) {
            Some(WhyNot::Barrier)
        } else {
            (state == ReachState::Within).then_some(WhyNot::Costlier)
        }
    });
    let near = |piece: u32, distance: Millimetres| RoadNear {
        road_id: travel.network.road_id(piece).to_owned(),
        distance,
    };
    SnapLook {
        state,
        used: used.map(|used| near(used.piece, used.distance)),
        nearest: nearest.map(|nearest| near(nearest.piece, nearest.distance)),
        why,
        rescue,
    }
}
