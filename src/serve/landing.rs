//! The front door: links for programs, the page for people.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::answer::notice;
use super::caching::EntityTag;
use super::collections::TILESET;
use super::error::Problem;
use super::html;
use super::negotiate::prefers_html;
use super::query::Query;
use super::site::{GEOJSON, JSON, Link, OPENAPI, Site};
use super::state::ServeState;
use crate::domain::Language;

const CONFORMS_TO: [&str; 3] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
];

/// The relation of map styles (OGC API Styles, draft).
const STYLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/styles";

#[derive(Clone, Copy)]
enum Form {
    Html,
    Json,
}

#[derive(Serialize)]
struct Landing {
    title: &'static str,
    description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    links: Vec<Link>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Conformance {
    conforms_to: [&'static str; 3],
}

/// The page where HTML is preferred, else links to everything.
pub(super) async fn landing(
    State(state): State<ServeState>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut query = Query::of(&uri, &html::planner_names())?;
    let form = query.choice("f", &[("html", Form::Html), ("json", Form::Json)]);
    query.finish()?;
    match form {
        Some(Form::Html) => html::planner(&state, &site, &uri, &headers).await,
        None if prefers_html(&headers) => html::planner(&state, &site, &uri, &headers).await,
        Some(Form::Json) | None => {
            let mut query = Query::of(&uri, &["f", "lang"])?;
            query.word::<Language>("lang");
            query.finish()?;
            let versions = state.database.reads().await?.active_versions().await?;
            let is_sample = versions.iter().any(|version| version.is_sample);
            let tag = EntityTag::of(&uri, &headers, [if is_sample { "sample" } else { "real" }]);
            tag.or_else(&headers, async {
                Ok(Json(links(&site, is_sample)).into_response())
            })
            .await
        }
    }
}

fn links(site: &Site, is_sample: bool) -> Landing {
    let link = |rel, kind, path, title: &str| site.link(rel, kind, path, title);
    Landing {
        title: "Jangkau",
        description: "Who can reach clinics, clean water and schools, village by village.",
        notice: notice(is_sample),
        links: vec![
            link("self", JSON, "/?f=json", "This document"),
            link("alternate", "text/html", "/?f=html", "The map"),
            link("service-desc", OPENAPI, "/api", "The OpenAPI document"),
            link(
                "conformance",
                JSON,
                "/conformance",
                "What this server conforms to",
            ),
            link("data", JSON, "/collections", "The collections of features"),
            link(
                TILESET,
                JSON,
                "/tiles/access",
                "Vector tiles of access; every collection has its own",
            ),
            link(
                STYLES,
                "application/vnd.mapbox.style+json",
                "/styles/day",
                "A style for MapLibre; also /styles/print and /styles/contrast",
            ),
            link(
                "related",
                JSON,
                "/access",
                "Access by indicator: classes, people, ranking",
            ),
            link(
                "related",
                GEOJSON,
                "/data-quality",
                "What is wrong with the data, and whose number it changes",
            ),
        ],
    }
}

/// The classes of OGC API Features that are kept.
pub(super) async fn conformance(uri: Uri) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    Ok(Json(Conformance {
        conforms_to: CONFORMS_TO,
    })
    .into_response())
}
