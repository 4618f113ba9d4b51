//! Map tiles: `/tiles/{layer}` describes them, `/tiles/{layer}/{edition}/{z}/{x}/{y}` is one of them.
//!
//! An edition is a dataset version or, of `access`, a run. It never changes, so neither does a tile of it: clients
//! keep it for a year. What is current is in the description, and in where an address without edition leads.

mod encoding;
mod make;
mod stored;
mod tilejson;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::error::{Problem, ProblemKind};
use super::indicator_query::{NAMES, indicator};
use super::query::Query;
use super::site::escaped;
use super::state::ServeState;
use crate::app::answer::find_indicator;
use crate::domain::{DatasetVersionId, Indicator, Layer, RunId, TileAddress};
use crate::store::reads::{LayerVersion, Reads};

pub(super) use self::encoding::TILE;
pub(super) use self::stored::{DROPPED, TileCache};
pub(super) use self::tilejson::describe;

/// The layer that shows a run.
pub(super) const ACCESS: &str = "access";

/// What there are tiles of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Tiled {
    /// A layer that was imported.
    Layer(Layer),
    /// A run.
    Access,
}

/// An immutable state of what there are tiles of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Edition {
    /// A version of a layer.
    Version(Layer, DatasetVersionId),
    /// A run.
    Run(RunId),
}

/// What is current of a layer.
enum Current {
    Version(LayerVersion),
    Run(Box<Indicator>, RunId),
}

impl Tiled {
    pub(super) fn parse(word: &str) -> Result<Self, Problem> {
        if word == ACCESS {
            return Ok(Self::Access);
        }
        word.parse().map(Self::Layer).map_err(|_unknown| {
            Problem::new(
                ProblemKind::CollectionUnknown,
                format!("no layer `{word}`: /collections lists them"),
            )
        })
    }

    /// The edition of a word of the address. Whether it exists is asked when a tile of it is made.
    fn edition(self, word: &str) -> Result<Edition, Problem> {
        let unknown = || {
            Problem::new(
                ProblemKind::EditionUnknown,
                format!("no edition `{word}`: /tiles and the layer's name lead to the current one"),
            )
        };
        match self {
            Self::Layer(layer) => {
                let version = word.parse().map_err(|_not_a_number| unknown())?;
                Ok(Edition::Version(layer, DatasetVersionId(version)))
            }
            Self::Access if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                Ok(Edition::Run(RunId(word.to_owned())))
            }
            Self::Access => Err(unknown()),
        }
    }
}

/// A tile.
pub(super) async fn tile(
    State(state): State<ServeState>,
    Path((layer, edition, z, x, y)): Path<(String, String, String, String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let edition = Tiled::parse(&layer)?.edition(&edition)?;
    let tile = address(&z, &x, &y)?;
    let stored = state.tiles.tile(&state.database, edition, tile).await?;
    Ok(stored.answer(&headers))
}

/// Where the current edition of a tile is.
pub(super) async fn current_tile(
    State(state): State<ServeState>,
    Path((layer, z, x, y)): Path<(String, String, String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    current_edition(&state, &layer, [&z, &x, &y], &uri).await
}

/// The same by the address of OGC API Tiles, which has the row before the column.
pub(super) async fn current_ogc_tile(
    State(state): State<ServeState>,
    Path((layer, z, y, x)): Path<(String, String, String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    current_edition(&state, &layer, [&z, &x, &y], &uri).await
}

async fn current_edition(
    state: &ServeState,
    layer: &str,
    [z, x, y]: [&str; 3],
    uri: &Uri,
) -> Result<Response, Problem> {
    let tiled = Tiled::parse(layer)?;
    let mut query = Query::of(uri, parameters(tiled))?;
    let indicator = indicator(&mut query, &state.catalogue);
    query.finish()?;
    let tile = address(z, x, y)?;
    let reads = state.database.reads().await?;
    let edition = match current(&reads, tiled, indicator).await? {
        Current::Version(version) => version.version.0.to_string(),
        Current::Run(_, run) => run.to_string(),
    };
    let to = format!("/tiles/{layer}/{}/{tile}", escaped(&edition));
    let location = HeaderValue::from_str(&to).map_err(Problem::internal)?;
    let no_cache = HeaderValue::from_static("no-cache");
    Ok((
        StatusCode::TEMPORARY_REDIRECT,
        [
            (header::LOCATION, location),
            (header::CACHE_CONTROL, no_cache),
        ],
    )
        .into_response())
}

/// The query parameters that say which edition of a layer is meant.
fn parameters(tiled: Tiled) -> &'static [&'static str] {
    match tiled {
        Tiled::Layer(_) => &[],
        Tiled::Access => &NAMES,
    }
}

async fn current(reads: &Reads, tiled: Tiled, indicator: Indicator) -> Result<Current, Problem> {
    match tiled {
        Tiled::Layer(layer) => {
            let versions = reads.active_versions().await?;
            let version = versions.into_iter().find(|version| version.layer == layer);
            version.map(Current::Version).ok_or_else(|| {
                Problem::new(
                    ProblemKind::CollectionUnknown,
                    format!("{layer} were never imported"),
                )
            })
        }
        Tiled::Access => {
            let found = find_indicator(reads, &indicator).await?;
            let run = found.head.rule.run_id.clone();
            Ok(Current::Run(Box::new(indicator), run))
        }
    }
}

fn address(z: &str, x: &str, y: &str) -> Result<TileAddress, Problem> {
    let number = |name: &str, text: &str| {
        text.parse::<u32>().map_err(|_not_a_number| {
            Problem::new(
                ProblemKind::RequestInvalid,
                format!("{name} is `{text}` and not a whole number"),
            )
        })
    };
    TileAddress::parse(number("z", z)?, number("x", x)?, number("y", y)?)
        .map_err(|outside| Problem::new(ProblemKind::TileUnknown, outside.to_string()))
}
