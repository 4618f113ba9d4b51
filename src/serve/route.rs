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

use super::answer::{json_as, notice};
use super::caching::EntityTag;
use super::error::{Problem, ProblemKind};
use super::indicator_query::{NAMES, indicator};
use super::items::current_run;
use super::query::Query;
use super::site::GEOJSON;
use super::state::ServeState;
use super::village::found_village;
use crate::app::answer::Thousandths;
use crate::app::{KnownShare, Leg, LegKind, RouteAnswer, RouteEnd, RouteFacility};
use crate::domain::{
    Indicator, ReachState, RoadClass, Rule, RunId, SeasonAccess, Surface, VillageCode,
};

/// Finds the path of a village's median person to a facility.
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
    /// Where it leads.
    pub end: RouteEnd,
}

/// A path that could not be found for a reason inside.
#[derive(Debug, thiserror::Error)]
#[error("cannot find a route: {0}")]
pub struct RouteError(pub Box<dyn Error + Send + Sync>);

#[derive(Serialize)]
struct RouteCollection {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    rule: Rule,
    state: ReachState,
    facility: Option<RouteFacility>,
    known_share: Option<KnownShare>,
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
    length_m: Thousandths,
    time_s: Thousandths,
    class: Option<RoadClass>,
    surface: Option<Surface>,
    season: Option<SeasonAccess>,
    speed_kmh: f64,
    speed_source: String,
}

/// The path of the median person to the nearest facility, or to the next one.
pub(super) async fn route(
    State(state): State<ServeState>,
    Path(code): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut query = Query::of(&uri, &[&NAMES[..], &["to"]].concat())?;
    let indicator = indicator(&mut query, &state.catalogue);
    let end = query.choice("to", &RouteEnd::ALL).unwrap_or_default();
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
        end,
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
        known_share: answer.known_share,
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
            length_m: leg.length.into(),
            time_s: leg.time.into(),
            class: leg.class,
            surface: leg.surface,
            season: leg.season,
            speed_kmh: leg.speed_kmh,
            speed_source: leg.speed_source,
        },
    }
}
