//! What was active when: going back to an earlier version, comparing versions, dropping old records.

use serde::Serialize;
use serde_json::json;
use tokio_postgres::{Client, Row};

use super::audit::AuditEntry;
use super::database::Database;
use super::error::StoreError;
use super::imports::lock_layer;
use super::layer_table::table_of;
use super::reading::{read, word};
use crate::domain::{AuditAction, Counts, DatasetVersionId, Layer};

/// Where to go back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollbackTo {
    /// The version that was active before the active one.
    Previous,
    /// A version of the layer, earlier or later.
    Version(DatasetVersionId),
    /// The version that was active before the last rollback.
    BeforeRollback,
}

/// A change of what is active.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activated {
    /// The layer.
    pub layer: Layer,
    /// The version that is active now.
    pub version: DatasetVersionId,
    /// The version that was active before; none where the layer was new.
    pub previous: Option<DatasetVersionId>,
}

/// How one record differs between two versions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordChange {
    /// Its key.
    pub key: String,
    /// Its source in the later version, else in the earlier one.
    pub source: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// `new`, `changed` or `missing`.
    pub change: String,
    /// What differs of a changed record: columns, `geometry`, and columns that the layer does not know.
    pub fields: Vec<String>,
    /// Where it is, as a point on it; none for tables by village.
    pub place: Option<[f64; 2]>,
}

/// How two versions of a layer differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The layer.
    pub layer: Layer,
    /// The earlier version; none compares with nothing.
    pub from: Option<DatasetVersionId>,
    /// The later version.
    pub to: DatasetVersionId,
    /// Records by change; `rejected` and `warnings` are 0.
    #[serde(flatten)]
    pub counts: Counts,
    /// Records that differ, in order of key.
    pub records: Vec<RecordChange>,
}

/// A version whose records were, or would be, dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DroppedVersion {
    /// The version.
    pub version: DatasetVersionId,
    /// Its layer.
    pub layer: Layer,
    /// Its records.
    pub n_records: i64,
}

impl Database {
    /// Makes another version of a layer active, in one transaction; nothing is copied or lost.
    ///
    /// # Errors
    /// There is no such version, its records were dropped, or an import of the layer is under way.
    pub async fn roll_back(
        &self,
        layer: Layer,
        to: RollbackTo,
        made_by: &str,
    ) -> Result<Activated, StoreError> {
        let mut client = self.own_app().await?;
        lock_layer(&client, layer).await?;
        let (version, previous) = target(&client, layer, to).await?;
        let action = match to {
            RollbackTo::BeforeRollback => AuditAction::Undo,
            RollbackTo::Previous | RollbackTo::Version(_) => AuditAction::Rollback,
        };
        let doing = "go back to another version";
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        tx.execute(
            include_str!("sql/insert_activation.sql"),
            &[&layer.as_str(), &version, &action.as_str(), &made_by],
        )
        .await
        .map_err(StoreError::sql(doing))?;
        tx.execute(
            include_str!("sql/set_active_version.sql"),
            &[&layer.as_str(), &version],
        )
        .await
        .map_err(StoreError::sql(doing))?;
        tx.execute(include_str!("sql/notify_changed.sql"), &[&layer.as_str()])
            .await
            .map_err(StoreError::sql(doing))?;
        let entry = AuditEntry {
            actor: made_by,
            action,
            subject: layer.as_str(),
            details: json!({ "version": version, "previous": previous }),
        };
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(Activated {
            layer,
            version: DatasetVersionId(version),
            previous: Some(DatasetVersionId(previous)),
        })
    }

    /// How version `to` of a layer differs from `from`; without `to` the active one, without `from` the one before it
    /// among the versions of the layer.
    ///
    /// # Errors
    /// There is no such version, or its records were dropped.
    pub async fn difference(
        &self,
        layer: Layer,
        from: Option<DatasetVersionId>,
        to: Option<DatasetVersionId>,
    ) -> Result<Difference, StoreError> {
        let client = self.app().await?;
        let doing = "compare two versions";
        let row = client
            .query_one(
                include_str!("sql/find_versions_to_compare.sql"),
                &[
                    &layer.as_str(),
                    &from.map(|version| version.0),
                    &to.map(|version| version.0),
                ],
            )
            .await
            .map_err(StoreError::sql(doing))?;
        let (from, to): (Option<i64>, Option<i64>) =
            (row.get("from_version"), row.get("to_version"));
        let to = to.ok_or(StoreError::NoSuchVersion { layer })?;
        if from.is_none() && row.get::<_, bool>("from_is_wanted") {
            return Err(StoreError::NoSuchVersion { layer });
        }
        if row.get::<_, bool>("is_dropped") {
            return Err(StoreError::RecordsDropped { layer });
        }
        let statement =
            include_str!("sql/compare_versions.sql").replace("{table}", table_of(layer));
        let mut counts = Counts::default();
        let mut records = Vec::new();
        for row in client
            .query(&statement, &[&from, &to])
            .await
            .map_err(StoreError::sql(doing))?
        {
            let record = change(&row);
            match record.change.as_str() {
                "new" => counts.new += 1,
                "changed" => counts.changed += 1,
                "missing" => counts.missing += 1,
                _ => counts.unchanged = row.get::<_, i64>("n_unchanged").unsigned_abs(),
            }
            if record.change != "unchanged" {
                records.push(record);
            }
        }
        Ok(Difference {
            layer,
            from: from.map(DatasetVersionId),
            to: DatasetVersionId(to),
            counts,
            records,
        })
    }

    /// Drops the records of versions that are neither active, nor among the newest `keep` of their layer, nor what a
    /// current result was computed with. What the versions were stays known. With `dry_run`, only names them.
    ///
    /// # Errors
    /// The database cannot be reached; versions dropped before stay so.
    pub async fn drop_old_records(
        &self,
        keep: u32,
        dry_run: bool,
        made_by: &str,
    ) -> Result<Vec<DroppedVersion>, StoreError> {
        let mut client = self.own_app().await?;
        let statement = include_str!("sql/list_old_versions.sql");
        let old = read(
            &client,
            "list the versions to drop",
            statement,
            &[&i64::from(keep)],
            |row| {
                Ok(DroppedVersion {
                    version: DatasetVersionId(row.get("id")),
                    layer: word::<Layer>(row, "layer")?,
                    n_records: row.get("n_records"),
                })
            },
        )
        .await?;
        if dry_run {
            return Ok(old);
        }
        let doing = "drop the records of an old version";
        for dropped in &old {
            let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
            let statement = include_str!("sql/drop_records.sql")
                .replace("{table}", table_of(dropped.layer))
                .replace("{version}", &dropped.version.0.to_string());
            tx.batch_execute(&statement)
                .await
                .map_err(StoreError::sql(doing))?;
            let entry = AuditEntry {
                actor: made_by,
                action: AuditAction::DropRecords,
                subject: dropped.layer.as_str(),
                details: json!({ "version": dropped.version, "n_records": dropped.n_records }),
            };
            entry.append(&tx).await?;
            tx.commit().await.map_err(StoreError::sql(doing))?;
        }
        Ok(old)
    }
}

/// The version to go to, and the one that is active.
async fn target(client: &Client, layer: Layer, to: RollbackTo) -> Result<(i64, i64), StoreError> {
    let wanted = match to {
        RollbackTo::Version(version) => Some(version.0),
        RollbackTo::Previous | RollbackTo::BeforeRollback => None,
    };
    let is_undo = to == RollbackTo::BeforeRollback;
    let row = client
        .query_opt(
            include_str!("sql/find_rollback_target.sql"),
            &[&layer.as_str(), &wanted, &is_undo],
        )
        .await
        .map_err(StoreError::sql("look for the version to go back to"))?
        .ok_or(StoreError::NoSuchVersion { layer })?;
    let active: i64 = row.get("active");
    let Some(version) = row.get::<_, Option<i64>>("target") else {
        return Err(match to {
            RollbackTo::BeforeRollback => StoreError::NothingToUndo { layer },
            RollbackTo::Previous | RollbackTo::Version(_) => StoreError::NoSuchVersion { layer },
        });
    };
    if row.get::<_, bool>("is_dropped") {
        return Err(StoreError::RecordsDropped { layer });
    }
    Ok((version, active))
}

fn change(row: &Row) -> RecordChange {
    let place: (Option<f64>, Option<f64>) = (row.get("lon"), row.get("lat"));
    RecordChange {
        key: row.get("key"),
        source: row.get("source"),
        name: row.get("name"),
        change: row.get("change"),
        fields: row.get("fields"),
        place: place.0.zip(place.1).map(|(lon, lat)| [lon, lat]),
    }
}
