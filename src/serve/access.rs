//! `/access`: one indicator over all villages.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;

use super::caching::EntityTag;
use super::error::Problem;
use super::indicator_query::{NAMES, indicator};
use super::negotiate::language;
use super::query::Query;
use super::state::ServeState;
use crate::app::answer::{
    Download, Form, GroupBy, Order, RowChoice, Sort, Wanted, download, find_indicator,
};
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

/// Classes, people by state, ranking and sentences of one indicator, or its rows as a file.
pub(super) async fn access(
    State(state): State<ServeState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let names = [&NAMES[..], &WANTED_NAMES[..], &["f"]].concat();
    let mut query = Query::of(&uri, &names)?;
    let indicator = indicator(&mut query, &state.catalogue);
    let wanted = wanted(&mut query, &headers);
    let form = query.choice("f", &Form::ALL).unwrap_or(Form::Json);
    query.finish()?;

    let reads = state.database.reads().await?;
    let found = find_indicator(&reads, &indicator).await?;
    let mut parts = found.tag_parts();
    parts.push(wanted.language.to_string());
    EntityTag::of(&uri, &headers, &parts)
        .or_else(&headers, async {
            let answer = found.read(&reads, &wanted).await?;
            Ok(file(download(reads, answer, &wanted, form).await?, form))
        })
        .await
}

/// A file as an answer; JSON is shown, the others are kept.
fn file(download: Download, form: Form) -> Response {
    // The answer has begun: nothing is left to tell the client with but a broken connection.
    let content = download.content.map_err(|error| {
        let cause = error.to_string();
        tracing::error!(cause, "a download broke off");
        std::io::Error::other(cause)
    });
    let mut response = Body::from_stream(content).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(form.media_type()),
    );
    if form != Form::Json {
        let disposition = format!("attachment; filename=\"{}\"", download.file_name);
        headers.insert(
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&disposition).expect("file names are plain ASCII"),
        );
    }
    response
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
