//! Which layers there are, in which version, and where.

use super::rows::{Columns, rows};
use super::{ReadError, Reads};
use crate::domain::{AreaCode, DatasetVersionId, District, Layer};
use crate::store::layer_table::table_of;

/// The active version of a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerVersion {
    /// The layer.
    pub layer: Layer,
    /// Its active version.
    pub version: DatasetVersionId,
    /// Number of features.
    pub n_records: i64,
    /// Whether any of them is sample data.
    pub is_sample: bool,
    /// Columns of the file, unknown to the layer, that the public may see.
    pub released_columns: Vec<String>,
    /// When it became active, RFC 3339 in UTC.
    pub activated_at: String,
}

/// A box in degrees, EPSG:4326.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Largest longitude.
    pub east: f64,
    /// Largest latitude.
    pub north: f64,
}

impl Reads {
    /// The district; none before the first import of villages.
    pub async fn district(&self) -> Result<Option<District>, ReadError> {
        let doing = "read the district";
        let sql = include_str!("../sql/read_district.sql");
        let found = rows(&self.client, doing, sql, &[]).await?;
        found
            .first()
            .map(|row| {
                let columns = Columns { row, doing };
                let code: &str = columns.get("code")?;
                Ok(District {
                    code: AreaCode::parse(code)
                        .map_err(|cause| columns.stored(cause.to_string()))?,
                    name: columns.get("name")?,
                })
            })
            .transpose()
    }

    /// The active version of every layer that was ever imported, by layer.
    pub async fn active_versions(&self) -> Result<Vec<LayerVersion>, ReadError> {
        let doing = "list the active versions";
        let sql = include_str!("../sql/read_active_versions.sql");
        let found = rows(&self.client, doing, sql, &[]).await?;
        found
            .iter()
            .map(|row| {
                let columns = Columns { row, doing };
                Ok(LayerVersion {
                    layer: columns.word("layer")?,
                    version: DatasetVersionId(columns.get("dataset_version")?),
                    n_records: columns.get("n_records")?,
                    is_sample: columns.get("is_sample")?,
                    released_columns: columns.get("released_columns")?,
                    activated_at: columns.get("activated_at")?,
                })
            })
            .collect()
    }

    /// The box around a version; none where it has no rows.
    pub async fn extent(
        &self,
        layer: Layer,
        version: DatasetVersionId,
    ) -> Result<Option<Extent>, ReadError> {
        let doing = "find the extent of a layer";
        let sql = include_str!("../sql/read_extent.sql").replace("{table}", table_of(layer));
        let found = rows(&self.client, doing, &sql, &[&version.0]).await?;
        let Some(row) = found.first() else {
            return Ok(None);
        };
        extent(Columns { row, doing })
    }
}

/// The box of a row with its four sides; none where they are null.
pub(super) fn extent(columns: Columns<'_>) -> Result<Option<Extent>, ReadError> {
    let side = |column| columns.get::<Option<f64>>(column);
    Ok(
        match (side("west")?, side("south")?, side("east")?, side("north")?) {
            (Some(west), Some(south), Some(east), Some(north)) => Some(Extent {
                west,
                south,
                east,
                north,
            }),
            _ => None,
        },
    )
}
