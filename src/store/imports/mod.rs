//! Imports: records go by binary COPY into a staging table, are compared there with what is active, and become
//! the new version's partition in one transaction.
//!
//! Phases: [`Database::begin_import`] → [`Staging::copy`], again and again → [`Staging::compare`] →
//! [`Staging::activate`] or [`Staging::abandon`].
//! Whoever is killed on the way leaves a table that nobody reads; the next import of the layer, or
//! [`Database::sweep_imports`], drops it.
//! One import of a layer at a time: a lock of the database session, gone with the session.

mod activate;
mod checks;
mod clip;
mod compose;
mod known;
mod rows;
mod staging;
mod table;

pub use activate::{ActivateRequest, Activation};
pub use checks::{CellsAgainstOfficial, Gap, Largest, NamedRecord, Overlap, UnlistedCode};
pub use clip::Clipped;
pub use compose::{Clash, Composed, LookAlike, SectionLength, SetAside};
pub use staging::{Interrupter, Staging};

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

use self::table::StagingName;
use super::database::Database;
use super::error::StoreError;
use crate::domain::{DatasetVersionId, Layer};

/// How long an import waits for another one of its layer: that of a killed program ends within two seconds
/// (`client_connection_check_interval`), that of a living one is left to finish.
const LOCK_WAIT: Duration = Duration::from_secs(3);

/// How often it asks.
const ASK_AGAIN: Duration = Duration::from_millis(50);

impl Database {
    /// An empty staging table for a layer, whose records come from `source`.
    ///
    /// Drops what a killed import of the layer left behind.
    ///
    /// # Errors
    /// [`StoreError::ImportInProgress`] while another import of the layer is under way.
    pub async fn begin_import(&self, layer: Layer, source: &str) -> Result<Staging, StoreError> {
        let client = self.own_app().await?;
        lock_layer(&client, layer).await?;
        drop_leftovers(&client, layer).await?;
        let id = client
            .query_one(include_str!("../sql/next_version.sql"), &[])
            .await
            .map_err(StoreError::sql("number a dataset version"))?
            .get(0);
        Staging::create(self, client, layer, source, DatasetVersionId(id)).await
    }

    /// Drops what killed imports of any layer left behind; returns how many tables. Imports under way keep theirs.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn sweep_imports(&self) -> Result<usize, StoreError> {
        let client = self.own_app().await?;
        let rows = client
            .query(
                include_str!("../sql/list_all_staging.sql"),
                &[&StagingName::ANY],
            )
            .await
            .map_err(StoreError::sql("list what killed imports left"))?;
        let layers: BTreeSet<Layer> = rows
            .iter()
            .filter_map(|row| StagingName::layer(row.get("name")))
            .collect();
        let mut n_dropped = 0;
        for layer in layers {
            if try_lock(&client, layer).await? {
                n_dropped += drop_leftovers(&client, layer).await?;
            }
        }
        Ok(n_dropped)
    }
}

/// Keeps everybody else from changing what is active of a layer, for as long as the session lives.
///
/// # Errors
/// [`StoreError::ImportInProgress`] while somebody else does.
pub(super) async fn lock_layer(client: &Client, layer: Layer) -> Result<(), StoreError> {
    let give_up = Instant::now() + LOCK_WAIT;
    while !try_lock(client, layer).await? {
        if give_up <= Instant::now() {
            return Err(StoreError::ImportInProgress { layer });
        }
        sleep(ASK_AGAIN).await;
    }
    Ok(())
}

async fn try_lock(client: &Client, layer: Layer) -> Result<bool, StoreError> {
    let row = client
        .query_one(
            include_str!("../sql/try_import_lock.sql"),
            &[&layer.as_str()],
        )
        .await
        .map_err(StoreError::sql("lock a layer for import"))?;
    Ok(row.get(0))
}

/// Drops the unattached staging tables of a layer whose lock the caller holds.
async fn drop_leftovers(client: &Client, layer: Layer) -> Result<usize, StoreError> {
    let prefix = StagingName::prefix(layer);
    let leftovers = client
        .query(include_str!("../sql/list_staging.sql"), &[&prefix])
        .await
        .map_err(StoreError::sql("list what killed imports left"))?;
    for row in &leftovers {
        let name = StagingName::new(layer, DatasetVersionId(row.get("dataset_version")));
        client
            .batch_execute(&name.fill(include_str!("../sql/drop_staging.sql")))
            .await
            .map_err(StoreError::sql("drop what a killed import left"))?;
    }
    client
        .execute(
            include_str!("../sql/sweep_set_aside.sql"),
            &[&layer.as_str()],
        )
        .await
        .map_err(StoreError::sql("drop what a killed import set aside"))?;
    Ok(leftovers.len())
}
