//! An import: files through the child into staging, compared, and made active in one step, or not at all.

mod cells;
mod clip;
mod codes;
mod parts;
mod places;
mod rejected;
mod report_file;
mod topology;

pub use report_file::write_report;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use self::clip::Reach;
use self::parts::{
    clashing_keys, mapped_as_before, of_composing, refused_key, unknown_villages, wrong_lengths,
};
use self::rejected::write_rejected;
use super::AppError;
use super::codes::ship_codes;
use crate::domain::{
    AreaCode, Counts, DEFAULT_SOURCE, DatasetVersionId, District, Feature, Finding, FindingCode,
    ImportReport, KnownRecords, Layer, Part, Provenance, Record, Severity,
};
use crate::ingest::{
    Checked, CodeScheme, ImportRequest, IngestError, Mapping, Progress, ReaderCommand, Updates,
    read_records,
};
use crate::store::{ActivateRequest, Database, Interrupter, Staging};

/// Records sent to the database at a time.
const BATCH: usize = 1_000;

/// Batches read ahead of the database.
const BATCHES_AHEAD: usize = 4;

/// How often somebody is asked whether to stop while the database works; also how long an interrupted statement has
/// to end before the next one is.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The share of a layer above which a removal must be confirmed (CONTRACTS 4).
const REMOVED_WITHOUT_CONFIRMATION: f64 = 0.3;

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
    /// What of the layer is replaced.
    pub part: Part,
    /// Sources that go before others where several have one record, the first first.
    pub precedence: Vec<String>,
    /// Where the data come from.
    pub provenance: Provenance,
    /// The name under which the mapping of columns is kept; none is that of the source.
    pub profile: Option<String>,
    /// Kilometres around the district beyond which nothing is kept; none keeps everything.
    pub clip_km: Option<f64>,
    /// A `GeoPackage` for the rows that are refused.
    pub rejected_out: Option<PathBuf>,
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
    mut request: ImportRequest,
    choices: &ImportChoices,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
    cancel: Arc<AtomicBool>,
) -> Result<ImportReport, AppError> {
    let named_district = choices
        .district
        .as_deref()
        .map(AreaCode::parse)
        .transpose()
        .map_err(AppError::District)?;
    let layer = request.layer;
    if layer != Layer::Villages {
        request.from.district = database.district_box().await?;
    }
    let reach = match choices.clip_km {
        Some(km) => Some(Reach::of(database, km, named_district.as_ref()).await?),
        None => None,
    };
    if let Some(reach) = &reach {
        request.from.only_within = request.from.district.map(|district| reach.around(district));
    }
    take_codes(database, &mut request).await?;
    request.list_rejected = choices.rejected_out.is_some();
    let profile = choices.profile.as_deref().or(choices.source.as_deref());
    let profile_used = use_profile(database, &mut request, profile).await?;
    let mapping: Vec<String> = request.mapping.iter().map(Mapping::to_string).collect();
    let mut staged = Staged {
        based_on: take_known(database, &mut request, choices).await?,
        ..Staged::default()
    };
    let read = staged
        .fill(
            database,
            reader,
            request.clone(),
            choices,
            (progress, Arc::clone(&cancel)),
        )
        .await;
    if let (Ok(checked), Some(out)) = (&read, &choices.rejected_out)
        && !checked.rejected.is_empty()
    {
        let (rejected, out) = (checked.rejected.clone(), out.clone());
        let (reader, cancel) = (reader.clone(), Arc::clone(&cancel));
        let writing = move || write_rejected(&request, &reader, &rejected, &out, &cancel);
        let written = tokio::task::spawn_blocking(writing).await;
        written.map_err(|cause| AppError::System {
            doing: "write the refused rows",
            cause: cause.to_string(),
        })??;
    }
    let checked = match read {
        Ok(_) if cancel.load(Ordering::Relaxed) => Err(AppError::Cancelled),
        read => read,
    };
    let decided = match checked {
        Ok(checked) => {
            let interrupter = staged.staging.as_ref().map(Staging::interrupter);
            let deciding =
                staged.decide(database, layer, choices, (named_district, reach), checked);
            unless_cancelled(Box::pin(deciding), interrupter, &cancel).await
        }
        Err(error) => Err(error),
    };
    match (staged.staging, decided) {
        (Some(staging), Ok((mut report, Some(activate)))) => {
            let activation = staging.activate(&activate).await?;
            if let Some(name) = profile
                && !mapping.is_empty()
            {
                database
                    .save_import_profile(layer, name, &mapping, &choices.made_by)
                    .await?;
            }
            report.rows.extend(profile_used);
            report.version = Some(activation.version);
            report.activated = activation.is_new;
            Ok(report)
        }
        (staging, decided) => {
            // Whatever kept the records out, nothing of them stays.
            if let Some(staging) = staging {
                staging.abandon().await?;
            }
            let mut report = decided?.0;
            report.rows.extend(profile_used);
            Ok(report)
        }
    }
}

/// Does what may take long in the database, and breaks it off where somebody asks to stop.
async fn unless_cancelled<T>(
    work: impl Future<Output = Result<T, AppError>>,
    interrupter: Option<Interrupter>,
    cancel: &AtomicBool,
) -> Result<T, AppError> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => {
                let is_cancelled = cancel.load(Ordering::Relaxed);
                return if is_cancelled { Err(AppError::Cancelled) } else { done };
            }
            () = sleep(LOOK_EVERY) => {
                if cancel.load(Ordering::Relaxed)
                    && let Some(interrupter) = &interrupter
                {
                    interrupter.interrupt().await?;
                }
            }
        }
    }
}

/// Has the lists of codes ready that an import is checked against, or translated by.
async fn take_codes(database: &Database, request: &mut ImportRequest) -> Result<(), AppError> {
    if !codes::names_villages(request.layer) {
        return Ok(());
    }
    ship_codes(database).await?;
    if let CodeScheme::Bps(villages) = &mut request.codes {
        *villages = Arc::new(database.bps_villages().await?);
    }
    Ok(())
}

/// Has the records ready that an import by key updates.
async fn take_known(
    database: &Database,
    request: &mut ImportRequest,
    choices: &ImportChoices,
) -> Result<Option<BasedOn>, AppError> {
    let may_add = match choices.part {
        Part::Update => false,
        Part::AddOrUpdate => true,
        Part::Layer | Part::Source | Part::Add => return Ok(None),
    };
    let active = database.active_versions().await?;
    let version = active
        .iter()
        .find(|version| version.layer == request.layer)
        .map(|version| version.id);
    let known = match version {
        Some(version) => database.known_records(request.layer, version).await?,
        None => KnownRecords::default(),
    };
    request.updates = Some(Updates {
        known: Arc::new(known),
        source: choices.source.clone(),
        may_add,
    });
    Ok(Some(BasedOn(version)))
}

/// The version whose records an import by key updates; none where there was none.
struct BasedOn(Option<DatasetVersionId>);

/// Maps the columns of a request as they were mapped before, unless it says how; tells so.
async fn use_profile(
    database: &Database,
    request: &mut ImportRequest,
    name: Option<&str>,
) -> Result<Option<Finding>, AppError> {
    let Some(name) = name.filter(|_name| request.mapping.is_empty()) else {
        return Ok(None);
    };
    let Some(mapping) = database.import_profile(request.layer, name).await? else {
        return Ok(None);
    };
    for text in &mapping {
        request.mapping.push(text.parse()?);
    }
    Ok(Some(mapped_as_before(name, &mapping)))
}

/// What was read so far.
#[derive(Default)]
struct Staged {
    /// None until the first record.
    staging: Option<Staging>,
    /// Districts of the villages read.
    districts: BTreeSet<AreaCode>,
    /// None where nothing is updated by key.
    based_on: Option<BasedOn>,
}

impl Staged {
    /// Reads the files on a thread of its own while the database takes what comes.
    async fn fill(
        &mut self,
        database: &Database,
        reader: &ReaderCommand,
        request: ImportRequest,
        choices: &ImportChoices,
        (progress, cancel): (Arc<dyn Fn(Progress) + Send + Sync>, Arc<AtomicBool>),
    ) -> Result<Checked, AppError> {
        let (sender, mut batches) = mpsc::channel::<Vec<Record>>(BATCHES_AHEAD);
        let (layer, reader) = (request.layer, reader.clone());
        let reading = tokio::task::spawn_blocking(move || {
            read_in_batches(&request, &reader, &sender, &*progress, &cancel)
        });
        while let Some(batch) = batches.recv().await {
            note_districts(&batch, &mut self.districts);
            let staging = match &mut self.staging {
                Some(staging) => staging,
                none => {
                    let begun = begin(database, layer, choices, &batch).await?;
                    let staging = none.insert(begun);
                    if let Some(BasedOn(version)) = self.based_on
                        && staging.active_version().await? != version
                    {
                        return Err(AppError::ChangedMeanwhile { layer });
                    }
                    staging
                }
            };
            staging.copy(&batch).await?;
        }
        let checked = reading.await.map_err(|cause| AppError::System {
            doing: "read the files",
            cause: cause.to_string(),
        })?;
        Ok(checked?)
    }

    /// The report, and with it what to activate; without it nothing may change.
    async fn decide(
        &mut self,
        database: &Database,
        layer: Layer,
        choices: &ImportChoices,
        (named_district, reach): (Option<AreaCode>, Option<Reach>),
        checked: Checked,
    ) -> Result<(ImportReport, Option<ActivateRequest>), AppError> {
        let mut report = report_of(layer, choices, &checked);
        let Some(staging) = &mut self.staging else {
            return Ok((report, None));
        };
        staging.source().clone_into(&mut report.source);
        if !checked.may_be_kept(choices.exclude_rejected) {
            return Ok((report, None));
        }
        if !checked.withdrawn_keys.is_empty() {
            staging.withdraw(&checked.withdrawn_keys).await?;
        }
        if let Some(reach) = &reach {
            let clipped = reach.clip(staging, layer, checked.n_passed_over).await?;
            let is_refused = clipped.iter().any(|row| row.severity == Severity::Error);
            report.rows.extend(clipped);
            if is_refused {
                return Ok((report, None));
            }
        }
        let refused = staging.refused_keys(choices.part).await?;
        if !refused.is_empty() {
            report.counts.rejected += refused.len() as u64;
            let source = report.source.clone();
            let finding = |key: &String| refused_key(choices.part, &source, key);
            report.rows.extend(refused.iter().map(finding));
            if !choices.exclude_rejected {
                return Ok((report, None));
            }
            staging.withdraw(&refused).await?;
        }
        let composed = staging.compose(choices.part, &choices.precedence).await?;
        if !composed.clashes.is_empty() && !choices.exclude_rejected {
            report.counts.rejected += composed.clashes.len() as u64;
            report.rows.extend(clashing_keys(&composed.clashes));
            return Ok((report, None));
        }
        report.rows.extend(of_composing(layer, &composed));
        let compared = staging.compare().await?;
        report
            .rows
            .extend(unknown_villages(&staging.unknown_villages().await?));
        report
            .rows
            .extend(wrong_lengths(&staging.section_lengths().await?));
        report
            .rows
            .extend(codes::unlisted(&staging.unlisted_codes().await?));
        report
            .rows
            .extend(topology::between_villages(staging).await?);
        report.rows.extend(places::doubtful(staging).await?);
        report.rows.extend(cells::against_official(staging).await?);
        let much_removed = much_removed(layer, compared, choices);
        if let (Some(cause), true) = (&much_removed, choices.dry_run) {
            report.rows.push(Finding::new(
                Severity::Warning,
                FindingCode::RecordMissing,
                cause.to_string(),
                "check that the file is the whole layer; --replace source, --add and --update keep the rest",
            ));
        }
        report.rows.sort_by_key(|row| row.severity);
        report.counts = Counts {
            rejected: report.counts.rejected,
            warnings: count_warnings(&report.rows),
            ..compared
        };
        if choices.dry_run {
            return Ok((report, None));
        }
        if let Some(needs_confirmation) = much_removed {
            return Err(needs_confirmation);
        }
        let district = district_to_set(database, layer, named_district, &self.districts).await?;
        let stored_report = serde_json::to_value(&report).map_err(|cause| AppError::System {
            doing: "write the report",
            cause: cause.to_string(),
        })?;
        let activate = ActivateRequest {
            file_names: checked.file_names,
            file_hash: checked.file_hash,
            crs: checked.crs,
            encoding: checked.encoding,
            released_columns: checked.released_columns,
            report: stored_report,
            made_by: choices.made_by.clone(),
            district,
            provenance: choices.provenance.clone(),
        };
        Ok((report, Some(activate)))
    }
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

/// That much of the layer would be removed, where nobody agreed to that.
fn much_removed(layer: Layer, counts: Counts, choices: &ImportChoices) -> Option<AppError> {
    let total = counts.missing + counts.changed + counts.unchanged;
    let is_much = counts.missing as f64 > REMOVED_WITHOUT_CONFIRMATION * total as f64;
    (is_much && choices.confirm != Some(layer)).then_some(AppError::NeedsConfirmation {
        layer,
        missing: counts.missing,
        total,
    })
}

fn count_warnings(rows: &[Finding]) -> u64 {
    let warnings = rows.iter().filter(|row| row.severity == Severity::Warning);
    warnings.count() as u64
}

fn report_of(layer: Layer, choices: &ImportChoices, checked: &Checked) -> ImportReport {
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
        columns: checked.columns.clone(),
        counts: Counts {
            rejected: checked.n_rejected,
            warnings: count_warnings(&checked.findings),
            ..Counts::default()
        },
        rows: checked.findings.clone(),
    }
}
