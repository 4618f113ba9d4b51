//! Dataset versions: which there are, and which are active.

use tokio_postgres::Row;

use super::database::Database;
use super::error::StoreError;
use super::reading::{read, word};
use crate::domain::{AreaCode, DatasetVersion, DatasetVersionId, District, Layer};

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
}

/// What one supplier gave to a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEdition {
    /// The supplier.
    pub source: String,
    /// Names of the files, without folders.
    pub file_names: Vec<String>,
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
    let sources: Vec<String> = row.get("sources");
    let files: Vec<String> = row.get("file_names");
    let editions = sources.into_iter().zip(files);
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
        sources: editions
            .map(|(source, files)| SourceEdition {
                source,
                file_names: files.split('/').map(str::to_owned).collect(),
            })
            .collect(),
        made_by: row.get("made_by"),
    })
}
