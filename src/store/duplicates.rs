//! What people say of records of different sources that seem to be one.

use serde::Serialize;

use super::database::Database;
use super::error::StoreError;
use super::imports::SetAside;
use super::reading::read;
use crate::domain::Layer;

/// A record, by its source and key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordName {
    /// Its source.
    pub source: String,
    /// Its key.
    pub key: String,
}

impl Database {
    /// Notes that the second record is the first, which stands for both; holds from the next version on.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn say_same(
        &self,
        layer: Layer,
        kept: &RecordName,
        left_out: &RecordName,
        made_by: &str,
    ) -> Result<(), StoreError> {
        let client = self.app().await?;
        client
            .execute(
                include_str!("sql/insert_same_record.sql"),
                &[
                    &layer.as_str(),
                    &left_out.source,
                    &left_out.key,
                    &kept.source,
                    &kept.key,
                    &made_by,
                ],
            )
            .await
            .map_err(StoreError::sql("note that two records are one"))?;
        Ok(())
    }

    /// Takes back that a record is another one; whether anything was said of it.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn say_different(
        &self,
        layer: Layer,
        left_out: &RecordName,
    ) -> Result<bool, StoreError> {
        let client = self.app().await?;
        let n_deleted = client
            .execute(
                include_str!("sql/delete_same_record.sql"),
                &[&layer.as_str(), &left_out.source, &left_out.key],
            )
            .await
            .map_err(StoreError::sql("take back that two records are one"))?;
        Ok(n_deleted > 0)
    }

    /// The records of the active version that others stand for, in order of source and key.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn set_aside(&self, layer: Layer) -> Result<Vec<SetAside>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("sql/list_set_aside.sql");
        read(
            &**client,
            "list what other records stand for",
            statement,
            &[&layer.as_str()],
            |row| {
                Ok(SetAside {
                    source: row.get("source"),
                    key: row.get("key"),
                    kept_source: row.get("kept_source"),
                    kept_key: row.get("kept_key"),
                })
            },
        )
        .await
    }
}
