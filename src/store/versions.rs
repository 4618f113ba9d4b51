//! Dataset versions: which there are, and which are active.

use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use super::database::Database;
use super::error::StoreError;
use super::reading::{read, word};
use crate::domain::{AreaCode, DatasetVersion, DatasetVersionId, District, Layer, Provenance};

/// A dataset version with what is known of its making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionEntry {
    /// The version. Its `activated_at` is when it was made, unless it is active.
    pub version: DatasetVersion,
    /// Whether readers see it.
    pub is_active: bool,
    /// Who gave what, in order.
    pub sources: Vec<SourceEdition>,
    /// Who imported it.
    pub made_by: String,
    /// Whether its records were dropped to save room.
    pub is_dropped: bool,
}

/// What one supplier gave to a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEdition {
    /// The supplier.
    pub source: String,
    /// Names of the files, without folders.
    pub file_names: Vec<String>,
    /// Its records in the version; none where that was not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_records: Option<i64>,
    /// Where they come from.
    #[serde(skip_serializing_if = "Provenance::is_empty")]
    pub provenance: Provenance,
}

impl Database {
    /// The active version of every layer that was ever imported, in order of layer.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn active_versions(&self) -> Result<Vec<DatasetVersion>, StoreError> {
        let all = self.versions().await?;
        let mut active: Vec<DatasetVersion> = all
            .into_iter()
            .filter(|entry| entry.is_active)
            .map(|entry| entry.version)
            .collect();
        active.sort_by_key(|version| version.layer);
        Ok(active)
    }

    /// Every version, newest first.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn versions(&self) -> Result<Vec<VersionEntry>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("sql/list_versions.sql");
        read(
            &**client,
            "list the dataset versions",
            statement,
            &[],
            entry,
        )
        .await
    }

    /// West, south, east and north of the active villages, in degrees; none before the first import of villages.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn district_box(&self) -> Result<Option<[f64; 4]>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("sql/find_district_box.sql");
        let found = read(
            &**client,
            "find the district's box",
            statement,
            &[],
            |row| {
                let side = |column| row.get::<_, Option<f64>>(column);
                let sides = [side("west"), side("south"), side("east"), side("north")];
                Ok(sides.into_iter().collect::<Option<Vec<f64>>>())
            },
        )
        .await?;
        Ok(found
            .into_iter()
            .flatten()
            .next()
            .and_then(|sides| sides.try_into().ok()))
    }

    /// The district that the database is about; none before the first import of villages.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn district(&self) -> Result<Option<District>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("sql/find_district.sql");
        let found = read(&**client, "find the district", statement, &[], |row| {
            Ok(District {
                code: AreaCode::parse(row.get("code"))
                    .map_err(StoreError::unreadable("the district's code"))?,
                name: row.get("name"),
            })
        });
        Ok(found.await?.into_iter().next())
    }
}

fn entry(row: &Row) -> Result<VersionEntry, StoreError> {
    let Json(sources) = row.get::<_, Json<Vec<SourceEdition>>>("sources");
    Ok(VersionEntry {
        version: DatasetVersion {
            id: DatasetVersionId(row.get("id")),
            layer: word::<Layer>(row, "layer")?,
            content_hash: row.get("content_hash"),
            is_sample: row.get("is_sample"),
            activated_at: row.get("activated_at"),
            n_records: row.get("n_records"),
        },
        is_active: row.get("is_active"),
        sources,
        made_by: row.get("made_by"),
        is_dropped: row.get("is_dropped"),
    })
}
