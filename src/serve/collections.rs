//! The collections: one for each layer that was imported, and `access` once anything was computed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::answer::notice;
use super::caching::EntityTag;
use super::error::{Problem, ProblemKind};
use super::query::Query;
use super::site::{GEOJSON, JSON, Link, SCHEMA, Site};
use super::state::ServeState;
use crate::domain::Layer;
use crate::store::reads::{Extent, LayerVersion, Reads};

/// The relation of vector tiles (OGC API Tiles, part 1, table 4).
pub(super) const TILESET: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";

pub(super) const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// A collection that exists now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Collection {
    /// The active version of a layer.
    Layer(LayerVersion),
    /// The villages with what a run says of them; the version of the villages stands for its extent.
    Access(LayerVersion),
}

#[derive(Serialize)]
struct ListAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    links: Vec<Link>,
    collections: Vec<OneAnswer>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OneAnswer {
    id: String,
    title: String,
    description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    extent: SpatialExtent,
    item_type: &'static str,
    crs: [&'static str; 1],
    links: Vec<Link>,
}

#[derive(Serialize)]
struct SpatialExtent {
    spatial: Boxes,
}

#[derive(Serialize)]
struct Boxes {
    bbox: [[f64; 4]; 1],
    crs: &'static str,
}

impl Collection {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Layer(version) => version.layer.as_str(),
            Self::Access(_) => "access",
        }
    }

    pub(super) fn title(&self) -> String {
        match self {
            Self::Access(_) => "Akses desa / Access of villages".to_owned(),
            Self::Layer(version) => title_of(version.layer),
        }
    }

    fn description(&self) -> &'static str {
        match self {
            Self::Access(_) => {
                "Every village with the cost of its median person to the nearest facility, and its people by state."
            }
            Self::Layer(_) => "The active version of the layer.",
        }
    }

    fn version(&self) -> &LayerVersion {
        match self {
            Self::Layer(version) | Self::Access(version) => version,
        }
    }
}

/// A layer's name for people.
pub(super) fn title_of(layer: Layer) -> String {
    let known = match layer {
        Layer::Context(name) => return name.as_str().replace('-', " "),
        Layer::Villages => "Desa / Villages",
        Layer::Roads => "Jalan / Roads",
        Layer::Clinics => "Fasilitas kesehatan / Health facilities",
        Layer::WaterPoints => "Titik air / Water points",
        Layer::Schools => "Sekolah / Schools",
        Layer::Settlements => "Permukiman / Settlements",
        Layer::Barriers => "Penghalang / Barriers",
        Layer::Crossings => "Penyeberangan / Crossings",
        Layer::Markets => "Pasar / Markets",
        Layer::VillageOffices => "Kantor desa / Village offices",
        Layer::Population => "Penduduk / Population",
        Layer::Poverty => "Kemiskinan / Poverty",
        Layer::DeclaredValues => "Isian Indeks Desa / Declared values",
        Layer::PopulationCells => "Sel penduduk / Population cells",
        Layer::RoadSections => "Ruas jalan menurut STA / Road sections",
    };
    known.to_owned()
}

/// Every collection that exists now, in order of id, `access` last: not tables, which may tell who is poor.
pub(super) async fn all(reads: &Reads) -> Result<Vec<Collection>, Problem> {
    let versions = reads.active_versions().await?;
    let villages = versions
        .iter()
        .find(|version| version.layer == Layer::Villages)
        .cloned();
    let mut collections: Vec<Collection> = versions
        .into_iter()
        .filter(|version| version.layer.has_geometry())
        .map(Collection::Layer)
        .collect();
    if let Some(villages) = villages
        && !reads.indicators().await?.is_empty()
    {
        collections.push(Collection::Access(villages));
    }
    Ok(collections)
}

/// The collection of an id.
pub(super) async fn find(reads: &Reads, id: &str) -> Result<Collection, Problem> {
    let collections = all(reads).await?;
    let ids: Vec<&str> = collections.iter().map(Collection::id).collect();
    let detail = format!("`{id}` is not one of: {}", ids.join(", "));
    collections
        .into_iter()
        .find(|collection| collection.id() == id)
        .ok_or_else(|| Problem::new(ProblemKind::CollectionUnknown, detail))
}

/// `/collections`.
pub(super) async fn list(
    State(state): State<ServeState>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let reads = state.database.reads().await?;
    let collections = all(&reads).await?;
    let tag = EntityTag::of(&uri, &headers, tag_parts(&collections));
    tag.or_else(&headers, async {
        let mut descriptions = Vec::with_capacity(collections.len());
        for collection in &collections {
            descriptions.push(describe(&reads, &site, collection).await?);
        }
        let is_sample = collections.iter().any(|each| each.version().is_sample);
        let answer = ListAnswer {
            notice: notice(is_sample),
            links: vec![
                site.link("self", JSON, "/collections", "This document"),
                site.link("root", JSON, "/?f=json", "The front door"),
            ],
            collections: descriptions,
        };
        Ok(Json(answer).into_response())
    })
    .await
}

/// `/collections/{collection}`.
pub(super) async fn one(
    State(state): State<ServeState>,
    Path(id): Path<String>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let reads = state.database.reads().await?;
    let collection = find(&reads, &id).await?;
    let tag = EntityTag::of(&uri, &headers, tag_parts(std::slice::from_ref(&collection)));
    tag.or_else(&headers, async {
        let description = describe(&reads, &site, &collection).await?;
        Ok(Json(description).into_response())
    })
    .await
}

fn tag_parts(collections: &[Collection]) -> Vec<String> {
    collections
        .iter()
        .map(|collection| format!("{}:{}", collection.id(), collection.version().version.0))
        .collect()
}

async fn describe(
    reads: &Reads,
    site: &Site,
    collection: &Collection,
) -> Result<OneAnswer, Problem> {
    let version = collection.version();
    let extent = reads.extent(version.layer, version.version).await?;
    let path = format!("/collections/{}", collection.id());
    let described = |rel| site.link(rel, SCHEMA, &format!("{path}/schema"), "The properties");
    Ok(OneAnswer {
        id: collection.id().to_owned(),
        title: collection.title(),
        description: collection.description(),
        notice: notice(version.is_sample),
        extent: SpatialExtent {
            spatial: Boxes {
                bbox: [extent.map_or(WORLD, corners)],
                crs: CRS84,
            },
        },
        item_type: "feature",
        crs: [CRS84],
        links: vec![
            site.link("self", JSON, &path, "This document"),
            site.link(
                "items",
                GEOJSON,
                &format!("{path}/items"),
                collection.title(),
            ),
            described("describedby"),
            // GDAL looks for it with a capital letter.
            described("describedBy"),
            site.link(
                TILESET,
                JSON,
                &format!("/tiles/{}", collection.id()),
                "TileJSON",
            ),
        ],
    })
}

const WORLD: [f64; 4] = [-180.0, -90.0, 180.0, 90.0];

fn corners(extent: Extent) -> [f64; 4] {
    [extent.west, extent.south, extent.east, extent.north]
}
