//! Runs: results are written once under the run's id, and readers are pointed to them.

mod copy;
mod origins;
mod results;

pub use origins::{MedianPerson, RunData};
pub use results::{Found, NewRun, PointResult, RunInput, StandardPeople, VillageResult};

use serde_json::json;
use tokio_postgres::Transaction;

use super::audit::AuditEntry;
use super::database::Database;
use super::error::StoreError;
use crate::domain::{AuditAction, Indicator, METHOD_VERSION, People, RunId};

/// The run that readers of an indicator see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveRun {
    /// Its id.
    pub id: RunId,
    /// Whether other data are active than it has seen, or the method has changed since.
    pub is_stale: bool,
}

impl Database {
    /// Stores a run and points readers of its indicator to it, in one transaction; returns whether it was new.
    ///
    /// Equal ids are equal runs: of one that is there already only the pointer moves.
    ///
    /// # Errors
    /// [`StoreError::NotConserved`] where the people of a village are not the sum over its states; nothing is stored
    /// then.
    pub async fn save_run(&self, run: &NewRun, made_by: &str) -> Result<bool, StoreError> {
        let mut client = self.app().await?;
        let doing = "save a run";
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        let is_new = insert_run(&tx, run).await?;
        for input in &run.inputs {
            let version = input.version.map(|version| version.0);
            tx.execute(
                include_str!("../sql/insert_run_input.sql"),
                &[&run.rule.run_id.0, &input.layer.as_str(), &version],
            )
            .await
            .map_err(StoreError::sql("save the inputs of a run"))?;
        }
        if is_new {
            copy::villages(&tx, run).await?;
            copy::points(&tx, run).await?;
        }
        let rule = &run.rule;
        tx.execute(
            include_str!("../sql/set_active_run.sql"),
            &[
                &rule.service.as_str(),
                &rule.mode.as_str(),
                &rule.season.as_str(),
                &rule.metric.as_str(),
                &rule.tier,
                &rule.run_id.0,
            ],
        )
        .await
        .map_err(StoreError::sql("point readers to a run"))?;
        tx.execute(include_str!("../sql/notify_changed.sql"), &[&rule.run_id.0])
            .await
            .map_err(StoreError::sql("announce a run"))?;
        let indicator = Indicator {
            service: rule.service,
            mode: rule.mode,
            season: rule.season,
            metric: rule.metric,
            tier: rule.tier.clone(),
        };
        let entry = AuditEntry {
            actor: made_by,
            action: AuditAction::Compute,
            subject: &indicator.to_string(),
            details: json!({ "run": rule.run_id, "is_new": is_new }),
        };
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(is_new)
    }

    /// The run that readers of an indicator see; none where it was never computed.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn find_active_run(
        &self,
        indicator: &Indicator,
    ) -> Result<Option<ActiveRun>, StoreError> {
        let client = self.app().await?;
        let row = client
            .query_opt(
                include_str!("../sql/find_active_run.sql"),
                &[
                    &indicator.service.as_str(),
                    &indicator.mode.as_str(),
                    &indicator.season.as_str(),
                    &indicator.metric.as_str(),
                    &indicator.tier,
                    &method_version(),
                ],
            )
            .await
            .map_err(StoreError::sql("find the run of an indicator"))?;
        Ok(row.map(|row| ActiveRun {
            id: RunId(row.get("run")),
            is_stale: row.get("is_stale"),
        }))
    }

    /// Those of `indicators` that have no run, or a stale one, in their order.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn missing_runs(
        &self,
        indicators: &[Indicator],
    ) -> Result<Vec<Indicator>, StoreError> {
        let mut missing = Vec::new();
        for indicator in indicators {
            let active = self.find_active_run(indicator).await?;
            if active.is_none_or(|run| run.is_stale) {
                missing.push(indicator.clone());
            }
        }
        Ok(missing)
    }
}

/// Inserts the head of a run; false where it is there.
async fn insert_run(tx: &Transaction<'_>, run: &NewRun) -> Result<bool, StoreError> {
    let rule = &run.rule;
    let mut stored_rule =
        serde_json::to_value(rule).map_err(StoreError::unreadable("the rule of a run"))?;
    if let Some(fields) = stored_rule.as_object_mut() {
        fields.remove("stale");
    }
    let mut unassigned = json!({
        "settlements": run.unassigned_settlements,
        "people": run.unassigned_people.map(|people| people.0),
    });
    if run.unassigned_cell_people != People::ZERO {
        unassigned["cell_people"] = json!(run.unassigned_cell_people.0);
    }
    let n_inserted = tx
        .execute(
            include_str!("../sql/insert_run.sql"),
            &[
                &rule.run_id.0,
                &rule.service.as_str(),
                &rule.mode.as_str(),
                &rule.season.as_str(),
                &rule.metric.as_str(),
                &rule.tier,
                &stored_rule,
                &method_version(),
                &run.is_sample,
                &unassigned,
            ],
        )
        .await
        .map_err(StoreError::sql("save the head of a run"))?;
    Ok(n_inserted == 1)
}

/// The method's version as the column holds it.
pub(super) fn method_version() -> i32 {
    i32::try_from(METHOD_VERSION).expect("method versions are counted by hand")
}
