//! The staging table of one import.

use std::pin::pin;

use bytes::Bytes;
use futures_util::{SinkExt, TryStreamExt};
use sha2::{Digest, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{CancelToken, Client, CopyInSink, NoTls};

use super::rows::{RowContext, Rows};
use super::table::StagingName;
use crate::domain::{Counts, DatasetVersionId, Layer, Part, Record, SAMPLE_SOURCE};
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::hex::hex;

/// Bytes of rows that are sent at a time.
const ENOUGH_BYTES: usize = 256 * 1024;

/// Records on their way to become a dataset version. Dropping it leaves the table for the next sweep.
pub struct Staging {
    /// For what goes on beside the session.
    database: Database,
    /// Its session holds the layer's lock.
    pub(super) client: Client,
    pub(super) layer: Layer,
    pub(super) source: String,
    pub(super) version: DatasetVersionId,
    pub(super) name: StagingName,
    pub(super) n_records: i64,
    pub(super) is_sample: bool,
    /// What it replaces of the active version.
    pub(super) part: Part,
    /// The sources of the version, the one that goes first first; known once composed.
    pub(super) sources: Vec<String>,
    /// Of all records; empty before they are indexed.
    pub(super) content_hash: String,
    /// Known once compared.
    counts: Option<Counts>,
}

/// Breaks off the statement that an import waits for.
pub struct Interrupter(CancelToken);

impl Interrupter {
    /// Asks the database to end the statement; it fails then, and nothing of it is done.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn interrupt(&self) -> Result<(), StoreError> {
        self.0
            .cancel_query(NoTls)
            .await
            .map_err(StoreError::sql("break off an import"))
    }
}

impl Staging {
    pub(super) async fn create(
        database: &Database,
        client: Client,
        layer: Layer,
        source: &str,
        version: DatasetVersionId,
    ) -> Result<Self, StoreError> {
        let staging = Self {
            database: database.clone(),
            client,
            layer,
            source: source.to_owned(),
            version,
            name: StagingName::new(layer, version),
            n_records: 0,
            is_sample: false,
            part: Part::Layer,
            sources: vec![source.to_owned()],
            content_hash: String::new(),
            counts: None,
        };
        staging
            .execute(
                "make a staging table",
                include_str!("../sql/create_staging.sql"),
            )
            .await?;
        Ok(staging)
    }

    /// The number that the version will have if it is activated.
    pub fn version(&self) -> DatasetVersionId {
        self.version
    }

    /// The supplier whose records these are.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// A way to break off what the database does for this import, from beside it.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.client.cancel_token())
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.n_records == 0
    }

    /// Whether any record copied so far is sample data.
    pub fn is_sample(&self) -> bool {
        self.is_sample
    }

    /// Adds records: all of them or, on an error, none of this call's.
    ///
    /// Memory does not grow with the number of records: rows leave as they are written.
    ///
    /// # Errors
    /// A record of another kind than the layer, or a value that its column cannot hold.
    pub async fn copy(&mut self, records: &[Record]) -> Result<(), StoreError> {
        let statement = self.name.fill(include_str!("../sql/copy_staging.sql"));
        let sink: CopyInSink<Bytes> = self
            .client
            .copy_in(&statement)
            .await
            .map_err(StoreError::sql("begin to copy records"))?;
        let mut sink = pin!(sink);
        let mut rows = Rows::new(RowContext {
            layer: self.layer,
            version: self.version,
            source: &self.source,
        });
        let doing = "copy records into staging";
        for record in records {
            rows.push(record)?;
            if ENOUGH_BYTES < rows.len() {
                sink.send(rows.take())
                    .await
                    .map_err(StoreError::sql(doing))?;
            }
        }
        sink.send(rows.finish())
            .await
            .map_err(StoreError::sql(doing))?;
        let n_copied = sink.finish().await.map_err(StoreError::sql(doing))?;
        self.n_records = self.n_records.saturating_add_unsigned(n_copied);
        self.is_sample |= records
            .iter()
            .any(|record| record.origin.as_deref() == Some(SAMPLE_SOURCE));
        Ok(())
    }

    /// Takes records out again, before anything is compared.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn withdraw(&mut self, keys: &[String]) -> Result<(), StoreError> {
        let statement = self.name.fill(include_str!("../sql/withdraw_staging.sql"));
        let n_withdrawn = self
            .client
            .execute(&statement, &[&keys])
            .await
            .map_err(StoreError::sql("take records out of an import"))?;
        self.n_records = self.n_records.saturating_sub_unsigned(n_withdrawn);
        Ok(())
    }

    /// Compares what was copied, which is now complete, with the active version of the layer.
    ///
    /// A record is unchanged if its hash is equal, or if its columns are equal and its vertices, one by one, are
    /// within 1e-7°. `rejected` and `warnings` are 0 here.
    ///
    /// # Errors
    /// [`StoreError::DuplicateKey`] where two records have one key.
    pub async fn compare(&mut self) -> Result<Counts, StoreError> {
        if let Some(counts) = self.counts {
            return Ok(counts);
        }
        self.index().await?;
        if self.current().await?.is_none() {
            let counts = Counts {
                new: self.n_records.unsigned_abs(),
                ..Counts::default()
            };
            self.counts = Some(counts);
            return Ok(counts);
        }
        let statement = self.name.fill(include_str!("../sql/compare_staging.sql"));
        let row = self
            .client
            .query_one(&statement, &[&self.layer.as_str()])
            .await
            .map_err(StoreError::sql("compare an import with what is active"))?;
        let count = |column: &str| row.get::<_, i64>(column).unsigned_abs();
        let counts = Counts {
            new: count("n_new"),
            changed: count("n_changed"),
            unchanged: count("n_unchanged"),
            missing: count("n_missing"),
            rejected: 0,
            warnings: 0,
        };
        self.counts = Some(counts);
        Ok(counts)
    }

    /// Drops what was copied.
    ///
    /// # Errors
    /// The database cannot be reached; the next import of the layer drops it then.
    pub async fn abandon(self) -> Result<(), StoreError> {
        self.execute(
            "drop a staging table",
            include_str!("../sql/drop_staging.sql"),
        )
        .await
    }

    /// Builds the indexes that a partition must have: faster after the copy than during it. While the places are
    /// indexed, the content is hashed in the order of the keys.
    pub(super) async fn index(&mut self) -> Result<(), StoreError> {
        if !self.content_hash.is_empty() {
            return Ok(());
        }
        let places = self.name.fill(include_str!("../sql/index_staging.sql"));
        let beside = self.database.own_app().await?;
        let (hashed, indexed) = tokio::join!(self.hashed_by_key(), beside.batch_execute(&places));
        let content_hash = hashed?;
        indexed.map_err(StoreError::sql("index the places of an import"))?;
        self.execute(
            "take the key of an import",
            include_str!("../sql/take_key_staging.sql"),
        )
        .await?;
        self.content_hash = content_hash;
        Ok(())
    }

    /// Indexes the keys, and returns the SHA-256 over keys and record hashes in their order, hexadecimal. Each key is
    /// followed by a zero byte, which no key contains.
    async fn hashed_by_key(&self) -> Result<String, StoreError> {
        let key = self.name.fill(include_str!("../sql/key_staging.sql"));
        let keyed = self.client.batch_execute(&key).await;
        keyed.map_err(|source| match source.as_db_error() {
            Some(said) if *said.code() == SqlState::UNIQUE_VIOLATION => StoreError::DuplicateKey {
                layer: self.layer,
                detail: said.detail().unwrap_or(said.message()).to_owned(),
            },
            Some(_) | None => StoreError::sql("index the keys of an import")(source),
        })?;
        let doing = "hash an import";
        let statement = self.name.fill(include_str!("../sql/staging_hashes.sql"));
        let no_parameters: [&str; 0] = [];
        let rows = self.client.query_raw(&statement, no_parameters).await;
        let mut rows = pin!(rows.map_err(StoreError::sql(doing))?);
        let mut hash = Sha256::new();
        while let Some(row) = rows.try_next().await.map_err(StoreError::sql(doing))? {
            hash.update(row.get::<_, &str>("key"));
            hash.update([0]);
            hash.update(row.get::<_, &[u8]>("content_hash"));
        }
        Ok(hex(&hash.finalize()))
    }

    async fn execute(&self, doing: &'static str, statement: &str) -> Result<(), StoreError> {
        self.client
            .batch_execute(&self.name.fill(statement))
            .await
            .map_err(StoreError::sql(doing))
    }
}
