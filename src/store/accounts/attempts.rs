//! Attempts to sign in: counted before they are known to fail, so that many at once are no way around.

use tokio_postgres::Transaction;

use crate::store::database::Database;
use crate::store::error::StoreError;

/// Whether an attempt may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It may, and counts as failed until a session begins.
    MayTry,
    /// It may not, and does not count.
    MustWait {
        /// Seconds until the next one may, at least 1.
        wait_s: u64,
    },
}

impl Database {
    /// Counts an attempt of a name and an address, unless either has to wait. The clock is the database's.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn count_attempt(&self, subjects: &[[u8; 32]; 2]) -> Result<Attempt, StoreError> {
        let doing = "count an attempt to sign in";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        for subject in subjects {
            let statement = include_str!("../sql/count_attempt.sql");
            let counted = tx.query_opt(statement, &[&subject.as_slice()]).await;
            if counted.map_err(StoreError::sql(doing))?.is_none() {
                // The transaction is dropped, and with it what was counted before.
                return wait(&tx, subjects).await;
            }
        }
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(Attempt::MayTry)
    }

    /// Takes back that an attempt counted as failed.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn forget_attempts(&self, subjects: &[[u8; 32]; 2]) -> Result<(), StoreError> {
        let doing = "forget failed attempts";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        forget(&tx, subjects).await?;
        tx.commit().await.map_err(StoreError::sql(doing))
    }
}

async fn wait(tx: &Transaction<'_>, subjects: &[[u8; 32]; 2]) -> Result<Attempt, StoreError> {
    let doing = "look how long to wait";
    let subjects: Vec<&[u8]> = subjects.iter().map(<[u8; 32]>::as_slice).collect();
    let row = tx
        .query_one(include_str!("../sql/find_wait.sql"), &[&subjects])
        .await
        .map_err(StoreError::sql(doing))?;
    Ok(Attempt::MustWait {
        wait_s: row.get::<_, i64>("wait_s").unsigned_abs(),
    })
}

/// Forgets what failed of a name, and takes the last attempt of an address back.
pub(super) async fn forget(
    tx: &Transaction<'_>,
    [name, address]: &[[u8; 32]; 2],
) -> Result<(), StoreError> {
    let doing = "forget failed attempts";
    let statement = include_str!("../sql/forget_name.sql");
    let done = tx.execute(statement, &[&name.as_slice()]).await;
    done.map_err(StoreError::sql(doing))?;
    let statement = include_str!("../sql/forget_attempt.sql");
    let done = tx.execute(statement, &[&address.as_slice()]).await;
    done.map_err(StoreError::sql(doing))?;
    Ok(())
}
