//! TileJSON 3.0.0: where the tiles of a layer are, where it has any, what is in them, who supplied it.

use std::collections::BTreeSet;

use axum::Json;
use std::borrow::Cow;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{ACCESS, Current, Tiled, current, parameters};
use crate::app::answer::find_indicator;
use crate::domain::{Layer, MAX_TILE_ZOOM, SAMPLE_NOTICE};
use crate::serve::caching::EntityTag;
use crate::serve::collections::title_of;
use crate::serve::error::Problem;
use crate::serve::indicator_query::indicator;
use crate::serve::query::Query;
use crate::serve::site::{Site, escaped};
use crate::serve::state::ServeState;
use crate::store::reads::{Extent, LayerVersion, Reads};

/// The latitude at which the grid of web maps ends.
const MAX_LATITUDE: f64 = 85.051_128;

/// What is in a source layer: its fields with what they say.
struct SourceLayer {
    id: Cow<'static, str>,
    description: &'static str,
    fields: &'static [(&'static str, &'static str)],
}

/// `/tiles/{layer}`.
pub(crate) async fn describe(
    State(state): State<ServeState>,
    Path(layer): Path<String>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tiled = Tiled::parse(&layer)?;
    let mut query = Query::of(&uri, parameters(tiled))?;
    let indicator = indicator(&mut query, &state.catalogue);
    query.finish()?;
    let reads = state.database.reads().await?;
    match current(&reads, tiled, indicator).await? {
        Current::Version(version) => {
            let tag = EntityTag::of(&uri, &headers, [version.version.0.to_string()]);
            tag.or_else(&headers, async {
                Ok(Json(of_version(&reads, &site, &version).await?).into_response())
            })
            .await
        }
        Current::Run(indicator, run) => {
            let found = find_indicator(&reads, &indicator).await?;
            EntityTag::of(&uri, &headers, found.tag_parts())
                .or_else(&headers, async {
                    let inputs = reads.run_inputs(&found.head).await?;
                    let sources: BTreeSet<&String> =
                        inputs.iter().flat_map(|input| &input.sources).collect();
                    let attribution = attribution(sources);
                    let place = Place::of(reads.run_extent(&found.head).await?);
                    let edition = run.to_string();
                    let mut document = document(
                        &site,
                        ACCESS,
                        &edition,
                        (&attribution, place),
                        ACCESS_LAYERS,
                    );
                    document["rule"] = json!(found.head.rule);
                    document["name"] = json!("Akses desa / Access of villages");
                    mark_sample(&mut document, found.head.is_sample);
                    Ok(Json(document).into_response())
                })
                .await
        }
    }
}

async fn of_version(reads: &Reads, site: &Site, version: &LayerVersion) -> Result<Value, Problem> {
    let extent = reads.extent(version.layer, version.version).await?;
    let sources = reads.version_sources(version.version).await?;
    let attribution = attribution(&sources);
    let id = version.layer.as_str();
    let edition = version.version.0.to_string();
    let mut layers = vec![source_layer(version.layer)];
    if version.layer == Layer::Villages {
        layers.push(KECAMATAN);
    }
    let place = Place::of(extent);
    let mut document = document(site, id, &edition, (&attribution, place), &layers);
    document["name"] = json!(title_of(version.layer));
    mark_sample(&mut document, version.is_sample);
    Ok(document)
}

fn mark_sample(document: &mut Value, is_sample: bool) {
    if is_sample {
        document["notice"] = json!(SAMPLE_NOTICE);
    }
}

/// Where a layer is.
#[derive(Clone, Copy)]
struct Place {
    bounds: [f64; 4],
    center: [f64; 3],
}

impl Place {
    fn of(extent: Option<Extent>) -> Self {
        let [west, south, east, north] =
            extent.map_or([-180.0, -MAX_LATITUDE, 180.0, MAX_LATITUDE], |extent| {
                let lat = |lat: f64| lat.clamp(-MAX_LATITUDE, MAX_LATITUDE);
                [
                    extent.west,
                    lat(extent.south),
                    extent.east,
                    lat(extent.north),
                ]
            });
        // At zoom 0 a tile is 360° wide, at each next one half as much.
        let width = (east - west).max(north - south).max(1e-4);
        let zoom = (360.0 / width).log2().floor();
        Self {
            bounds: [west, south, east, north],
            center: [
                f64::midpoint(west, east),
                f64::midpoint(south, north),
                zoom.clamp(0.0, f64::from(MAX_TILE_ZOOM)),
            ],
        }
    }
}

fn document(
    site: &Site,
    id: &str,
    edition: &str,
    (attribution, place): (&str, Place),
    layers: &[SourceLayer],
) -> Value {
    let tiles = site.address(&format!("/tiles/{id}/{}", escaped(edition)));
    let layers: Vec<Value> = layers.iter().map(SourceLayer::describe).collect();
    json!({
        "tilejson": "3.0.0",
        "scheme": "xyz",
        "tiles": [format!("{tiles}/{{z}}/{{x}}/{{y}}")],
        "minzoom": 0,
        "maxzoom": MAX_TILE_ZOOM,
        "bounds": place.bounds,
        "center": place.center,
        "attribution": attribution,
        "edition": edition,
        "vector_layers": layers,
    })
}

/// Who supplied the data, as the HTML that maps show: a supplier's name cannot bring mark-up of its own.
fn attribution<'a>(sources: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<String> = sources.into_iter().map(|source| as_text(source)).collect();
    if names.is_empty() {
        return "Jangkau".to_owned();
    }
    format!("Sumber / Source: {}", names.join(", "))
}

fn as_text(name: &str) -> String {
    name.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

impl SourceLayer {
    fn describe(&self) -> Value {
        let fields: serde_json::Map<String, Value> = self
            .fields
            .iter()
            .map(|(name, description)| ((*name).to_owned(), json!(description)))
            .collect();
        json!({
            "id": self.id,
            "description": self.description,
            "minzoom": 0,
            "maxzoom": MAX_TILE_ZOOM,
            "fields": fields,
        })
    }
}

const KECAMATAN: SourceLayer = SourceLayer {
    id: Cow::Borrowed("kecamatan"),
    description: "The lines around kecamatan.",
    fields: &[],
};

const ACCESS_LAYERS: &[SourceLayer] = &[
    KECAMATAN,
    SourceLayer {
        id: Cow::Borrowed("access"),
        description: "Villages with what the run says of their median person.",
        fields: &[
            ("code", "Code of the village."),
            ("name", "Its name."),
            ("kecamatan", "Name of its kecamatan."),
            (
                "population",
                "Its people, from zoom 9; absent where unknown.",
            ),
            (
                "time_s",
                "Seconds of the median person; absent without a path, and below zoom 9 where the run minimises distance.",
            ),
            (
                "length_m",
                "Metres of the median person's path; absent without a path, and below zoom 9 where the run minimises time.",
            ),
            (
                "state",
                "within, beyond_cutoff, no_path, unsnapped or no_input.",
            ),
        ],
    },
    SourceLayer {
        id: Cow::Borrowed("access-points"),
        description: "Points where people live, with what the run says of them.",
        fields: &[
            ("id", "Key of the point, from zoom 10."),
            (
                "village",
                "Code of the village that it counts in, from zoom 10.",
            ),
            (
                "people",
                "Its people, whole below zoom 10; absent where unknown.",
            ),
            (
                "state",
                "within, beyond_cutoff, no_path, unsnapped or no_input.",
            ),
            (
                "time_s",
                "Seconds to the nearest facility; absent without a path, and below zoom 10 where the run minimises distance.",
            ),
            (
                "length_m",
                "Metres of that path; absent without a path, and below zoom 10 where the run minimises time.",
            ),
        ],
    },
    SourceLayer {
        id: Cow::Borrowed("access-labels"),
        description: "A point within each village, for its name.",
        fields: &[
            ("code", "Code of the village."),
            ("name", "Its name, from zoom 9."),
            ("kecamatan", "Name of its kecamatan, from zoom 9."),
            (
                "population",
                "Its people, from zoom 9; absent where unknown.",
            ),
        ],
    },
];

const FACILITY_FIELDS: &[(&str, &str)] = &[
    ("id", "Key of the facility, from zoom 7."),
    ("name", "Its name, from zoom 7."),
    ("tier", "Its tier or level."),
    ("status", "functioning, partly, broken, gone or unknown."),
    ("improved", "Whether a water source is protected."),
    ("capacity", "Beds, seats or people served, from zoom 9."),
    ("queue_min", "Usual wait in minutes, from zoom 9."),
    ("confirmed_on", "Day of the last confirmation, from zoom 9."),
];

fn source_layer(layer: Layer) -> SourceLayer {
    let (description, fields): (&str, &[(&str, &str)]) = match layer {
        Layer::Villages => (
            "Areas of villages; neighbours share their borders at every zoom.",
            &[
                ("code", "Code of the village."),
                ("name", "Its name."),
                ("kecamatan", "Name of its kecamatan."),
                ("kecamatan_code", "Code of its kecamatan."),
                ("population", "Its official people; absent where unknown."),
            ],
        ),
        Layer::Roads => (
            "Roads. Drawn by design: motorway, trunk and primary from zoom 0, secondary from 6, tertiary from 8, \
             unclassified from 10, residential, living_street, track and path from 12, all others from 13.",
            &[
                ("id", "Key of the road, from zoom 12."),
                ("name", "Its name, from zoom 12."),
                ("class", "Class: the values of OpenStreetMap's highway."),
                ("surface", "paved, gravel or earth, from zoom 12."),
                ("condition", "State of repair, from zoom 12."),
                ("season", "When it can be used, from zoom 12."),
                ("one_way", "Direction, where it has only one, from zoom 12."),
                ("bridge", "true where it is a bridge, from zoom 12."),
                ("tunnel", "true where it is a tunnel, from zoom 12."),
                (
                    "barred",
                    "Modes that may not use it, separated by blanks, from zoom 12.",
                ),
            ],
        ),
        Layer::Clinics => ("Health facilities.", FACILITY_FIELDS),
        Layer::WaterPoints => ("Water points.", FACILITY_FIELDS),
        Layer::Schools => ("Schools.", FACILITY_FIELDS),
        Layer::Markets => ("Markets.", FACILITY_FIELDS),
        Layer::VillageOffices => (
            "Offices of villages.",
            &[
                ("id", "Key of the office."),
                ("name", "Its name."),
                ("village_code", "The village that its code names."),
            ],
        ),
        Layer::Context(_) => (
            "Helps to read the map.",
            &[
                ("id", "Key of the feature."),
                ("name", "Its name."),
                ("kind", "What it is."),
            ],
        ),
        Layer::Population | Layer::Poverty | Layer::DeclaredValues | Layer::RoadSections => {
            ("A table, which is not drawn.", &[])
        }
        Layer::PopulationCells => (
            "Inhabited cells of a population raster.",
            &[
                ("id", "Key of the cell, from zoom 11."),
                ("population", "Its people, as the raster has them."),
            ],
        ),
        Layer::Settlements => (
            "Places where people live.",
            &[
                ("id", "Key of the settlement, from zoom 7."),
                ("name", "Its name, from zoom 7."),
                (
                    "village_code",
                    "The village that its code names, from zoom 7.",
                ),
                ("population", "Its people; absent where unknown."),
            ],
        ),
        Layer::Barriers => (
            "Rivers and other lines that nobody crosses except at a crossing.",
            &[("id", "Key of the barrier."), ("kind", "What it is.")],
        ),
        Layer::Crossings => (
            "Bridges, fords and ferries.",
            &[
                ("id", "Key of the crossing."),
                ("kind", "bridge, ford or ferry."),
                ("season", "When it can be used."),
            ],
        ),
    };
    SourceLayer {
        id: layer.to_string().into(),
        description,
        fields,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suppliers_name_is_text() {
        let names = [
            "<script>alert(1)</script>".to_owned(),
            "Dinas & BPS".to_owned(),
        ];
        assert_eq!(
            attribution(&names),
            "Sumber / Source: &lt;script&gt;alert(1)&lt;/script&gt;, Dinas &amp; BPS"
        );
    }

    #[test]
    fn a_district_of_one_degree_is_looked_at_from_zoom_eight() {
        let extent = Extent {
            west: 102.0,
            south: -3.0,
            east: 103.0,
            north: -2.0,
        };
        // 360° / 2^8 = 1.4°, 360° / 2^9 = 0.7°.
        let expected = [102.5, -2.5, 8.0];
        let center = Place::of(Some(extent)).center;
        assert!(
            center
                .iter()
                .zip(expected)
                .all(|(side, wanted)| (side - wanted).abs() < 1e-9)
        );
    }
}
