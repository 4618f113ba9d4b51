//! `/villages/{code}/route`: the path behind a village's value, leg by leg.
//!
//! The path is found by whoever is handed in as [`RouteSource`]; this room only shows it.

use std::error::Error;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::{Value, json};

use super::answer::{self, json_as, notice};
use super::caching::EntityTag;
use super::error::{Problem, ProblemKind};
use super::indicator_query::{NAMES, indicator};
use super::items::current_run;
use super::query::Query;
use super::site::GEOJSON;
use super::state::ServeState;
use super::village::found_village;
use crate::domain::{
    Indicator, LonLat, Millimetres, Milliseconds, ReachState, RoadClass, Rule, RunId, SeasonAccess,
    Surface, VillageCode,
};

/// Finds the path of a village's median person to its nearest facility.
pub type RouteSource =
    Arc<dyn Fn(RouteRequest) -> BoxFuture<'static, Result<RouteAnswer, RouteError>> + Send + Sync>;

/// Which path is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRequest {
    /// The run that the value is from; it exists and is current.
    pub run: RunId,
    /// The indicator of the run.
    pub indicator: Indicator,
    /// A village of the run.
    pub village: VillageCode,
}

/// A path, or the state that says why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteAnswer {
    /// State of the median person.
    pub state: ReachState,
    /// Where the path ends; none where there is no path.
    pub facility: Option<RouteFacility>,
    /// Its legs in order; empty where there is no path.
    pub legs: Vec<Leg>,
}

/// The facility at the end of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RouteFacility {
    /// Its key.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its tier, where known.
    pub tier: Option<String>,
}

/// What a leg runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LegKind {
    /// Between a place and the road, on foot.
    OffRoad,
    /// Along a road.
    Road,
    /// Straight from the place to the facility, on foot.
    Straight,
}

/// A part of a path with one class, surface and speed.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// What it runs over.
    pub kind: LegKind,
    /// Its line, in the direction of travel.
    pub line: Vec<LonLat>,
    /// Length, off the road charged with its factor.
    pub length: Millimetres,
    /// Duration.
    pub time: Milliseconds,
    /// Class of the road; none off the road.
    pub class: Option<RoadClass>,
    /// Surface of the road; none off the road or where unknown.
    pub surface: Option<Surface>,
    /// Seasons of the road; none off the road or where unknown.
    pub season: Option<SeasonAccess>,
    /// Speed in kilometres an hour.
    pub speed_kmh: f64,
    /// Where the speed comes from.
    pub speed_source: String,
}

/// A path that could not be found for a reason inside.
#[derive(Debug, thiserror::Error)]
#[error("cannot find a route: {0}")]
pub struct RouteError(pub Box<dyn Error + Send + Sync>);

/// How much of a path's road is known, as shares of its length from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct KnownShare {
    /// Share with a known surface.
    pub surface: f64,
    /// Share with a known season.
    pub season: f64,
}

impl RouteAnswer {
    /// How much of its road is known; none where it has no road.
    pub fn known_share(&self) -> Option<KnownShare> {
        let length_mm = |counts: fn(&Leg) -> bool| -> u64 {
            let legs = self.legs.iter().filter(|leg| leg.kind == LegKind::Road);
            legs.filter(|leg| counts(leg))
                .map(|leg| u64::from(leg.length.0))
                .sum()
        };
        let total_mm = length_mm(|_| true);
        let share = |part_mm: u64| part_mm as f64 / total_mm as f64;
        (0 < total_mm).then(|| KnownShare {
            surface: share(length_mm(|leg| leg.surface.is_some())),
            season: share(length_mm(|leg| leg.season.is_some())),
        })
    }
}

#[derive(Serialize)]
struct RouteCollection {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    rule: Rule,
    state: ReachState,
    facility: Option<RouteFacility>,
    features: Vec<LegFeature>,
}

#[derive(Serialize)]
struct LegFeature {
    r#type: &'static str,
    properties: LegProperties,
    geometry: Value,
}

#[derive(Serialize)]
struct LegProperties {
    leg: LegKind,
    length_m: Value,
    time_s: Value,
    class: Option<RoadClass>,
    surface: Option<Surface>,
    season: Option<SeasonAccess>,
    speed_kmh: f64,
    speed_source: String,
}

/// The path of the median person to the nearest facility.
pub(super) async fn route(
    State(state): State<ServeState>,
    Path(code): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut query = Query::of(&uri, &NAMES)?;
    let indicator = indicator(&mut query, &state.catalogue);
    query.finish()?;
    let reads = state.database.reads().await?;
    let village = found_village(&reads, &code).await?;
    let head = current_run(&reads, &indicator).await?;
    let runs = reads.village_runs(&village.code).await?;
    if !runs.iter().any(|run| run.rule.run_id == head.rule.run_id) {
        let detail = format!("the run does not know the village {code}: run `jangkau compute`");
        return Err(Problem::new(ProblemKind::RunMissing, detail));
    }
    // Finding a path needs no connection.
    drop(reads);
    let parts = [head.rule.run_id.to_string(), head.rule.stale.to_string()];
    let request = RouteRequest {
        run: head.rule.run_id.clone(),
        indicator,
        village: village.code,
    };
    EntityTag::of(&uri, &headers, &parts)
        .or_else(&headers, async {
            let answer = (state.routes)(request).await?;
            Ok(json_as(
                GEOJSON,
                collection(answer, head.rule, notice(head.is_sample)),
            ))
        })
        .await
}

fn collection(answer: RouteAnswer, rule: Rule, notice: Option<&'static str>) -> RouteCollection {
    RouteCollection {
        r#type: "FeatureCollection",
        notice,
        rule,
        state: answer.state,
        facility: answer.facility,
        features: answer.legs.into_iter().map(leg_feature).collect(),
    }
}

fn leg_feature(leg: Leg) -> LegFeature {
    let positions: Vec<[f64; 2]> = leg
        .line
        .iter()
        .map(|place| [place.lon(), place.lat()])
        .collect();
    LegFeature {
        r#type: "Feature",
        geometry: json!({ "type": "LineString", "coordinates": positions }),
        properties: LegProperties {
            leg: leg.kind,
            length_m: answer::metres(leg.length),
            time_s: answer::seconds(leg.time),
            class: leg.class,
            surface: leg.surface,
            season: leg.season,
            speed_kmh: leg.speed_kmh,
            speed_source: leg.speed_source,
        },
    }
}
