//! Which road each place is attached to, and why not to the nearest one.

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::NearestOptions;
use super::nearest_k::{PointAccess, SnapUsed, nearest_k};
use crate::domain::{LonLat, Millimetres, ReachState};
use crate::network::{Cancelled, Travel};

/// How a place is attached on its best trip: that of an origin to its nearest facility, or to a facility from the
/// origin that it is the nearest to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapLook {
    /// Of that trip, without a cutoff.
    pub state: ReachState,
    /// The road used; none without a trip, and where the trip is a straight walk.
    pub used: Option<RoadNear>,
    /// The nearest road of all within the snap radius, whoever may use it.
    pub nearest: Option<RoadNear>,
    /// What keeps the nearest road from being used; none where there is none, or no trip for a reason of its own.
    pub why: Option<WhyNot>,
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

/// How origins and facilities are attached, in their orders. Two searches over the network.
///
/// # Errors
/// `cancel` was raised.
pub fn snap_looks(
    travel: &Travel,
    origins: &[LonLat],
    facilities: &[LonLat],
    options: NearestOptions,
    cancel: &AtomicBool,
) -> Result<[Vec<SnapLook>; 2], Cancelled> {
    let options = NearestOptions {
        cutoff: None,
        ..options
    };
    let one = std::num::NonZeroUsize::MIN;
    let there = nearest_k(travel, facilities, origins, one, options, cancel)?;
    let back = travel.turned_round();
    let from = nearest_k(&back, origins, facilities, one, options, cancel)?;
    let looks = |places: &[LonLat], points: &[PointAccess]| {
        let both = places.iter().zip(points);
        both.map(|(place, point)| look(travel, *place, point))
            .collect()
    };
    Ok([looks(origins, &there), looks(facilities, &from)])
}

fn look(travel: &Travel, place: LonLat, point: &PointAccess) -> SnapLook {
    let trip = point.trips.first();
    let used = trip.and_then(|trip| trip.snaps).map(|[here, _]| here);
    let nearest = travel.nearest_road(place);
    let why = nearest.and_then(|nearest| {
        let is_used = |used: &SnapUsed| used.distance == nearest.distance;
        if used.as_ref().is_some_and(is_used) {
            Some(WhyNot::Same)
        } else if !travel.weights.permits_any(nearest.edge) {
            Some(WhyNot::NotPermitted)
        } else if travel.barriers.crosses(place, nearest.place) {
            Some(WhyNot::Barrier)
        } else {
            trip.map(|_| WhyNot::Costlier)
        }
    });
    let near = |piece: u32, distance: Millimetres| RoadNear {
        road_id: travel.network.road_id(piece).to_owned(),
        distance,
    };
    SnapLook {
        state: point.state,
        used: used.map(|used| near(used.piece, used.distance)),
        nearest: nearest.map(|nearest| near(nearest.piece, nearest.distance)),
        why,
    }
}
