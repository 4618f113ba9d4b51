//! What people say of records of different sources that seem to be one.

use serde::Serialize;
use serde_json::json;

use super::audit::AuditEntry;
use super::database::Database;
use super::error::StoreError;
use super::imports::SetAside;
use super::reading::read;
use crate::domain::{AuditAction, Layer};

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
        let doing = "note that two records are one";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        tx.execute(
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
        .map_err(StoreError::sql(doing))?;
        let entry = AuditEntry {
            actor: made_by,
            action: AuditAction::SaySame,
            subject: layer.as_str(),
            details: json!({ "kept": kept, "left_out": left_out }),
        };
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))
    }

    /// Takes back that a record is another one; whether anything was said of it.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn say_different(
        &self,
        layer: Layer,
        left_out: &RecordName,
        made_by: &str,
    ) -> Result<bool, StoreError> {
        let doing = "take back that two records are one";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        let n_deleted = tx
            .execute(
                include_str!("sql/delete_same_record.sql"),
                &[&layer.as_str(), &left_out.source, &left_out.key],
            )
            .await
            .map_err(StoreError::sql(doing))?;
        if n_deleted > 0 {
            let entry = AuditEntry {
                actor: made_by,
                action: AuditAction::SayDifferent,
                subject: layer.as_str(),
                details: json!({ "left_out": left_out }),
            };
            entry.append(&tx).await?;
        }
        tx.commit().await.map_err(StoreError::sql(doing))?;
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
