//! The path that is shown from a place to a facility.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::demand::{Way, visit_ways};
use super::linkage::Linkage;
use super::route_leg::{LegKind, LegWriter, Move, Route, end_towards};
use super::route_walk::{write_end, write_path};
use crate::domain::{LonLat, ReachState};
use crate::network::{Cancelled, Cost, Search, Travel};

/// The answer of [`route`].
#[derive(Debug, Clone, PartialEq)]
pub struct RouteAnswer {
    /// `Within`, `NoPath` or `Unsnapped`: a path has no cutoff.
    pub state: ReachState,
    /// Present in state `Within`.
    pub route: Option<Route>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The path cannot be counted in milliseconds and millimetres.
    #[error("cannot follow a path longer than 49 days or 4,294 km")]
    TooLong,
}

/// The best path between two places: of least cost, then of least other quantity, then of least edge ids.
///
/// Its time and length are those that [`nearest`](super::nearest()) gives for the same facility, to the millisecond and
/// millimetre. One search over the network, O(edges).
///
/// # Errors
/// `cancel` was raised, or the path is too long to count.
pub fn route(
    travel: &Travel,
    from: LonLat,
    to: LonLat,
    cancel: &AtomicBool,
) -> Result<RouteAnswer, RouteError> {
    let linkage = Linkage::new(travel, &[to], NonZeroUsize::MIN);
    let mut search = Search::<1>::new();
    travel.search(&mut search, &linkage.seeds, None, cancel)?;

    let mut best: Option<(Cost, Way)> = None;
    let is_snapped = visit_ways(travel, &linkage, &search, from, |way, label| {
        let is_better =
            best.is_none_or(|(cost, best)| (label.cost, way.order()) < (cost, best.order()));
        if is_better {
            best = Some((label.cost, way));
        }
        best.map_or(u32::MAX, |(cost, _)| cost.minimised)
    });
    let Some((total, way)) = best else {
        let state = if is_snapped {
            ReachState::NoPath
        } else {
            ReachState::Unsnapped
        };
        return Ok(RouteAnswer { state, route: None });
    };
    if total.is_saturated() {
        return Err(RouteError::TooLong);
    }
    let mut legs = LegWriter::new(travel);
    match way {
        Way::Straight => legs.walk(LegKind::Straight, [from, to], total),
        Way::SameEdge(start, end) => {
            legs.walk(
                LegKind::OffRoad,
                [from, start.place],
                travel.off_road(start.distance),
            );
            write_end(&mut legs, start.position, &end, to);
        }
        Way::ThroughNode(start, direction, node) => {
            legs.walk(
                LegKind::OffRoad,
                [from, start.place],
                travel.off_road(start.distance),
            );
            legs.along(Move {
                edge: start.edge,
                from: start.position,
                to: end_towards(travel, start.edge, direction),
            });
            write_path(&mut legs, travel, (&linkage, &search), node, to);
        }
    }
    Ok(RouteAnswer {
        state: ReachState::Within,
        route: Some(legs.finish(total)),
    })
}
