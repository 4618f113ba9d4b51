//! The OpenAPI 3.0 document: every collection's own path, every parameter by its name.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::access::{MAX_TOP, WANTED_NAMES};
use super::answer::json_as;
use super::caching::EntityTag;
use super::collections::{self, Collection};
use super::error::Problem;
use super::indicator_query::NAMES;
use super::items::{DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, PAGE_NAMES};
use super::openapi_accounts::{add_accounts, security_schemes};
use super::picture::PICTURE_NAMES;
use super::quality::{QUALITY_FORMS, QUALITY_NAMES};
use super::query::Query;
use super::router::{RouteEntry, route_table};
use super::site::{GEOJSON, JSON, OPENAPI, SCHEMA, Site};
use super::state::ServeState;
use super::styles::STYLE_NAMES;
use super::tiles::TILE;
use crate::app::RouteEnd;
use crate::app::answer::{DEFAULT_N_CLASSES, Form, GroupBy, Order, Sort};
use crate::domain::{FaultKind, Language, Metric, Mode, Season, ServiceName};
use crate::publish::palette::MAX_N_CLASSES;
use crate::publish::{ClassMethod, MAX_SIDE_PX, MIN_HEIGHT_PX, MIN_WIDTH_PX, PictureForm};

/// `/api`.
pub(super) async fn document(
    State(state): State<ServeState>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let collections = collections::all(&state.database.reads().await?).await?;
    let ids: Vec<&str> = collections.iter().map(Collection::id).collect();
    EntityTag::of(&uri, &headers, &ids)
        .or_else(&headers, async {
            Ok(json_as(
                OPENAPI,
                describe(&site, &collections, &route_table(&state)),
            ))
        })
        .await
}

fn describe(site: &Site, collections: &[Collection], table: &[RouteEntry]) -> Value {
    let mut paths = paths(collections);
    add_accounts(&mut paths, table);
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Jangkau",
            "description": "Who can reach clinics, clean water and schools, village by village.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": site.address("/") }],
        "tags": [
            { "name": "features", "description": "OGC API Features, part 1" },
            { "name": "access", "description": "Answers for the map" },
            { "name": "maps", "description": "Vector tiles and styles" },
            { "name": "accounts", "description": "Who asks, what they may do, what was done" },
            { "name": "health", "description": "For operators" },
        ],
        "paths": paths,
        "components": {
            "parameters": parameters(),
            "responses": { "Problem": problem() },
            "securitySchemes": security_schemes(),
        },
    })
}

fn paths(collections: &[Collection]) -> Map<String, Value> {
    let code = path_parameter("code", "The village's code, such as 15.03.01.2001.");
    let named =
        |names: &[&str]| -> Vec<Value> { names.iter().map(|name| reference(name)).collect() };
    let mut paths = Map::new();
    let mut add = |path: &str, operation: Value| {
        paths.insert(path.to_owned(), json!({ "get": operation }));
    };
    let front_door = vec![form_parameter(
        &["html", "json"],
        "The form of the answer, instead of Accept.",
    )];
    let front_door = [front_door, named(&NAMES), named(&WANTED_NAMES)].concat();
    add(
        "/",
        operation(
            "features",
            "getLandingPage",
            "Links to everything; the map where HTML is preferred",
            &front_door,
            JSON,
        ),
    );
    add(
        "/conformance",
        operation(
            "features",
            "getConformance",
            "What this server conforms to",
            &[],
            JSON,
        ),
    );
    add(
        "/api",
        operation("features", "getApi", "This document", &[], OPENAPI),
    );
    add(
        "/collections",
        operation("features", "getCollections", "The collections", &[], JSON),
    );
    for collection in collections {
        add_collection(&mut add, collection);
    }
    add("/access", access_operation());
    add("/data-quality", quality_operation());
    add(
        "/villages/{code}",
        operation(
            "access",
            "getVillage",
            "One village and what every run says of it",
            std::slice::from_ref(&code),
            JSON,
        ),
    );
    let route = [vec![code, reference("to")], named(&NAMES)].concat();
    add(
        "/villages/{code}/route",
        operation(
            "access",
            "getRoute",
            "The path of a village's median person to the nearest facility, or to the next one",
            &route,
            GEOJSON,
        ),
    );
    add_maps(&mut add);
    add_pictures(&mut add);
    add(
        "/health/live",
        operation(
            "health",
            "getLive",
            "Whether the process is alive",
            &[],
            JSON,
        ),
    );
    add(
        "/health/ready",
        operation("health", "getReady", "Whether it can answer", &[], JSON),
    );
    paths
}

fn access_operation() -> Value {
    let names = [&NAMES[..], &WANTED_NAMES[..]].concat();
    let mut parameters: Vec<Value> = names.iter().map(|name| reference(name)).collect();
    let forms = Form::ALL.map(|(word, _)| word);
    parameters.push(form_parameter(
        &forms,
        "The form of the answer: JSON, or its rows as a file.",
    ));
    let mut access = operation(
        "access",
        "getAccess",
        "One indicator over all villages: classes, people by state, ranking",
        &parameters,
        JSON,
    );
    for (_, form) in Form::ALL {
        access["responses"]["200"]["content"][form.media_type()] = match form {
            Form::Json | Form::GeoJson => json!({ "schema": { "type": "object" } }),
            Form::Csv => json!({ "schema": { "type": "string" } }),
            Form::Xlsx => json!({ "schema": { "type": "string", "format": "binary" } }),
        };
    }
    access
}

fn quality_operation() -> Value {
    let mut parameters: Vec<Value> = QUALITY_NAMES.iter().map(|name| reference(name)).collect();
    let forms = QUALITY_FORMS.map(|(word, _)| word);
    parameters.push(form_parameter(
        &forms,
        "The form of the answer: features, or a table as a file.",
    ));
    let mut quality = operation(
        "access",
        "getDataQuality",
        "What is wrong with the data, each fault with the people whose number it changes",
        &parameters,
        GEOJSON,
    );
    quality["responses"]["200"]["content"][Form::Csv.media_type()] =
        json!({ "schema": { "type": "string" } });
    quality
}

/// Pictures, and the page that is made to be framed.
fn add_pictures(add: &mut impl FnMut(&str, Value)) {
    let names = |more: &[&str]| -> Vec<Value> {
        let names = NAMES.iter().chain(more);
        names.map(|name| reference(name)).collect()
    };
    for (form, id, summary) in [
        (
            PictureForm::Svg,
            "getMapSvg",
            "The map of an indicator as SVG, with its legend",
        ),
        (
            PictureForm::Png,
            "getMapPng",
            "The map of an indicator as PNG, with its legend",
        ),
    ] {
        let path = format!("/map.{}", form.as_str());
        let parameters = names(&PICTURE_NAMES);
        add(
            &path,
            operation("maps", id, summary, &parameters, form.media_type()),
        );
    }
    add(
        "/embed",
        operation(
            "maps",
            "getEmbed",
            "The map of an indicator for a frame of another page",
            &names(&["classes", "n", "lang", "height"]),
            "text/html",
        ),
    );
}

/// Tiles and what describes them.
fn add_maps(add: &mut impl FnMut(&str, Value)) {
    let layer = path_parameter("layer", "The layer: a collection's id.");
    let edition = path_parameter("edition", "A dataset version; of `access`, a run.");
    let place = ["z", "x", "y"].map(|name| path_parameter(name, "Zoom, column or row."));
    let indicator: Vec<Value> = NAMES.iter().map(|name| reference(name)).collect();
    let current = [&[layer.clone()][..], &indicator].concat();
    let style = [
        &[path_parameter(
            "name",
            "day, print or contrast; sprite.json, sprite.png and their @2x.",
        )][..],
        &indicator,
        &STYLE_NAMES.map(reference),
    ];
    add(
        "/styles/{name}",
        operation(
            "maps",
            "getStyle",
            "A MapLibre style: the current run of an indicator in the classes of /access",
            &style.concat(),
            JSON,
        ),
    );
    add(
        "/tiles/{layer}",
        operation(
            "maps",
            "getTileset",
            "TileJSON 3.0.0 of the current edition; the indicator counts for `access` only",
            &current,
            JSON,
        ),
    );
    add(
        "/tiles/{layer}/{z}/{x}/{y}",
        with_answer(
            operation(
                "maps",
                "getCurrentTile",
                "Leads to a tile of the current edition",
                &[&[layer.clone()][..], &place, &indicator].concat(),
                TILE,
            ),
            "307",
            "Where the tile is.",
        ),
    );
    let collection = path_parameter("collection", "The collection's id.");
    add(
        "/collections/{collection}/tiles/WebMercatorQuad/{z}/{y}/{x}",
        with_answer(
            operation(
                "maps",
                "getCollectionTile",
                "The same by the address of OGC API Tiles",
                &[&[collection][..], &place, &indicator].concat(),
                TILE,
            ),
            "307",
            "Where the tile is.",
        ),
    );
    add(
        "/tiles/{layer}/{edition}/{z}/{x}/{y}",
        with_answer(
            operation(
                "maps",
                "getTile",
                "A vector tile that never changes",
                &[&[layer, edition][..], &place].concat(),
                TILE,
            ),
            "204",
            "No feature touches the tile.",
        ),
    );
}

fn with_answer(mut operation: Value, status: &str, description: &str) -> Value {
    operation["responses"][status] = json!({ "description": description });
    operation
}

fn add_collection(add: &mut impl FnMut(&str, Value), collection: &Collection) {
    let id = collection.id();
    let title = &collection.title();
    let indicator: Vec<Value> = match collection {
        Collection::Layer(_) => Vec::new(),
        Collection::Access(_) => NAMES.iter().map(|name| reference(name)).collect(),
    };
    let page: Vec<Value> = PAGE_NAMES.iter().map(|name| reference(name)).collect();
    let feature = vec![path_parameter("featureId", "The feature's id.")];
    let path = format!("/collections/{id}");
    // Operation ids are words: `water-points` becomes `water_points`.
    let word = id.replace('-', "_");
    add(
        &path,
        operation("features", &format!("describe_{word}"), title, &[], JSON),
    );
    add(
        &format!("{path}/schema"),
        operation("features", &format!("schema_{word}"), title, &[], SCHEMA),
    );
    add(
        &format!("{path}/items"),
        operation(
            "features",
            &format!("list_{word}"),
            title,
            &[page, indicator.clone()].concat(),
            GEOJSON,
        ),
    );
    add(
        &format!("{path}/items/{{featureId}}"),
        operation(
            "features",
            &format!("get_{word}"),
            title,
            &[feature, indicator].concat(),
            GEOJSON,
        ),
    );
}

fn operation(tag: &str, id: &str, summary: &str, parameters: &[Value], media_type: &str) -> Value {
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    json!({
        "tags": [tag],
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "What was asked for.",
                "content": { media_type: { "schema": { "type": "object" } } },
            },
            "304": { "description": "Nothing has changed since If-None-Match." },
            "400": problem,
            "404": problem,
            "500": problem,
            "503": problem,
        },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn path_parameter(name: &str, description: &str) -> Value {
    json!({
        "name": name,
        "in": "path",
        "required": true,
        "description": description,
        "schema": { "type": "string" },
    })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "schemas are made where they are passed"
)]
fn query_parameter(name: &str, description: &str, schema: Value) -> Value {
    json!({
        "name": name,
        "in": "query",
        "required": false,
        "style": "form",
        "explode": false,
        "description": description,
        "schema": schema,
    })
}

fn form_parameter(forms: &[&str], description: &str) -> Value {
    query_parameter("f", description, json!({ "type": "string", "enum": forms }))
}

/// Every query parameter, by its name.
fn parameters() -> Map<String, Value> {
    let words = |words: Vec<&str>| json!({ "type": "string", "enum": words });
    let list = |schema: Value, least: usize| json!({ "type": "array", "items": schema, "minItems": least });
    let text = json!({ "type": "string" });
    let number = json!({ "type": "number" });
    let mut bbox = list(number, 4);
    bbox["maxItems"] = json!(6);
    let service = words(ServiceName::ALL.iter().map(|word| word.as_str()).collect());
    let mode = words(Mode::ALL.iter().map(|word| word.as_str()).collect());
    let season = words(Season::ALL.iter().map(|word| word.as_str()).collect());
    let metric = words(Metric::ALL.iter().map(|word| word.as_str()).collect());
    let kind = words(FaultKind::ALL.iter().map(|word| word.as_str()).collect());
    let language = words(Language::ALL.iter().map(|word| word.as_str()).collect());
    let classes = words(ClassMethod::ALL.iter().map(|(word, _)| *word).collect());
    let by = words(GroupBy::ALL.iter().map(|(word, _)| *word).collect());
    let sort = words(Sort::ALL.iter().map(|(word, _)| *word).collect());
    let order = words(Order::ALL.iter().map(|(word, _)| *word).collect());
    let whole = |least: i64, largest: i64, default: i64| json!({ "type": "integer", "minimum": least, "maximum": largest, "default": default });
    [
        ("limit", "Features of a page.", whole(1, MAX_LIMIT, DEFAULT_LIMIT)),
        ("offset", "Features to pass over first; `next` links are faster.", whole(0, MAX_OFFSET, 0)),
        ("cursor", "Where the page starts: taken from a `next` link.", text.clone()),
        ("bbox", "Only features that touch the box: west, south, east, north in degrees; heights are passed over.", bbox),
        ("datetime", "An instant or interval (RFC 3339). Features have no time of their own and always match.", text.clone()),
        ("service", "The need; default clinic.", service),
        ("mode", "How people travel; default by service.", mode),
        ("season", "When; default dry.", season),
        ("metric", "What is minimised; default time.", metric),
        ("tier", "Tiers that count; default by service.", list(text, 1)),
        ("kind", "Only faults of this kind.", kind),
        ("classes", "How class breaks are chosen; default policy.", classes),
        ("n", "Classes, at most; policy has its own.", json!({ "type": "integer", "minimum": 1, "maximum": MAX_N_CLASSES, "default": DEFAULT_N_CLASSES })),
        ("by", "What a row stands for; default village.", by),
        ("kecamatan", "Only rows of this kecamatan, by its code; classes, people and sentences stay.", json!({ "type": "string" })),
        ("sort", "What rows are sorted by; default value, the worst first.", sort),
        ("order", "Which end comes first: worst is desc, best is asc; default by sort. What is unknown comes last.", order),
        ("top", "At most so many rows.", json!({ "type": "integer", "minimum": 1, "maximum": MAX_TOP })),
        ("to", "Where the path leads; default nearest.", words(RouteEnd::ALL.iter().map(|(word, _)| *word).collect())),
        ("width", "Pixels from left to right; 16:9 where one side is left out. Of /map.svg and /map.png together at most 9,000,000.", whole(i64::from(MIN_WIDTH_PX), i64::from(MAX_SIDE_PX), 1600)),
        ("height", "Pixels from top to bottom; /embed lets it through.", whole(i64::from(MIN_HEIGHT_PX), i64::from(MAX_SIDE_PX), 900)),
        ("lang", "Language of labels; default by Accept-Language, then id.", language),
    ]
    .into_iter()
    .map(|(name, description, schema)| (name.to_owned(), query_parameter(name, description, schema)))
    .collect()
}

fn problem() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "description": "A problem (RFC 9457).",
        "content": { "application/problem+json": { "schema": {
            "type": "object",
            "required": ["type", "title", "status", "detail", "code", "request_id"],
            "properties": {
                "type": text,
                "title": text,
                "status": { "type": "integer" },
                "detail": text,
                "code": text,
                "request_id": text,
                "errors": { "type": "array", "items": {
                    "type": "object",
                    "properties": { "parameter": text, "detail": text },
                } },
            },
        } } },
    })
}
