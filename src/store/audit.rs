//! The trail of what was done: written with what it tells of, in one transaction, and never changed.

use serde_json::Value;
use tokio_postgres::Transaction;

use super::database::Database;
use super::error::StoreError;
use super::reading::read;
use crate::domain::{AuditAction, AuditBreak, AuditChain, AuditRow};

/// Rows that are read at a time: some hundred bytes each.
const PAGE: i64 = 1000;

/// What is to be noted.
#[derive(Debug, Clone)]
pub(super) struct AuditEntry<'a> {
    /// Who does it.
    pub(super) actor: &'a str,
    /// What is done.
    pub(super) action: AuditAction,
    /// To what: a layer, an indicator, an account.
    pub(super) subject: &'a str,
    /// The rest: an object.
    pub(super) details: Value,
}

impl AuditEntry<'_> {
    /// Notes it, if the transaction comes to its end. The last statement of the transaction: it holds back others.
    pub(super) async fn append(&self, tx: &Transaction<'_>) -> Result<(), StoreError> {
        tx.query_one(
            include_str!("sql/append_audit.sql"),
            &[
                &self.actor,
                &self.action.as_str(),
                &self.subject,
                &self.details,
            ],
        )
        .await
        .map_err(StoreError::sql("note in the audit trail what was done"))?;
        Ok(())
    }
}

/// Which rows of the trail are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditChoice {
    /// Not before this day in UTC: `YYYY-MM-DD`, and a day that there is.
    pub since: Option<String>,
    /// How the subject starts; empty is any.
    pub subject: String,
}

impl Database {
    /// The next rows of the trail after number `after`, at most 1,000, in order; none where there are no more.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn audit_page(
        &self,
        choice: &AuditChoice,
        after: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let client = self.app().await?;
        read(
            &**client,
            "read the audit trail",
            include_str!("sql/read_audit.sql"),
            &[&after, &choice.since, &choice.subject, &PAGE],
            |row| {
                Ok(AuditRow {
                    seq: row.get("seq"),
                    at: row.get("at"),
                    actor: row.get("actor"),
                    action: row.get("action"),
                    subject: row.get("subject"),
                    details: row.get("details"),
                    previous_hash: row.get("previous_hash"),
                    hash: row.get("hash"),
                })
            },
        )
        .await
    }

    /// Follows the whole trail from its first row: its chain, or where it breaks first.
    ///
    /// Rows that were cut off at the end leave a shorter chain: compare its last hash with one that was kept.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn verify_audit(&self) -> Result<Result<AuditChain, AuditBreak>, StoreError> {
        let everything = AuditChoice::default();
        let mut chain = AuditChain::default();
        loop {
            let rows = self.audit_page(&everything, chain.n_rows()).await?;
            if rows.is_empty() {
                return Ok(Ok(chain));
            }
            for row in &rows {
                if let Err(broken) = chain.add(row) {
                    return Ok(Err(broken));
                }
            }
        }
    }
}
