//! Map tiles as PostgreSQL makes them, one source layer a statement of `tiles/layers/`.

use deadpool_postgres::Object;
use tokio_postgres::NoTls;
use tokio_postgres::types::{ToSql, Type};

use super::rows::{Columns, rows};
use super::{ReadError, Reads};
use crate::domain::{DatasetVersionId, Layer, RecordKind, RunId, TileAddress};
use crate::store::tiles::Band;

const DOING: &str = "make a tile";

/// The types of a layer's parameters: version, z, x, y, limit, and the run where there is one. Said, since the
/// arithmetic around `z` would have PostgreSQL take it for a float.
const TYPES: [Type; 6] = [
    Type::INT8,
    Type::INT4,
    Type::INT4,
    Type::INT4,
    Type::INT8,
    Type::TEXT,
];

/// Whose features a source layer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TileSource {
    /// Those of a layer's version; the source layer has the layer's name.
    Layer {
        /// The layer.
        layer: Layer,
        /// The version.
        version: DatasetVersionId,
    },
    /// The lines around kecamatan: source layer `kecamatan`.
    Kecamatan {
        /// A version of the villages.
        version: DatasetVersionId,
    },
    /// What a run says of villages and points.
    Run {
        /// Which of its source layers.
        part: RunPart,
        /// The run.
        run: RunId,
        /// The version of the villages that the run has seen.
        villages_version: DatasetVersionId,
    },
}

/// A source layer of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunPart {
    /// Villages as areas: `access`.
    Areas,
    /// A point for each village's name: `access-labels`.
    Labels,
    /// Demand points: `access-points`.
    Points,
}

/// One source layer of a tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileLayer {
    /// Mapbox Vector Tile 2.1, this layer only; such bytes one after the other are one tile.
    pub bytes: Vec<u8>,
    /// Features in it.
    pub n_kept: u64,
    /// Features that the tile would have without a limit.
    pub n_found: u64,
}

/// A connection that makes tiles. Dropped while a statement runs, it cancels the statement.
pub struct TileReads {
    /// None only while it is dropped.
    client: Option<Object>,
    is_asking: bool,
}

impl Reads {
    /// The same connection for making tiles.
    pub fn for_tiles(self) -> TileReads {
        TileReads {
            client: Some(self.client),
            is_asking: false,
        }
    }

    /// Whether the tile geometry of a version of a layer is made; none where there is no such version, active or not.
    pub async fn is_drawn(
        &self,
        layer: Layer,
        version: DatasetVersionId,
    ) -> Result<Option<bool>, ReadError> {
        let doing = "look for a dataset version";
        let sql = include_str!("../sql/find_version.sql");
        let parameters: [&(dyn ToSql + Sync); 2] = [&version.0, &layer.as_str()];
        let found = rows(&self.client, doing, sql, &parameters).await?;
        let row = found.first();
        row.map(|row| Columns { row, doing }.get("is_drawn"))
            .transpose()
    }

    /// The version of the villages that a run has seen; none where there is no such run, or it saw none.
    pub async fn villages_of_run(
        &self,
        run: &RunId,
    ) -> Result<Option<DatasetVersionId>, ReadError> {
        let doing = "look for a run";
        let sql = include_str!("../sql/find_villages_of_run.sql");
        let found = rows(&self.client, doing, sql, &[&run.0]).await?;
        let Some(row) = found.first() else {
            return Ok(None);
        };
        let version: Option<i64> = Columns { row, doing }.get("dataset_version")?;
        Ok(version.map(DatasetVersionId))
    }

    /// The suppliers of a version, in order.
    pub async fn version_sources(
        &self,
        version: DatasetVersionId,
    ) -> Result<Vec<String>, ReadError> {
        let doing = "list the sources of a dataset version";
        let sql = include_str!("../sql/read_version_sources.sql");
        let found = rows(&self.client, doing, sql, &[&version.0]).await?;
        found
            .iter()
            .map(|row| Columns { row, doing }.get("source"))
            .collect()
    }
}

impl TileReads {
    /// One source layer of a tile with at most `max_features`, the most important ones.
    pub async fn layer(
        &mut self,
        source: &TileSource,
        tile: TileAddress,
        max_features: u64,
    ) -> Result<TileLayer, ReadError> {
        let sql = statement(source, tile);
        let [z, x, y] = tile.as_sql();
        let limit = i64::try_from(max_features).unwrap_or(i64::MAX);
        let mut parameters: Vec<&(dyn ToSql + Sync)> = Vec::new();
        let version = match source {
            TileSource::Layer { version, .. } | TileSource::Kecamatan { version } => version,
            TileSource::Run {
                villages_version, ..
            } => villages_version,
        };
        parameters.extend([&version.0 as &(dyn ToSql + Sync), &z, &x, &y, &limit]);
        if let TileSource::Run { run, .. } = source {
            parameters.push(&run.0);
        }
        let row = self
            .one_row(&sql, &TYPES[..parameters.len()], &parameters)
            .await?;
        let columns = Columns {
            row: &row,
            doing: DOING,
        };
        let count = |column| columns.get::<i64>(column).map(i64::unsigned_abs);
        Ok(TileLayer {
            bytes: columns.get("tile")?,
            n_kept: count("n_kept")?,
            n_found: count("n_found")?,
        })
    }

    /// The source layer `truncated`, which says how many features a tile leaves out.
    pub async fn truncated(
        &mut self,
        tile: TileAddress,
        n_dropped: u64,
    ) -> Result<Vec<u8>, ReadError> {
        let sql = include_str!("../../../tiles/layers/truncated.sql");
        let [z, x, y] = tile.as_sql();
        let n_dropped = i64::try_from(n_dropped).unwrap_or(i64::MAX);
        let types = [Type::INT4, Type::INT4, Type::INT4, Type::INT8];
        let parameters: [&(dyn ToSql + Sync); 4] = [&z, &x, &y, &n_dropped];
        let row = self.one_row(sql, &types, &parameters).await?;
        Columns {
            row: &row,
            doing: DOING,
        }
        .get("tile")
    }

    async fn one_row(
        &mut self,
        sql: &str,
        types: &[Type],
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<tokio_postgres::Row, ReadError> {
        let client = self.client.as_ref().expect("it is there until the drop");
        self.is_asking = true;
        let found = async {
            let statement = client.prepare_typed_cached(sql, types).await?;
            client.query_one(&statement, parameters).await
        }
        .await;
        self.is_asking = false;
        found.map_err(ReadError::doing(DOING))
    }
}

impl Drop for TileReads {
    /// Whoever asked has gone: the statement is cancelled, and its connection closed, so that a cancel that comes late
    /// meets nobody else's statement.
    fn drop(&mut self) {
        let Some(client) = self.client.take().filter(|_| self.is_asking) else {
            return;
        };
        let client = Object::take(client);
        let cancel = client.cancel_token();
        tokio::spawn(async move {
            if let Err(error) = cancel.cancel_query(NoTls).await {
                tracing::debug!(%error, "cannot cancel a tile that nobody waits for");
            }
            drop(client);
        });
    }
}

fn statement(source: &TileSource, tile: TileAddress) -> String {
    match source {
        TileSource::Layer { layer, .. } => layer_statement(*layer)
            .replace("{band}", Band::for_zoom(*layer, tile.zoom()).suffix())
            .replace("{layer}", layer.as_str()),
        TileSource::Kecamatan { .. } => include_str!("../../../tiles/layers/kecamatan.sql")
            .replace(
                "{band}",
                Band::for_zoom(Layer::Villages, tile.zoom()).suffix(),
            ),
        TileSource::Run { part, .. } => {
            let sql = match part {
                RunPart::Areas => include_str!("../../../tiles/layers/access.sql"),
                RunPart::Labels => include_str!("../../../tiles/layers/access_labels.sql"),
                RunPart::Points => include_str!("../../../tiles/layers/access_points.sql"),
            };
            let band = Band::for_zoom(Layer::Villages, tile.zoom());
            sql.replace("{band}", band.suffix())
        }
    }
}

fn layer_statement(layer: Layer) -> &'static str {
    match layer.kind() {
        RecordKind::Village => include_str!("../../../tiles/layers/villages.sql"),
        RecordKind::Road => include_str!("../../../tiles/layers/roads.sql"),
        RecordKind::Facility => {
            include_str!("../../../tiles/layers/facilities.sql")
        }
        RecordKind::Settlement => include_str!("../../../tiles/layers/settlements.sql"),
        RecordKind::Barrier => include_str!("../../../tiles/layers/barriers.sql"),
        RecordKind::VillageOffice => include_str!("../../../tiles/layers/village-offices.sql"),
        RecordKind::PopulationCell => {
            include_str!("../../../tiles/layers/population-cells.sql")
        }
        RecordKind::ContextFeature | RecordKind::VillageValues | RecordKind::RoadSection => {
            include_str!("../../../tiles/layers/context.sql")
        }
        RecordKind::Crossing => include_str!("../../../tiles/layers/crossings.sql"),
    }
}
