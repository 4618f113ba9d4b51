//! `/access`: one indicator over all villages.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};

use super::access_answer::{RunData, Wanted, answer};
use super::access_groups::GroupBy;
use super::caching::EntityTag;
use super::error::Problem;
use super::indicator_query::{NAMES, indicator};
use super::items::current_run;
use super::negotiate::language;
use super::query::Query;
use super::state::ServeState;
use crate::publish::ClassMethod;
use crate::store::reads::{Reads, RunHead};

/// Query parameters besides those of the indicator.
pub(super) const CLASS_NAMES: [&str; 4] = ["classes", "n", "by", "lang"];
/// Classes where no number is asked for: those of the palette.
pub(super) const DEFAULT_N_CLASSES: i64 = 5;
/// More classes cannot be told apart on a map.
pub(super) const MAX_N_CLASSES: i64 = 9;

/// Classes, people by state, ranking and sentences of one indicator.
pub(super) async fn access(
    State(state): State<ServeState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let names = [&NAMES[..], &CLASS_NAMES[..]].concat();
    let mut query = Query::of(&uri, &names)?;
    let indicator = indicator(&mut query, &state.catalogue);
    let wanted = wanted(&mut query, &headers);
    query.finish()?;

    let reads = state.database.reads().await?;
    let head = current_run(&reads, &indicator).await?;
    let available = reads.indicators().await?;
    let mut parts = vec![
        head.rule.run_id.to_string(),
        head.rule.stale.to_string(),
        wanted.language.to_string(),
    ];
    parts.extend(available.iter().map(ToString::to_string));
    EntityTag::of(&uri, &headers, &parts)
        .or_else(&headers, async {
            let run = RunData {
                available,
                ..read(&reads, head).await?
            };
            let answer = answer(run, wanted, &state.catalogue, &state.policy);
            Ok(Json(answer).into_response())
        })
        .await
}

fn wanted(query: &mut Query, headers: &HeaderMap) -> Wanted {
    let n_classes = query
        .whole_number("n", 1..=MAX_N_CLASSES)
        .unwrap_or(DEFAULT_N_CLASSES);
    Wanted {
        method: query
            .choice("classes", &ClassMethod::ALL)
            .unwrap_or(ClassMethod::Policy),
        n_classes: usize::try_from(n_classes).expect("from 1 to 9"),
        by: query
            .choice("by", &GroupBy::ALL)
            .unwrap_or(GroupBy::Village),
        language: query.word("lang").unwrap_or_else(|| language(headers)),
    }
}

async fn read(reads: &Reads, head: RunHead) -> Result<RunData, Problem> {
    Ok(RunData {
        villages: reads.run_villages(&head).await?,
        points: reads.run_points(&head).await?,
        district: reads.district().await?,
        available: Vec::new(),
        head,
    })
}
