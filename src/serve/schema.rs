//! `/collections/{collection}/schema`: what the properties of a collection's features are, as a JSON schema.
//!
//! GIS clients find it as `describedby` (OGC) or `describedBy` (GDAL) and know the columns before any feature.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::answer::json_as;
use super::caching::EntityTag;
use super::collections::{self, Collection};
use super::error::Problem;
use super::query::Query;
use super::site::{SCHEMA, Site};
use super::state::ServeState;
use crate::domain::{
    Condition, CrossingKind, Layer, OneWay, ReachState, RecordKind, RoadClass, SeasonAccess,
    Status, Surface,
};

/// What a property holds; every one may be null.
enum Kind {
    Text,
    Number,
    Boolean,
    /// `yyyy-mm-dd`.
    Date,
    Words(Vec<&'static str>),
}

use Kind::{Boolean, Date, Number, Text, Words};

/// Name, kind, and what it says.
type Property = (&'static str, Kind, &'static str);

/// `/collections/{collection}/schema`.
pub(super) async fn schema(
    State(state): State<ServeState>,
    Path(id): Path<String>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let collection = collections::find(&state.database.reads().await?, &id).await?;
    let parts = [&[id], released(&collection)].concat();
    EntityTag::of(&uri, &headers, parts)
        .or_else(&headers, async {
            Ok(json_as(SCHEMA, describe(&site, &collection)))
        })
        .await
}

/// Columns of the file that are shown although the layer does not know them.
fn released(collection: &Collection) -> &[String] {
    match collection {
        Collection::Layer(version) => &version.released_columns,
        Collection::Access(_) => &[],
    }
}

fn describe(site: &Site, collection: &Collection) -> Value {
    let (properties, geometry) = match collection {
        Collection::Access(_) => (access(), "multipolygon"),
        Collection::Layer(version) => of_layer(version.layer),
    };
    let mut members = Map::new();
    for name in released(collection) {
        members.insert(name.clone(), json!({ "title": "A released column." }));
    }
    for (name, kind, title) in properties {
        let mut schema = kind.schema();
        schema["title"] = json!(title);
        members.insert(name.to_owned(), schema);
    }
    // The form of the geometry, as OGC API Features part 5 names it.
    let format = format!("geometry-{geometry}");
    let geometry = json!({ "x-ogc-role": "primary-geometry", "format": format });
    members.insert("geometry".to_owned(), geometry);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": site.address(&format!("/collections/{}/schema", collection.id())),
        "title": collection.title(),
        "type": "object",
        "properties": members,
    })
}

impl Kind {
    fn schema(self) -> Value {
        match self {
            Text => json!({ "type": "string" }),
            Number => json!({ "type": "number" }),
            Boolean => json!({ "type": "boolean" }),
            Date => json!({ "type": "string", "format": "date" }),
            Words(words) => json!({ "type": "string", "enum": words }),
        }
    }
}

fn words<T: Copy>(all: &[T], as_str: fn(T) -> &'static str) -> Kind {
    Words(all.iter().copied().map(as_str).collect())
}

fn access() -> Vec<Property> {
    vec![
        ("code", Text, "Code of the village."),
        ("name", Text, "Its name."),
        ("kecamatan", Text, "Name of its kecamatan."),
        ("population", Number, "Its people."),
        ("time_s", Number, "Seconds of its median person."),
        ("length_m", Number, "Metres of that path."),
        (
            "state",
            words(ReachState::ALL, ReachState::as_str),
            "State of its median person.",
        ),
        (
            "cutoff",
            Number,
            "Seconds or metres up to which people are within.",
        ),
        ("people_within", Number, "People within the cutoff."),
        ("people_beyond_cutoff", Number, "People beyond the cutoff."),
        ("people_no_path", Number, "People without a path."),
        ("people_unsnapped", Number, "People far from any road."),
        (
            "people_no_input",
            Number,
            "People of whom a needed layer is missing.",
        ),
    ]
}

/// The properties of a layer and the form of its geometry.
fn of_layer(layer: Layer) -> (Vec<Property>, &'static str) {
    match layer.kind() {
        RecordKind::Village => (villages(), "multipolygon"),
        RecordKind::Road => (roads(), "multilinestring"),
        RecordKind::Facility => (facilities(), "point"),
        RecordKind::Settlement => (settlements(), "point"),
        RecordKind::Barrier => (
            vec![("id", Text, "Key."), ("kind", Text, "What it is.")],
            "multilinestring",
        ),
        RecordKind::Crossing => (crossings(), "point"),
        RecordKind::VillageOffice => (
            vec![
                ("id", Text, "Key."),
                ("name", Text, "Its name."),
                ("village_code", Text, "The village that its code names."),
            ],
            "point",
        ),
        RecordKind::PopulationCell => (
            vec![
                ("id", Text, "Key."),
                ("population", Number, "Its people, as the raster has them."),
            ],
            "multipolygon",
        ),
        RecordKind::ContextFeature | RecordKind::VillageValues | RecordKind::RoadSection => (
            vec![
                ("id", Text, "Key."),
                ("name", Text, "Its name."),
                ("kind", Text, "What it is."),
            ],
            "any",
        ),
    }
}

fn villages() -> Vec<Property> {
    vec![
        ("code", Text, "Code of the village."),
        ("name", Text, "Its name."),
        ("kecamatan", Text, "Name of its kecamatan."),
        ("kecamatan_code", Text, "Code of its kecamatan."),
        ("population", Number, "Its official people."),
    ]
}

fn roads() -> Vec<Property> {
    vec![
        ("id", Text, "Key."),
        ("name", Text, "Its name."),
        (
            "class",
            words(RoadClass::ALL, RoadClass::as_str),
            "Class, as OpenStreetMap's highway.",
        ),
        (
            "surface",
            words(Surface::ALL, Surface::as_str),
            "What it is covered with.",
        ),
        (
            "condition",
            words(Condition::ALL, Condition::as_str),
            "State of repair.",
        ),
        ("width_m", Number, "Width in metres."),
        (
            "one_way",
            words(OneWay::ALL, OneWay::as_str),
            "Directions in which vehicles may follow it.",
        ),
        ("bridge", Boolean, "Whether it is a bridge."),
        (
            "season",
            words(SeasonAccess::ALL, SeasonAccess::as_str),
            "When it can be used.",
        ),
        ("max_speed_kmh", Number, "Speed limit in km/h."),
        ("tunnel", Boolean, "Whether it is a tunnel."),
        (
            "barred",
            Text,
            "Modes that may not use it, separated by blanks; empty where none is barred.",
        ),
    ]
}

fn facilities() -> Vec<Property> {
    vec![
        ("id", Text, "Key."),
        ("name", Text, "Its name."),
        ("tier", Text, "Its tier or level."),
        (
            "status",
            words(Status::ALL, Status::as_str),
            "Whether it works.",
        ),
        ("capacity", Number, "Beds, seats or people served."),
        ("improved", Boolean, "Whether a water source is protected."),
        ("queue_min", Number, "Usual wait in minutes."),
        (
            "season",
            words(SeasonAccess::ALL, SeasonAccess::as_str),
            "When it works; empty counts as all year.",
        ),
        ("confirmed_on", Date, "Day of the last confirmation."),
    ]
}

fn settlements() -> Vec<Property> {
    vec![
        ("id", Text, "Key."),
        ("name", Text, "Its name."),
        ("village_code", Text, "The village that its code names."),
        ("population", Number, "Its people."),
    ]
}

fn crossings() -> Vec<Property> {
    vec![
        ("id", Text, "Key."),
        (
            "kind",
            words(CrossingKind::ALL, CrossingKind::as_str),
            "What it is.",
        ),
        (
            "season",
            words(SeasonAccess::ALL, SeasonAccess::as_str),
            "When it can be used.",
        ),
    ]
}
