//! Sessions: what stands for a password until somebody signs out.

use serde_json::json;
use tokio_postgres::Transaction;

use super::attempts::forget;
use super::{entry, visitor};
use crate::domain::{AccountName, AuditAction, Visitor};
use crate::store::database::Database;
use crate::store::error::StoreError;

/// Hours after which a session ends in any case: a working week.
const SESSION_HOURS: i32 = 7 * 24;

/// Hours after which a session that nobody used has ended: a working day.
const IDLE_HOURS: i32 = 8;

impl Database {
    /// Begins a session of an account that gave its password, and takes back that the attempt counted as failed.
    /// `subjects` are those of the attempt: the name, then the address.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn begin_session(
        &self,
        account: &AccountName,
        session_hash: &[u8; 32],
        subjects: &[[u8; 32]; 2],
    ) -> Result<(), StoreError> {
        let doing = "begin a session";
        let name = account.as_str();
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        forget(&tx, subjects).await?;
        insert(&tx, name, session_hash).await?;
        let entry = entry(name, AuditAction::SignIn, name, json!({}));
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))
    }

    /// Who a session is of; none where it has ended or the account is disabled.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn visitor_of_session(
        &self,
        session_hash: &[u8; 32],
    ) -> Result<Option<Visitor>, StoreError> {
        let client = self.app().await?;
        let row = client
            .query_opt(
                include_str!("../sql/find_session.sql"),
                &[&session_hash.as_slice(), &IDLE_HOURS],
            )
            .await
            .map_err(StoreError::sql("look for a session"))?;
        row.map(|row| visitor(&row, None)).transpose()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn end_session(&self, session_hash: &[u8; 32]) -> Result<(), StoreError> {
        let client = self.app().await?;
        client
            .execute(
                include_str!("../sql/delete_session.sql"),
                &[&session_hash.as_slice()],
            )
            .await
            .map_err(StoreError::sql("end a session"))?;
        Ok(())
    }
}

pub(super) async fn insert(
    tx: &Transaction<'_>,
    name: &str,
    session_hash: &[u8; 32],
) -> Result<(), StoreError> {
    tx.execute(
        include_str!("../sql/insert_session.sql"),
        &[&session_hash.as_slice(), &name, &SESSION_HOURS],
    )
    .await
    .map_err(StoreError::sql("begin a session"))?;
    Ok(())
}
