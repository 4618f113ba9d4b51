//! A staging table becomes the active version of its layer, in one transaction.

use serde_json::{Value, json};
use tokio_postgres::Transaction;
use tokio_postgres::types::{Json, ToSql};

use super::staging::Staging;
use super::table::StagingName;
use crate::domain::{
    AuditAction, Counts, DataAccess, DatasetVersionId, District, Layer, Part, Provenance,
};
use crate::store::audit::AuditEntry;
use crate::store::error::StoreError;
use crate::store::tiles::Made;

/// What a dataset version says of itself besides its records.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivateRequest {
    /// Names of the files, without folders.
    pub file_names: Vec<String>,
    /// SHA-256 of the files, hexadecimal.
    pub file_hash: String,
    /// Coordinate system found.
    pub crs: Option<String>,
    /// Text encoding found.
    pub encoding: Option<String>,
    /// Columns nobody asked for that readers may see.
    pub released_columns: Vec<String>,
    /// The report of the import.
    pub report: Value,
    /// Who imported it.
    pub made_by: String,
    /// The district of the database, if none is set yet.
    pub district: Option<District>,
    /// Where the data of this import come from.
    pub provenance: Provenance,
}

/// What an activation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activation {
    /// The version that is active now.
    pub version: DatasetVersionId,
    /// Whether it was made now: not where the active one says the same already.
    pub is_new: bool,
    /// The comparison with what was active before.
    pub counts: Counts,
}

/// The active version of a layer, as far as it decides whether another one is needed.
pub(super) struct Current {
    pub(super) version: DatasetVersionId,
    pub(super) is_sample: bool,
    released_columns: Vec<String>,
    pub(super) sources: Vec<String>,
    /// Parallel to the sources.
    provenances: Vec<Provenance>,
}

impl Current {
    fn provenance_of(&self, source: &str) -> Option<&Provenance> {
        let position = self.sources.iter().position(|each| each == source)?;
        self.provenances.get(position)
    }
}

impl Staging {
    /// Makes what was copied the active version of its layer, or nothing at all.
    ///
    /// Where every record is unchanged, those set aside as well, and source, sample mark and released columns are the same, nothing is made
    /// and the active version is named.
    ///
    /// # Errors
    /// As [`Staging::compare`]; [`StoreError::NoRecords`] where nothing was copied.
    pub async fn activate(mut self, request: &ActivateRequest) -> Result<Activation, StoreError> {
        if self.n_records == 0 {
            return Err(StoreError::NoRecords { layer: self.layer });
        }
        let counts = self.compare().await?;
        let current = self.current().await?;
        let mut released = request.released_columns.clone();
        if let Some(current) = &current
            && self.part != Part::Layer
        {
            released.extend(current.released_columns.iter().cloned());
        }
        released.sort_unstable();
        released.dedup();
        let is_unchanged = counts.new + counts.changed + counts.missing == 0;
        if let Some(current) = &current
            && is_unchanged
            && current.is_sample == self.is_sample
            && current.released_columns == released
            && current.sources == self.sources
            && self.sets_aside_the_same_as(current.version).await?
            && (request.provenance.is_empty()
                || current.provenance_of(&self.source) == Some(&request.provenance))
        {
            let version = current.version;
            self.abandon().await?;
            return Ok(Activation {
                version,
                is_new: false,
                counts,
            });
        }
        let facts = Facts {
            layer: self.layer,
            version: self.version.0,
            previous: current.map(|current| current.version.0),
            part: self.part,
            source: &self.source,
            sources: &self.sources,
            name: self.name,
            content_hash: &self.content_hash,
            is_sample: self.is_sample,
            n_records: self.n_records,
            released,
            counts,
            request,
        };
        let attach = self.name.fill(include_str!("../sql/attach_staging.sql"));
        let rename = self.name.fill(include_str!("../sql/rename_staging.sql"));
        let doing = "activate a dataset version";
        let tx = self
            .client
            .transaction()
            .await
            .map_err(StoreError::sql(doing))?;
        facts.insert(&tx).await.map_err(StoreError::sql(doing))?;
        // Everything else is drawn around the villages: its geometry may come a moment later.
        if self.layer == Layer::Villages {
            let made = Made {
                layer: self.layer,
                version: self.version,
                records: &self.name.fill("{staging}"),
            };
            made.fill(&tx).await?;
        }
        tx.batch_execute(&attach)
            .await
            .map_err(StoreError::sql("attach the records of a dataset version"))?;
        tx.batch_execute(&rename)
            .await
            .map_err(StoreError::sql("name the records of a dataset version"))?;
        facts.point_to(&tx).await.map_err(StoreError::sql(doing))?;
        facts.note(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(Activation {
            version: self.version,
            is_new: true,
            counts,
        })
    }

    /// Whether a version has the same records set aside as this import: who updates one of them changes no active record.
    async fn sets_aside_the_same_as(&self, other: DatasetVersionId) -> Result<bool, StoreError> {
        let row = self
            .client
            .query_one(
                include_str!("../sql/compare_set_aside.sql"),
                &[&self.version.0, &other.0],
            )
            .await
            .map_err(StoreError::sql("compare what an import sets aside"))?;
        Ok(row.get("is_same"))
    }

    pub(super) async fn current(&self) -> Result<Option<Current>, StoreError> {
        let row = self
            .client
            .query_opt(
                include_str!("../sql/find_active_version.sql"),
                &[&self.layer.as_str()],
            )
            .await
            .map_err(StoreError::sql("look at the active version"))?;
        Ok(row.map(|row| Current {
            version: DatasetVersionId(row.get("dataset_version")),
            is_sample: row.get("is_sample"),
            released_columns: row.get("released_columns"),
            sources: row.get("sources"),
            provenances: row.get::<_, Json<Vec<Provenance>>>("provenances").0,
        }))
    }
}

/// Everything that the transaction writes besides the records.
struct Facts<'a> {
    layer: Layer,
    version: i64,
    /// The version that was active before.
    previous: Option<i64>,
    part: Part,
    source: &'a str,
    /// All of the version, the one that goes first first.
    sources: &'a [String],
    name: StagingName,
    content_hash: &'a str,
    is_sample: bool,
    n_records: i64,
    /// Sorted, no repeats.
    released: Vec<String>,
    counts: Counts,
    request: &'a ActivateRequest,
}

impl Facts<'_> {
    async fn insert(&self, tx: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
        let request = self.request;
        tx.execute(
            include_str!("../sql/insert_version.sql"),
            &[
                &self.version,
                &self.layer.as_str(),
                &self.content_hash,
                &self.is_sample,
                &self.n_records,
                &self.released,
                &request.report,
                &request.made_by,
            ],
        )
        .await?;
        for (position, source) in (1_i32..).zip(self.sources) {
            if source == self.source {
                self.insert_edition(tx, position).await?;
                continue;
            }
            let statement = self
                .name
                .fill(include_str!("../sql/keep_source_edition.sql"));
            let parameters: [&(dyn ToSql + Sync); 4] =
                [&self.version, &position, source, &self.previous];
            tx.execute(&statement, &parameters).await?;
        }
        Ok(())
    }

    async fn insert_edition(
        &self,
        tx: &Transaction<'_>,
        position: i32,
    ) -> Result<(), tokio_postgres::Error> {
        let request = self.request;
        let provenance = &request.provenance;
        let adds_to = match self.part {
            Part::Layer | Part::Source => None,
            Part::Add | Part::Update | Part::AddOrUpdate => self.previous,
        };
        let statement = self
            .name
            .fill(include_str!("../sql/insert_source_edition.sql"));
        let parameters: [&(dyn ToSql + Sync); 14] = [
            &self.version,
            &position,
            &self.source,
            &request.file_names,
            &request.file_hash,
            &request.crs,
            &request.encoding,
            &adds_to,
            &provenance.producer,
            &provenance.date,
            &provenance.basis,
            &provenance.licence,
            &provenance
                .access
                .map(|access| access == DataAccess::Restricted),
            &provenance.contact,
        ];
        tx.execute(&statement, &parameters).await?;
        Ok(())
    }

    async fn point_to(&self, tx: &Transaction<'_>) -> Result<(), tokio_postgres::Error> {
        tx.execute(
            include_str!("../sql/insert_activation.sql"),
            &[
                &self.layer.as_str(),
                &self.version,
                &"import",
                &self.request.made_by,
            ],
        )
        .await?;
        tx.execute(
            include_str!("../sql/set_active_version.sql"),
            &[&self.layer.as_str(), &self.version],
        )
        .await?;
        if let Some(district) = &self.request.district {
            tx.execute(
                include_str!("../sql/set_district.sql"),
                &[&district.code.as_str(), &district.name],
            )
            .await?;
        }
        tx.execute(
            include_str!("../sql/notify_changed.sql"),
            &[&self.layer.as_str()],
        )
        .await?;
        Ok(())
    }

    async fn note(&self, tx: &Transaction<'_>) -> Result<(), StoreError> {
        let request = self.request;
        let entry = AuditEntry {
            actor: &request.made_by,
            action: AuditAction::Import,
            subject: self.layer.as_str(),
            details: json!({
                "version": self.version,
                "previous": self.previous,
                "part": self.part,
                "source": self.source,
                "files": request.file_names,
                "n_records": self.n_records,
                "new": self.counts.new,
                "changed": self.counts.changed,
                "missing": self.counts.missing,
                "released_columns": self.released,
                "district": request.district.as_ref().map(|district| district.code.as_str()),
            }),
        };
        entry.append(tx).await
    }
}
