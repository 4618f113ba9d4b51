//! Features of a collection: page by page, or one.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;
use serde::Serialize;

use super::answer::notice;
use super::caching::EntityTag;
use super::collections::{self, Collection};
use super::error::{Problem, ProblemKind};
use super::feature_stream::{Preamble, body, write_feature};
use super::indicator_query::{self, NAMES, as_query};
use super::query::Query;
use super::site::{GEOJSON, JSON, Link, Site, escaped};
use super::state::ServeState;
use super::{bbox, datetime};
use crate::app::answer::AnswerError;
use crate::domain::{Catalogue, Indicator};
use crate::store::reads::{FeaturesOf, Page, Reads, RunHead};

/// Features of a page where no limit is asked for.
pub(super) const DEFAULT_LIMIT: i64 = 100;
/// Features of the largest page; a larger limit is taken as this one (OGC 17-069r4, 7.15.2).
pub(super) const MAX_LIMIT: i64 = 10_000;
/// Rows that may be passed over; paging by `next` has no such end.
pub(super) const MAX_OFFSET: i64 = 1_000_000;
/// Counting further than this costs more than the number is worth: `numberMatched` is left out.
const COUNT_LIMIT: i64 = 100_000;

/// Query parameters of the items of any collection.
pub(super) const PAGE_NAMES: [&str; 5] = ["limit", "offset", "cursor", "bbox", "datetime"];

/// What was found behind a collection's id and the query.
struct Found {
    of: FeaturesOf,
    preamble: Preamble,
    /// The part of links that names the indicator; empty for layers.
    indicator_query: String,
}

#[derive(Serialize)]
struct FeatureMembers {
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<crate::domain::Rule>,
    links: Vec<Link>,
}

/// `/collections/{collection}/items`.
pub(super) async fn list(
    State(state): State<ServeState>,
    Path(id): Path<String>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let reads = state.database.reads().await?;
    let collection = collections::find(&reads, &id).await?;
    let mut query = Query::of(&uri, &names(&collection, &PAGE_NAMES))?;
    let indicator = indicator(&mut query, &collection, &state.catalogue);
    let (page, bbox) = page(&mut query);
    query.finish()?;
    let found = find(&reads, collection, indicator).await?;
    EntityTag::of(&uri, &headers, found.tag_parts())
        .or_else(&headers, answer_page(reads, &site, &id, found, page, bbox))
        .await
}

/// `/collections/{collection}/items/{feature}`.
pub(super) async fn one(
    State(state): State<ServeState>,
    Path((id, key)): Path<(String, String)>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let reads = state.database.reads().await?;
    let collection = collections::find(&reads, &id).await?;
    let mut query = Query::of(&uri, &names(&collection, &[]))?;
    let indicator = indicator(&mut query, &collection, &state.catalogue);
    query.finish()?;
    let found = find(&reads, collection, indicator).await?;
    EntityTag::of(&uri, &headers, found.tag_parts())
        .or_else(&headers, answer_one(reads, &site, &id, found, key))
        .await
}

fn names(collection: &Collection, page_names: &[&'static str]) -> Vec<&'static str> {
    let indicator_names: &[&str] = match collection {
        Collection::Layer(_) => &[],
        Collection::Access(_) => &NAMES,
    };
    [page_names, indicator_names].concat()
}

fn indicator(
    query: &mut Query,
    collection: &Collection,
    catalogue: &Catalogue,
) -> Option<Indicator> {
    match collection {
        Collection::Layer(_) => None,
        Collection::Access(_) => Some(indicator_query::indicator(query, catalogue)),
    }
}

/// The page that is asked for, and the text of its `bbox`.
fn page(query: &mut Query) -> (Page, Option<String>) {
    query.value("datetime", datetime::check);
    let bbox = query.value("bbox", |text| Ok(text.to_owned()));
    let page = Page {
        area: query.value("bbox", bbox::area),
        after: query.value("cursor", |text| Ok(text.to_owned())),
        only: None,
        limit: query.value("limit", limit).unwrap_or(DEFAULT_LIMIT),
        offset: query.whole_number("offset", 0..=MAX_OFFSET).unwrap_or(0),
    };
    (page, bbox)
}

/// A limit above the largest is taken as the largest.
pub(super) fn limit(text: &str) -> Result<i64, String> {
    match text.parse::<u64>() {
        Ok(limit) if 0 < limit => {
            Ok(i64::try_from(limit).map_or(MAX_LIMIT, |limit| limit.min(MAX_LIMIT)))
        }
        _ => Err(format!("`{text}` is not a whole number above 0")),
    }
}

async fn find(
    reads: &Reads,
    collection: Collection,
    indicator: Option<Indicator>,
) -> Result<Found, Problem> {
    match (collection, indicator) {
        (Collection::Access(_), Some(indicator)) => {
            let run = current_run(reads, &indicator).await?;
            let villages_version = run
                .villages_version
                .ok_or_else(|| Problem::internal("a run has villages but no version of them"))?;
            Ok(Found {
                of: FeaturesOf::Run {
                    run: run.rule.run_id.clone(),
                    villages_version,
                },
                preamble: Preamble {
                    notice: notice(run.is_sample),
                    rule: Some(run.rule),
                    number_matched: None,
                },
                indicator_query: as_query(&indicator),
            })
        }
        (Collection::Layer(version) | Collection::Access(version), _) => Ok(Found {
            preamble: Preamble {
                notice: notice(version.is_sample),
                ..Preamble::default()
            },
            of: FeaturesOf::Layer(version),
            indicator_query: String::new(),
        }),
    }
}

/// The current run of an indicator, or the problem that there is none.
pub(super) async fn current_run(reads: &Reads, indicator: &Indicator) -> Result<RunHead, Problem> {
    reads.run(indicator).await?.ok_or_else(|| {
        AnswerError::RunMissing {
            indicator: Box::new(indicator.clone()),
        }
        .into()
    })
}

impl Found {
    fn tag_parts(&self) -> Vec<String> {
        match (&self.of, &self.preamble.rule) {
            (FeaturesOf::Layer(version), _) => vec![version.version.0.to_string()],
            (FeaturesOf::Run { run, .. }, rule) => {
                let is_stale = rule.as_ref().is_some_and(|rule| rule.stale);
                vec![run.0.clone(), is_stale.to_string()]
            }
        }
    }
}

async fn answer_page(
    reads: Reads,
    site: &Site,
    id: &str,
    mut found: Found,
    page: Page,
    bbox: Option<String>,
) -> Result<Response, Problem> {
    let area = page.area.as_deref();
    found.preamble.number_matched = reads.count(&found.of, area, COUNT_LIMIT).await?;
    let one_more = Page {
        limit: page.limit + 1,
        ..page.clone()
    };
    let rows = reads.features(&found.of, &one_more).await?;
    let links = page_links(
        site.clone(),
        id.to_owned(),
        found.indicator_query,
        &page,
        bbox,
    );
    let limit = usize::try_from(page.limit).map_err(Problem::internal)?;
    let body = body(rows, &found.preamble, limit, links).await?;
    Ok((
        [(header::CONTENT_TYPE, HeaderValue::from_static(GEOJSON))],
        body,
    )
        .into_response())
}

/// Links to this page, to the next where there is one, and to the collection.
///
/// The cursor is the last key: it means the same whatever the limit.
fn page_links(
    site: Site,
    id: String,
    indicator_query: String,
    page: &Page,
    bbox: Option<String>,
) -> super::feature_stream::LinksOfPage {
    let limit = page.limit;
    let offset = page.offset;
    let after = page.after.clone();
    Box::new(move |last_key| {
        let address = |cursor: Option<&str>, offset: i64| {
            let mut query = vec![format!("limit={limit}")];
            query.extend(cursor.map(|key| format!("cursor={}", escaped(key))));
            query.extend((offset > 0).then(|| format!("offset={offset}")));
            query.extend(bbox.as_ref().map(|bbox| format!("bbox={}", escaped(bbox))));
            query.extend((!indicator_query.is_empty()).then(|| indicator_query.clone()));
            format!("/collections/{id}/items?{}", query.join("&"))
        };
        let collection = format!("/collections/{id}");
        let this = address(after.as_deref(), offset);
        let mut links = vec![
            site.link("self", GEOJSON, &this, "This page"),
            site.link("collection", JSON, &collection, "The collection"),
        ];
        if let Some(key) = last_key {
            links.push(site.link("next", GEOJSON, &address(Some(key), 0), "The next page"));
        }
        links
    })
}

async fn answer_one(
    reads: Reads,
    site: &Site,
    id: &str,
    found: Found,
    key: String,
) -> Result<Response, Problem> {
    let page = Page {
        only: Some(key.clone()),
        limit: 1,
        ..Page::default()
    };
    let row = reads.features(&found.of, &page).await?.try_next().await?;
    let row = row.ok_or_else(|| {
        let detail = format!("the collection {id} has no feature `{key}`");
        Problem::new(ProblemKind::FeatureUnknown, detail)
    })?;
    let query = match found.indicator_query.as_str() {
        "" => String::new(),
        indicator => format!("?{indicator}"),
    };
    let this = format!("/collections/{id}/items/{}{query}", escaped(&key));
    let members = FeatureMembers {
        notice: found.preamble.notice,
        rule: found.preamble.rule,
        links: vec![
            site.link("self", GEOJSON, &this, "This feature"),
            site.link(
                "collection",
                JSON,
                &format!("/collections/{id}"),
                "The collection",
            ),
        ],
    };
    let mut feature = Vec::new();
    write_feature(&mut feature, &row)?;
    feature.pop();
    feature.push(b',');
    let members = serde_json::to_vec(&members).map_err(Problem::internal)?;
    feature.extend_from_slice(&members[1..]);
    Ok((
        [(header::CONTENT_TYPE, HeaderValue::from_static(GEOJSON))],
        feature,
    )
        .into_response())
}
