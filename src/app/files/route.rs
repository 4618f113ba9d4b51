//! The path between two places.

use serde::Serialize;

use super::inputs::InputReader;
use super::{FilesRule, HowToTravel, InputReport, Means, NetworkInputs, NetworkSummary};
use crate::access::{Leg, LegKind, RouteError, route};
use crate::app::AppError;
use crate::domain::{LonLat, ReachState, RoadClass, Surface};

/// The question of `jangkau route`.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteAsked {
    /// The roads.
    pub network: NetworkInputs,
    /// How the trip is made.
    pub how: HowToTravel,
    /// Where it begins.
    pub from: LonLat,
    /// Where it ends.
    pub to: LonLat,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RouteFound {
    /// `within`, `no_path` or `unsnapped`.
    pub state: ReachState,
    /// Sum over the legs; none without a path.
    pub time_s: Option<f64>,
    /// Sum over the legs; none without a path.
    pub length_m: Option<f64>,
    /// In order; none without a path.
    pub legs: Vec<RouteLeg>,
    /// The rule of the answer.
    pub rule: FilesRule,
    /// What was found in each input.
    pub inputs: Vec<InputReport>,
    /// The network.
    pub network: NetworkSummary,
}

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RouteLeg {
    /// What it is.
    pub leg: LegKind,
    /// Off the road charged with the factor.
    pub length_m: f64,
    /// Waiting for a ferry included.
    pub time_s: f64,
    /// Of the road; none off it.
    pub class: Option<RoadClass>,
    /// Of the road; none off it and where unknown.
    pub surface: Option<Surface>,
    /// The speed taken.
    pub speed_kmh: f64,
    /// Who says so, or `assumed`.
    pub speed_source: String,
    /// The source's id of the road; none off it.
    pub road_id: Option<String>,
    /// Longitude and latitude of its vertices.
    pub line: Vec<[f64; 2]>,
}

/// Finds the best path.
///
/// # Errors
/// A file is missing or refused, the path is too long to count, or somebody stopped.
pub fn find_route(asked: &RouteAsked, means: Means<'_>) -> Result<RouteFound, AppError> {
    let profile = asked.how.read_profile()?;
    let mut reader = InputReader::new(means);
    let parts = reader.network(&asked.network)?;
    let inputs = reader.finish()?;
    let built = parts.build(means)?;
    let summary = NetworkSummary::of(&built);
    let (travel, rule) = asked.how.travel(built, &profile, &asked.network, means)?;
    means.stage("searching");
    let answer =
        route(&travel, asked.from, asked.to, means.cancel).map_err(|error| match error {
            RouteError::Cancelled(_) => AppError::Cancelled,
            RouteError::TooLong => AppError::TooLong,
        })?;
    let route = answer.route.as_ref();
    Ok(RouteFound {
        state: answer.state,
        time_s: route.map(|route| route.time.to_seconds()),
        length_m: route.map(|route| route.length.to_metres()),
        legs: route
            .into_iter()
            .flat_map(|route| &route.legs)
            .map(leg)
            .collect(),
        rule,
        inputs,
        network: summary,
    })
}

fn leg(leg: &Leg) -> RouteLeg {
    RouteLeg {
        leg: leg.kind,
        length_m: leg.length.to_metres(),
        time_s: leg.time.to_seconds(),
        class: leg.class,
        surface: leg.surface,
        speed_kmh: leg.speed_kmh,
        speed_source: leg.speed_source.clone(),
        road_id: leg.road_id.clone(),
        line: leg
            .line
            .iter()
            .map(|place| [place.lon(), place.lat()])
            .collect(),
    }
}
