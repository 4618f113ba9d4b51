//! `/data-quality`: what is wrong with the data, the most people first, unknown people before nobody.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::answer::json_as;
use super::bbox;
use super::caching::EntityTag;
use super::error::Problem;
use super::items::{DEFAULT_LIMIT, MAX_OFFSET, limit};
use super::negotiate::language;
use super::query::Query;
use super::site::{GEOJSON, Link, Site, escaped};
use super::state::ServeState;
use crate::app::answer::{FaultList, SAMPLE_MARK, find_faults, read_faults};
use crate::domain::Language;
use crate::publish::{DecimalMark, table_csv};
use crate::store::reads::FaultChoice;

/// Its query parameters.
pub(super) const QUALITY_NAMES: [&str; 6] = ["kind", "service", "bbox", "limit", "offset", "lang"];

/// The forms of the answer.
pub(super) const QUALITY_FORMS: [(&str, QualityForm); 3] = [
    ("json", QualityForm::GeoJson),
    ("geojson", QualityForm::GeoJson),
    ("csv", QualityForm::Csv),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QualityForm {
    GeoJson,
    Csv,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    list: ListHead,
    #[serde(skip_serializing_if = "Option::is_none")]
    number_matched: Option<i64>,
    number_returned: usize,
    features: Vec<Value>,
    links: Vec<Link>,
}

/// What the list was made from.
#[derive(Serialize)]
struct ListHead {
    id: String,
    made_at: String,
    stale: bool,
    left_out: i64,
}

/// The list as GeoJSON, or as a table.
pub(super) async fn list(
    State(state): State<ServeState>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut query = Query::of(&uri, &[&QUALITY_NAMES[..], &["f"]].concat())?;
    let bbox = query.value("bbox", |text| Ok(text.to_owned()));
    let choice = FaultChoice {
        kind: query.word("kind"),
        service: query.word("service"),
        area: query.value("bbox", bbox::area),
        limit: query.value("limit", limit).unwrap_or(DEFAULT_LIMIT),
        offset: query.whole_number("offset", 0..=MAX_OFFSET).unwrap_or(0),
    };
    let language = query.word("lang").unwrap_or_else(|| language(&headers));
    let form = query
        .choice("f", &QUALITY_FORMS)
        .unwrap_or(QualityForm::GeoJson);
    query.finish()?;

    let reads = state.database.reads().await?;
    let head = find_faults(&reads).await?;
    let parts = [
        head.id.clone(),
        head.stale.to_string(),
        language.to_string(),
    ];
    EntityTag::of(&uri, &headers, parts)
        .or_else(&headers, async {
            let list = read_faults(&reads, head, &choice).await?;
            Ok(match form {
                QualityForm::GeoJson => {
                    json_as(GEOJSON, body(&site, list, &choice, bbox.as_deref()))
                }
                QualityForm::Csv => csv(&list, language),
            })
        })
        .await
}

fn body(site: &Site, list: FaultList, choice: &FaultChoice, bbox: Option<&str>) -> Body {
    let features = list.features();
    let n_passed = choice.offset + i64::try_from(features.len()).unwrap_or(i64::MAX);
    let address = |offset: i64| {
        let mut query = vec![format!("limit={}", choice.limit)];
        query.extend((offset > 0).then(|| format!("offset={offset}")));
        query.extend(choice.kind.map(|kind| format!("kind={kind}")));
        query.extend(choice.service.map(|service| format!("service={service}")));
        query.extend(bbox.map(|bbox| format!("bbox={}", escaped(bbox))));
        format!("/data-quality?{}", query.join("&"))
    };
    let mut links = vec![site.link("self", GEOJSON, &address(choice.offset), "This page")];
    if list.n_matched.is_some_and(|matched| n_passed < matched) && n_passed <= MAX_OFFSET {
        links.push(site.link("next", GEOJSON, &address(n_passed), "The next page"));
    }
    Body {
        r#type: "FeatureCollection",
        notice: list.notice,
        list: ListHead {
            id: list.head.id,
            made_at: list.head.made_at,
            stale: list.head.stale,
            left_out: list.head.n_left_out,
        },
        number_matched: list.n_matched,
        number_returned: features.len(),
        features,
        links,
    }
}

fn csv(list: &FaultList, language: Language) -> Response {
    let mark = match language {
        Language::Indonesian => DecimalMark::Comma,
        Language::English => DecimalMark::Point,
    };
    let sample = if list.notice.is_some() {
        SAMPLE_MARK
    } else {
        ""
    };
    let id: String = list.head.id.chars().take(8).collect();
    let mut response = table_csv(&list.table(language), mark).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    let disposition = format!("attachment; filename=\"{sample}jangkau-data-quality-{id}.csv\"");
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&disposition).expect("file names are plain ASCII"),
    );
    response
}
