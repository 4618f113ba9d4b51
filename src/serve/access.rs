//! `/access`: one indicator over all villages.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};

use super::caching::EntityTag;
use super::error::Problem;
use super::indicator_query::{NAMES, indicator};
use super::negotiate::language;
use super::query::Query;
use super::state::ServeState;
use crate::app::answer::{GroupBy, Order, RowChoice, Sort, Wanted, find_indicator};
use crate::publish::ClassMethod;
use crate::publish::palette::MAX_N_CLASSES;

/// Query parameters that choose classes, what a row stands for, rows and language.
pub(super) const WANTED_NAMES: [&str; 8] = [
    "classes",
    "n",
    "by",
    "kecamatan",
    "sort",
    "order",
    "top",
    "lang",
];
/// More rows than any country has villages.
pub(super) const MAX_TOP: i64 = 1_000_000;

/// Classes, people by state, ranking and sentences of one indicator.
pub(super) async fn access(
    State(state): State<ServeState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let names = [&NAMES[..], &WANTED_NAMES[..]].concat();
    let mut query = Query::of(&uri, &names)?;
    let indicator = indicator(&mut query, &state.catalogue);
    let wanted = wanted(&mut query, &headers);
    query.finish()?;

    let reads = state.database.reads().await?;
    let found = find_indicator(&reads, &indicator).await?;
    let mut parts = found.tag_parts();
    parts.push(wanted.language.to_string());
    EntityTag::of(&uri, &headers, &parts)
        .or_else(&headers, async {
            Ok(Json(found.read(&reads, &wanted).await?).into_response())
        })
        .await
}

/// Takes what is wanted of an answer from a query.
pub(super) fn wanted(query: &mut Query, headers: &HeaderMap) -> Wanted {
    let usual = Wanted::default();
    let largest = i64::try_from(MAX_N_CLASSES).expect("few classes");
    Wanted {
        method: query
            .choice("classes", &ClassMethod::ALL)
            .unwrap_or(usual.method),
        n_classes: query
            .whole_number("n", 1..=largest)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(usual.n_classes),
        by: query.choice("by", &GroupBy::ALL).unwrap_or(usual.by),
        rows: RowChoice {
            kecamatan: query.value("kecamatan", |text| Ok(text.to_owned())),
            sort: query.choice("sort", &Sort::ALL).unwrap_or_default(),
            order: query.choice("order", &Order::ALL),
            top: query
                .whole_number("top", 1..=MAX_TOP)
                .and_then(|n| usize::try_from(n).ok()),
        },
        language: query.word("lang").unwrap_or_else(|| language(headers)),
    }
}
