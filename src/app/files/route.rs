//! The path between two places.

use serde::Serialize;

use super::inputs::InputReader;
use super::{FilesRule, HowToTravel, InputReport, Means, NetworkInputs, NetworkSummary};
use crate::access::{Journey, Leg, LegKind, Part, Rescue, RouteError, rescue_route, route};
use crate::app::AppError;
use crate::domain::{LonLat, ReachState, RoadClass, Surface};
use crate::network::Travel;

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
    /// Of an emergency only.
    #[serde(flatten)]
    pub carry: Option<CarryFound>,
    /// In order; none without a path.
    pub legs: Vec<RouteLeg>,
    /// The rule of the answer.
    pub rule: FilesRule,
    /// What was found in each input.
    pub inputs: Vec<InputReport>,
    /// The network.
    pub network: NetworkSummary,
}

/// How the patient of an emergency is carried; all none without a path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CarryFound {
    /// Sum over the legs that are `carry`.
    pub carry_m: Option<f64>,
    /// Sum over the legs that are `carry`.
    pub carry_s: Option<f64>,
    /// Longitude and latitude of where the vehicle waits; none where the patient is carried all the way.
    pub last_point: Option<[f64; 2]>,
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
    let (travels, rule) = asked.how.travels(built, &profile, means)?;
    means.stage("searching");
    let found = match travels.journey() {
        Journey::Trip(travel) => Found::by_trip(asked, travel, means),
        Journey::Rescue(rescue) => Found::by_rescue(asked, rescue, means),
    };
    let found = found.map_err(|error| match error {
        RouteError::Cancelled(_) => AppError::Cancelled,
        RouteError::TooLong => AppError::TooLong,
    })?;
    Ok(RouteFound {
        state: found.state,
        time_s: found.total.map(|total| total.time.to_seconds()),
        length_m: found.total.map(|total| total.length.to_metres()),
        carry: found.carry,
        legs: found.legs.iter().map(leg).collect(),
        rule,
        inputs,
        network: summary,
    })
}

/// A path as the engine gives it, of a trip or an emergency.
struct Found {
    state: ReachState,
    total: Option<Part>,
    carry: Option<CarryFound>,
    legs: Vec<Leg>,
}

impl Found {
    fn by_trip(asked: &RouteAsked, travel: &Travel, means: Means<'_>) -> Result<Self, RouteError> {
        let answer = route(travel, asked.from, asked.to, means.cancel)?;
        let total = answer.route.as_ref().map(|route| Part {
            time: route.time,
            length: route.length,
        });
        Ok(Self {
            state: answer.state,
            total,
            carry: None,
            legs: answer.route.map_or(Vec::new(), |route| route.legs),
        })
    }

    fn by_rescue(
        asked: &RouteAsked,
        rescue: Rescue<'_>,
        means: Means<'_>,
    ) -> Result<Self, RouteError> {
        let answer = rescue_route(rescue, asked.from, asked.to, means.cancel)?;
        let trip = answer.route.as_ref().map(|route| route.trip);
        let last_point = trip.and_then(|trip| trip.last_point);
        Ok(Self {
            state: answer.state,
            total: trip.map(|trip| trip.total()),
            carry: Some(CarryFound {
                carry_m: trip.map(|trip| trip.carry.length.to_metres()),
                carry_s: trip.map(|trip| trip.carry.time.to_seconds()),
                last_point: last_point.map(|place| [place.lon(), place.lat()]),
            }),
            legs: answer.route.map_or(Vec::new(), |route| route.legs),
        })
    }
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
