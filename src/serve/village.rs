//! `/villages/{code}`: one village, and what every run says of it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::future::join_all;
use serde::Serialize;

use super::answer::notice;
use super::caching::EntityTag;
use super::error::{Problem, ProblemKind};
use super::query::Query;
use super::route::RouteRequest;
use super::state::ServeState;
use crate::app::answer::{PeopleByState, SeasonChange, Thousandths, village_season_change};
use crate::app::{KnownShare, RouteEnd};
use crate::domain::{
    Metric, Mode, PopulationSource, ReachState, Rule, Season, ServiceName, StandardUnit,
    StatePeople, VillageCode,
};
use crate::store::reads::{FoundFacility, Reads, StoredStandard, VillageRecord, VillageRun};

#[derive(Serialize)]
struct VillageAnswer {
    code: VillageCode,
    name: String,
    kecamatan: Option<String>,
    kecamatan_code: Option<String>,
    population: Option<Thousandths>,
    population_source: PopulationSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    access: Vec<Access>,
}

/// One indicator of the village.
#[derive(Serialize)]
struct Access {
    service: ServiceName,
    tier: Vec<String>,
    mode: Mode,
    season: Season,
    metric: Metric,
    state: ReachState,
    nearest: Option<Found>,
    second: Option<Found>,
    people: PeopleByState,
    standards: Vec<Standard>,
    known_share: Option<KnownShare>,
    /// None where the other season has no run, or people are unknown.
    season_change: Option<SeasonChange>,
    rule: Rule,
}

#[derive(Serialize)]
struct Found {
    facility_id: String,
    name: Option<String>,
    tier: Option<String>,
    time_s: Thousandths,
    length_m: Thousandths,
}

#[derive(Serialize)]
struct Standard {
    id: String,
    threshold: u32,
    unit: StandardUnit,
    people_within: Option<Thousandths>,
}

/// The village of a code, or the problem that there is none.
pub(super) async fn found_village(reads: &Reads, code: &str) -> Result<VillageRecord, Problem> {
    reads.village(code).await?.ok_or_else(|| {
        let detail = format!("no village has the code `{code}`; codes look like 15.03.01.2001");
        Problem::new(ProblemKind::VillageUnknown, detail)
    })
}

/// Everything known of one village.
pub(super) async fn village(
    State(state): State<ServeState>,
    Path(code): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let reads = state.database.reads().await?;
    let village = found_village(&reads, &code).await?;
    let runs = reads.village_runs(&village.code).await?;
    let mut parts = vec![village.version.0.to_string()];
    parts.extend(
        runs.iter()
            .map(|run| format!("{} {}", run.rule.run_id, run.rule.stale)),
    );
    EntityTag::of(&uri, &headers, &parts)
        .or_else(&headers, async {
            let mut changes = Vec::with_capacity(runs.len());
            for run in &runs {
                let change = match run.people {
                    Some(_) => village_season_change(&reads, &run.rule, &village.code).await?,
                    None => None,
                };
                changes.push(change);
            }
            drop(reads);
            Ok(Json(answer(&state, village, runs, changes).await).into_response())
        })
        .await
}

async fn answer(
    state: &ServeState,
    village: VillageRecord,
    runs: Vec<VillageRun>,
    changes: Vec<Option<SeasonChange>>,
) -> VillageAnswer {
    let (population, population_source) = match runs.first() {
        Some(run) => (
            run.people.as_ref().map(StatePeople::total),
            run.population_source,
        ),
        None if village.population.is_some() => (village.population, PopulationSource::Official),
        None => (None, PopulationSource::None),
    };
    let is_sample = village.is_sample || runs.iter().any(|run| run.is_sample);
    let shares = join_all(
        runs.iter()
            .map(|run| known_share(state, &village.code, run)),
    )
    .await;
    VillageAnswer {
        population: population.map(Thousandths::from),
        population_source,
        notice: notice(is_sample),
        access: runs
            .into_iter()
            .zip(shares)
            .zip(changes)
            .map(|((run, share), change)| access(run, share, change))
            .collect(),
        code: village.code,
        name: village.name,
        kecamatan: village.kecamatan,
        kecamatan_code: village.kecamatan_code,
    }
}

/// How much of the median person's path is known; none where there is no path.
async fn known_share(
    state: &ServeState,
    village: &VillageCode,
    run: &VillageRun,
) -> Option<KnownShare> {
    run.nearest.as_ref()?;
    let request = RouteRequest {
        run: run.rule.run_id.clone(),
        indicator: run.indicator.clone(),
        village: village.clone(),
        end: RouteEnd::Nearest,
    };
    match (state.routes)(request).await {
        Ok(route) => route.known_share,
        Err(error) => {
            // The village's numbers stand without it.
            tracing::warn!(%village, run = %run.rule.run_id, %error, "known share left out");
            None
        }
    }
}

fn access(
    run: VillageRun,
    known_share: Option<KnownShare>,
    season_change: Option<SeasonChange>,
) -> Access {
    Access {
        service: run.indicator.service,
        tier: run.indicator.tier,
        mode: run.indicator.mode,
        season: run.indicator.season,
        metric: run.indicator.metric,
        state: run.state,
        nearest: run.nearest.map(facility),
        second: run.second.map(facility),
        people: PeopleByState::new(run.people.as_ref(), run.rule.cutoff),
        standards: run.standards.into_iter().map(standard).collect(),
        known_share,
        season_change,
        rule: run.rule,
    }
}

fn facility(found: FoundFacility) -> Found {
    Found {
        facility_id: found.id,
        name: found.name,
        tier: found.tier,
        time_s: found.time.into(),
        length_m: found.length.into(),
    }
}

fn standard(stored: StoredStandard) -> Standard {
    Standard {
        id: stored.id,
        threshold: stored.threshold,
        unit: stored.unit,
        people_within: stored.people_within.map(Thousandths::from),
    }
}
