//! Features of a layer or of a run, page by page, as PostgreSQL hands them over.

use std::pin::Pin;

use futures_util::{Stream, StreamExt};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, RowStream};

use super::rows::{Columns, rows};
use super::{LayerVersion, ReadError, Reads};
use crate::domain::{DatasetVersionId, Layer, RecordKind, RunId};
use crate::store::layer_table::table_of;

const DOING: &str = "read features";

/// Whose features are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeaturesOf {
    /// Those of a layer's version.
    Layer(LayerVersion),
    /// The villages of a run, with what it says of them.
    Run {
        /// The run.
        run: RunId,
        /// The version of the villages that the run has seen.
        villages_version: DatasetVersionId,
    },
}

/// Which of the features, in order of key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Only those that touch this area: WKT, EPSG:4326.
    pub area: Option<String>,
    /// Only keys after this one.
    pub after: Option<String>,
    /// Only this key.
    pub only: Option<String>,
    /// At most so many.
    pub limit: i64,
    /// After passing over so many.
    pub offset: i64,
}

/// One feature.
#[derive(Debug)]
pub struct FeatureRow(Row);

/// Features as they arrive; it holds its connection until it is dropped.
pub type FeatureStream = Pin<Box<dyn Stream<Item = Result<FeatureRow, ReadError>> + Send>>;

impl FeatureRow {
    /// Its key.
    pub fn key(&self) -> Result<&str, ReadError> {
        self.columns().get("key")
    }

    /// Its typed properties, a JSON object in the order of the layer's columns.
    pub fn properties(&self) -> Result<&str, ReadError> {
        self.columns().get("properties")
    }

    /// Its released columns, a JSON object; none where it has none of them.
    pub fn released(&self) -> Result<Option<&str>, ReadError> {
        self.columns().get("released")
    }

    /// Its geometry, little-endian WKB, EPSG:4326.
    pub fn wkb(&self) -> Result<&[u8], ReadError> {
        self.columns().get("geom")
    }

    fn columns(&self) -> Columns<'_> {
        Columns {
            row: &self.0,
            doing: DOING,
        }
    }
}

impl Reads {
    /// The features of a page, in order of key, in constant memory.
    ///
    /// The statement is planned anew for its values: an area decides which index is worth using.
    pub async fn features(self, of: &FeaturesOf, page: &Page) -> Result<FeatureStream, ReadError> {
        let (sql, version): (&str, DatasetVersionId) = match of {
            FeaturesOf::Layer(layer) => (page_sql(layer.layer), layer.version),
            FeaturesOf::Run {
                villages_version, ..
            } => (include_str!("../sql/read_access.sql"), *villages_version),
        };
        let which: (&(dyn ToSql + Sync), Type) = match of {
            FeaturesOf::Layer(layer) => (&layer.released_columns, Type::TEXT_ARRAY),
            FeaturesOf::Run { run, .. } => (&run.0, Type::TEXT),
        };
        let parameters: [(&(dyn ToSql + Sync), Type); 7] = [
            (&version.0, Type::INT8),
            which,
            (&page.area, Type::TEXT),
            (&page.after, Type::TEXT),
            (&page.only, Type::TEXT),
            (&page.limit, Type::INT8),
            (&page.offset, Type::INT8),
        ];
        let found = self
            .client
            .query_typed_raw(sql, parameters)
            .await
            .map_err(ReadError::doing(DOING))?;
        Ok(self.held_by(found))
    }

    /// The areas of villages, in the order of `keys`, in constant memory; keys without a village are passed over.
    ///
    /// Their rows have neither properties nor released columns.
    pub async fn village_areas(
        self,
        version: DatasetVersionId,
        keys: &[String],
    ) -> Result<FeatureStream, ReadError> {
        let sql = include_str!("../sql/read_village_areas.sql");
        let parameters: [(&(dyn ToSql + Sync), Type); 2] =
            [(&version.0, Type::INT8), (&keys, Type::TEXT_ARRAY)];
        let found = self
            .client
            .query_typed_raw(sql, parameters)
            .await
            .map_err(ReadError::doing(DOING))?;
        Ok(self.held_by(found))
    }

    /// Rows as a stream that holds this connection.
    fn held_by(self, rows: RowStream) -> FeatureStream {
        let stream = rows.map(move |row| {
            // The connection goes back to the pool only when the stream has ended.
            let _held = &self;
            row.map(FeatureRow).map_err(ReadError::doing(DOING))
        });
        Box::pin(stream)
    }

    /// How many features touch an area, or are there at all; none where it takes counting beyond `count_limit`.
    pub async fn count(
        &self,
        of: &FeaturesOf,
        area: Option<&str>,
        count_limit: i64,
    ) -> Result<Option<i64>, ReadError> {
        let doing = "count features";
        let found = match (of, area) {
            (FeaturesOf::Layer(layer), None) => return Ok(Some(layer.n_records)),
            (FeaturesOf::Layer(layer), Some(area)) => {
                let sql = include_str!("../sql/read_count_in_bbox.sql")
                    .replace("{table}", table_of(layer.layer));
                let one_more = count_limit + 1;
                rows(
                    &self.client,
                    doing,
                    &sql,
                    &[&layer.version.0, &area, &one_more],
                )
                .await?
            }
            (
                FeaturesOf::Run {
                    run,
                    villages_version,
                },
                _,
            ) => {
                let sql = include_str!("../sql/read_count_of_run.sql");
                rows(
                    &self.client,
                    doing,
                    sql,
                    &[&villages_version.0, &run.0, &area],
                )
                .await?
            }
        };
        let Some(row) = found.first() else {
            return Ok(None);
        };
        let n: i64 = Columns { row, doing }.get("n")?;
        Ok((n <= count_limit).then_some(n))
    }
}

fn page_sql(layer: Layer) -> &'static str {
    match layer.kind() {
        RecordKind::Village => include_str!("../sql/read_villages.sql"),
        RecordKind::Road => include_str!("../sql/read_roads.sql"),
        RecordKind::Facility => include_str!("../sql/read_facilities.sql"),
        RecordKind::Settlement => include_str!("../sql/read_settlements.sql"),
        RecordKind::VillageOffice => include_str!("../sql/read_village_offices.sql"),
        RecordKind::Barrier => include_str!("../sql/read_barriers.sql"),
        RecordKind::Crossing => include_str!("../sql/read_crossings.sql"),
        RecordKind::VillageValues => include_str!("../sql/read_village_values.sql"),
        RecordKind::RoadSection => include_str!("../sql/read_road_sections.sql"),
        RecordKind::PopulationCell => include_str!("../sql/read_population_cells.sql"),
        RecordKind::ContextFeature => include_str!("../sql/read_context_features.sql"),
    }
}
