//! An import: files through the child into staging, compared, and made active in one step, or not at all.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use super::AppError;
use crate::domain::{AreaCode, Counts, District, Feature, ImportReport, Layer, Record, Severity};
use crate::ingest::{Checked, ImportRequest, IngestError, Progress, ReaderCommand, read_records};
use crate::store::{ActivateRequest, Database, Staging};

/// Records sent to the database at a time.
const BATCH: usize = 1_000;

/// Batches read ahead of the database.
const BATCHES_AHEAD: usize = 4;

/// The share of a layer above which a removal must be confirmed (CONTRACTS 4).
const REMOVED_WITHOUT_CONFIRMATION: f64 = 0.3;

/// The source of data whose supplier nobody named.
const DEFAULT_SOURCE: &str = "default";

/// How the records of an import are to be taken.
#[derive(Debug, Clone, Default)]
pub struct ImportChoices {
    /// The supplier; none takes the file's own `source` column, else `default`.
    pub source: Option<String>,
    /// Start of the district's codes.
    pub district: Option<String>,
    /// Whether accepted records are imported although others are refused.
    pub exclude_rejected: bool,
    /// The layer of which much may be removed.
    pub confirm: Option<Layer>,
    /// Whether everything is only tried.
    pub dry_run: bool,
    /// Who imports.
    pub made_by: String,
}

/// Imports files into a layer.
///
/// The report has every finding; where it keeps the file out, nothing has changed.
///
/// # Errors
/// The request contradicts itself, the database fails, much would be removed without confirmation,
/// or `cancel` was raised. Nothing has changed then either.
pub async fn import(
    database: &Database,
    reader: &ReaderCommand,
    request: ImportRequest,
    choices: &ImportChoices,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
    cancel: Arc<AtomicBool>,
) -> Result<ImportReport, AppError> {
    let layer = request.layer;
    let named_district = choices
        .district
        .as_deref()
        .map(AreaCode::parse)
        .transpose()
        .map_err(AppError::District)?;
    let (sender, mut batches) = mpsc::channel::<Vec<Record>>(BATCHES_AHEAD);
    let command = reader.clone();
    let reading_cancel = Arc::clone(&cancel);
    let reading = tokio::task::spawn_blocking(move || {
        read_in_batches(&request, &command, &sender, &*progress, &reading_cancel)
    });
    let mut staging: Option<Staging> = None;
    let mut districts = BTreeSet::new();
    while let Some(batch) = batches.recv().await {
        note_districts(&batch, &mut districts);
        let staging = match &mut staging {
            Some(staging) => staging,
            none => none.insert(begin(database, layer, choices, &batch).await?),
        };
        staging.copy(&batch).await?;
    }
    let checked = reading.await.map_err(|cause| AppError::System {
        doing: "read the files",
        cause: cause.to_string(),
    })??;
    if cancel.load(Ordering::Relaxed) {
        abandon(staging).await?;
        return Err(AppError::Cancelled);
    }
    let mut report = report_of(layer, choices, &checked);
    let mut staging = match staging {
        Some(staging)
            if checked.may_be_kept(choices.exclude_rejected)
                && checked.withdrawn_keys.is_empty() =>
        {
            staging
        }
        staging => {
            abandon(staging).await?;
            return Ok(report);
        }
    };
    let compared = staging.compare().await?;
    report.counts = Counts {
        rejected: report.counts.rejected,
        warnings: report.counts.warnings,
        ..compared
    };
    if let Err(refused) = confirm(layer, compared, choices) {
        abandon(Some(staging)).await?;
        return Err(refused);
    }
    if choices.dry_run {
        abandon(Some(staging)).await?;
        return Ok(report);
    }
    let district = match district_to_set(database, layer, named_district, &districts).await {
        Ok(district) => district,
        Err(refused) => {
            abandon(Some(staging)).await?;
            return Err(refused);
        }
    };
    let stored_report = serde_json::to_value(&report).map_err(|cause| AppError::System {
        doing: "write the report",
        cause: cause.to_string(),
    })?;
    let activation = staging
        .activate(&ActivateRequest {
            file_names: checked.file_names,
            file_hash: checked.file_hash,
            crs: checked.crs,
            encoding: checked.encoding,
            released_columns: checked.released_columns,
            report: stored_report,
            made_by: choices.made_by.clone(),
            district,
        })
        .await?;
    report.version = Some(activation.version);
    report.activated = activation.is_new;
    Ok(report)
}

async fn begin(
    database: &Database,
    layer: Layer,
    choices: &ImportChoices,
    first: &[Record],
) -> Result<Staging, AppError> {
    let of_file = first.first().and_then(|record| record.origin.clone());
    let source = choices
        .source
        .clone()
        .or(of_file)
        .unwrap_or_else(|| DEFAULT_SOURCE.to_owned());
    Ok(database.begin_import(layer, &source).await?)
}

async fn abandon(staging: Option<Staging>) -> Result<(), AppError> {
    match staging {
        Some(staging) => Ok(staging.abandon().await?),
        None => Ok(()),
    }
}

fn read_in_batches(
    request: &ImportRequest,
    reader: &ReaderCommand,
    sender: &mpsc::Sender<Vec<Record>>,
    progress: &dyn Fn(Progress),
    cancel: &AtomicBool,
) -> Result<Checked, IngestError> {
    let mut batch = Vec::with_capacity(BATCH);
    let mut sink = |record: Record| {
        batch.push(record);
        if batch.len() < BATCH {
            return ControlFlow::Continue(());
        }
        match sender.blocking_send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))) {
            Ok(()) => ControlFlow::Continue(()),
            // The receiver is gone because the database failed, which is reported there.
            Err(_gone) => ControlFlow::Break(()),
        }
    };
    let checked = read_records(request, reader, &mut sink, progress, cancel)?;
    if batch.is_empty() || sender.blocking_send(batch).is_ok() {
        Ok(checked)
    } else {
        Err(IngestError::Cancelled)
    }
}

fn note_districts(batch: &[Record], districts: &mut BTreeSet<AreaCode>) {
    for record in batch {
        if let Feature::Village(village) = &record.feature {
            districts.insert(village.code.district());
        }
    }
}

/// The district that the first import of villages makes this database's own.
async fn district_to_set(
    database: &Database,
    layer: Layer,
    named: Option<AreaCode>,
    found: &BTreeSet<AreaCode>,
) -> Result<Option<District>, AppError> {
    if layer != Layer::Villages || database.district().await?.is_some() {
        return Ok(None);
    }
    let code = match (named, found.len()) {
        (Some(code), _) => code,
        (None, 1) => found.iter().next().cloned().ok_or(AppError::NoVillages)?,
        (None, _) => {
            let codes: Vec<&str> = found.iter().map(AreaCode::as_str).collect();
            return Err(AppError::SeveralDistricts {
                codes: codes.join(", "),
            });
        }
    };
    Ok(Some(District { code, name: None }))
}

fn confirm(layer: Layer, counts: Counts, choices: &ImportChoices) -> Result<(), AppError> {
    let total = counts.missing + counts.changed + counts.unchanged;
    let is_much = counts.missing as f64 > REMOVED_WITHOUT_CONFIRMATION * total as f64;
    if is_much && choices.confirm != Some(layer) && !choices.dry_run {
        return Err(AppError::NeedsConfirmation {
            layer,
            missing: counts.missing,
            total,
        });
    }
    Ok(())
}

fn report_of(layer: Layer, choices: &ImportChoices, checked: &Checked) -> ImportReport {
    let n_warnings = checked
        .findings
        .iter()
        .filter(|row| row.severity == Severity::Warning)
        .count();
    ImportReport {
        layer,
        source: choices
            .source
            .clone()
            .or_else(|| checked.source.clone())
            .unwrap_or_else(|| DEFAULT_SOURCE.to_owned()),
        version: None,
        dry_run: choices.dry_run,
        activated: false,
        crs: checked.crs.clone(),
        encoding: checked.encoding.clone(),
        counts: Counts {
            rejected: checked.n_rejected,
            warnings: n_warnings as u64,
            ..Counts::default()
        },
        rows: checked.findings.clone(),
    }
}
