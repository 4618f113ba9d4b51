//! Each command but the serving ones: arguments to a use case, and its result printed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::json;

use super::accounts::{account, token};
use super::arguments::{Arguments, Command, Import, Inspect, LayersWanted, Sample, TemplateFile};
use super::audit::audit;
use super::codes;
use super::error::CliError;
use super::export::export;
use super::files;
use super::history;
use super::output::{
    ProgressLine, print_import, print_inspection, print_json, print_line, print_sample_notice,
};
use super::serving;
use crate::app::{
    Cluster, ClusterHandle, Database, ImportChoices, SampleParameters, Target, areas_of, compute,
    import, write_report, write_sample_files, write_template,
};
use crate::config::{Settings, StoreSettings};
use crate::domain::{ImportReport, Layer, Provenance};
use crate::ingest::{
    FilesToRead, ImportRequest, LayerFound, Mapping, Progress, ReaderCommand, ReleaseColumns,
    inspect,
};

/// A database, and the private cluster it lives in where it is ours.
pub(super) struct Opened {
    pub(super) database: Database,
    cluster: Option<ClusterHandle>,
}

/// Who acts on the command line.
pub(super) const COMMAND_LINE: &str = "command line";

/// Who keeps a private cluster running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// This process, for its life.
    Supervisor,
    /// Whoever does already, else this process for as long as it works.
    Guest,
}

impl Opened {
    pub(super) async fn open(settings: &Settings, role: Role) -> Result<Self, CliError> {
        let (target, cluster) = match &settings.store {
            StoreSettings::Url(url) => (Target::Url(url.as_str().to_owned()), None),
            StoreSettings::Managed { data_dir } => {
                let data_dir = data_dir.clone();
                let cluster = blocking(move || match role {
                    Role::Supervisor => Cluster::supervise(&data_dir),
                    Role::Guest => Cluster::open(&data_dir),
                })
                .await??;
                (cluster.target(), Some(cluster))
            }
        };
        let database = Database::connect(&target).await?;
        Ok(Self { database, cluster })
    }

    /// Stops a private cluster that nobody else uses.
    pub(super) async fn close(self) -> Result<(), CliError> {
        drop(self.database);
        if let Some(cluster) = self.cluster {
            blocking(move || cluster.close()).await??;
        }
        Ok(())
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CliError> {
    Ok(tokio::task::spawn_blocking(work)
        .await
        .map_err(std::io::Error::other)?)
}

pub(super) async fn dispatch(
    arguments: Arguments,
    settings: Settings,
    cancel: Arc<AtomicBool>,
) -> Result<(), CliError> {
    let json = arguments.shared.json;
    match arguments.command {
        Command::Run(run) => return serving::run(&settings, &run).await,
        Command::Serve(_) => return serving::serve_only(&settings).await,
        Command::Inspect(typed) => return inspect_files(typed, json, &cancel),
        Command::Sample(typed) => return write_sample(&typed, json),
        Command::Template(typed) => return blank(&typed, json),
        Command::Graph(typed) => return files::graph(&typed, json, &cancel),
        Command::Access(typed) => return files::access(*typed, json, &cancel),
        Command::Matrix(typed) => return files::matrix(*typed, json, &cancel),
        Command::Isochrone(typed) => return files::isochrone(*typed, json, &cancel),
        Command::Route(typed) => return files::route(&typed, json, &cancel),
        Command::Migrate
        | Command::Import(_)
        | Command::Versions(_)
        | Command::Diff(_)
        | Command::Rollback(_)
        | Command::Duplicates(_)
        | Command::Codes(_)
        | Command::Audit(_)
        | Command::Account(_)
        | Command::Token(_)
        | Command::Compute(_)
        | Command::Export(_) => {}
    }
    let opened = Opened::open(&settings, Role::Guest).await?;
    let done = with_database(arguments.command, &opened.database, json, cancel).await;
    opened.close().await?;
    done
}

async fn with_database(
    command: Command,
    database: &Database,
    json: bool,
    cancel: Arc<AtomicBool>,
) -> Result<(), CliError> {
    let migrated = database.migrate().await?;
    match command {
        Command::Import(typed) => import_files(database, *typed, json, cancel).await,
        Command::Compute(typed) => compute_runs(database, typed.join_ends_m, json, cancel).await,
        Command::Export(typed) => export(database, typed, json, &cancel).await,
        Command::Versions(typed) => history::versions(database, &typed, json).await,
        Command::Diff(typed) => history::diff(database, &typed, json).await,
        Command::Rollback(typed) => history::rollback(database, &typed, json).await,
        Command::Duplicates(typed) => history::duplicates(database, &typed, json).await,
        Command::Codes(typed) => codes::codes(database, &typed, json, cancel).await,
        Command::Account(typed) => account(database, typed, json).await,
        Command::Token(typed) => token(database, typed, json).await,
        Command::Audit(typed) => audit(database, &typed, json).await,
        _ => {
            let (applied, notes) = (migrated.applied, migrated.notes);
            if json {
                return Ok(print_json(
                    &json!({ "applied": applied.len(), "notes": notes }),
                )?);
            }
            print_line(format!("{} migrations applied", applied.len()))?;
            for note in notes {
                print_line(note)?;
            }
            Ok(())
        }
    }
}

async fn import_files(
    database: &Database,
    typed: Import,
    json: bool,
    cancel: Arc<AtomicBool>,
) -> Result<(), CliError> {
    match typed.layer {
        LayersWanted::One(layer) => {
            let report = import_layer(database, layer, &typed, cancel).await?;
            if let Some(out) = &typed.report {
                write_report(&report, out)?;
            }
            if json {
                print_json(&report)?;
            } else {
                print_import(&report)?;
            }
            refused_unless(is_done(&report, &typed))
        }
        LayersWanted::Osm => import_osm(database, &typed, json, &cancel).await,
    }
}

/// Every layer of an OSM file, one after the other; a refused one keeps none of the others out.
async fn import_osm(
    database: &Database,
    typed: &Import,
    json: bool,
    cancel: &Arc<AtomicBool>,
) -> Result<(), CliError> {
    if !typed.map.is_empty() || typed.report.is_some() || typed.rejected.is_some() {
        return Err(CliError::usage(
            "--map, --report and --rejected are of one layer: name it instead of osm",
        ));
    }
    let files = FilesToRead {
        files: typed.files.clone(),
        trust_file: typed.trust_file,
        ..FilesToRead::default()
    };
    let found = inspect(&files, &ReaderCommand::this_program()?, cancel)?;
    let is_osm = |layer: &LayerFound| layer.format.starts_with("OSM");
    if !found.layers.iter().all(is_osm) || found.layers.is_empty() {
        return Err(CliError::usage(
            "the file is not of OpenStreetMap: name the layer that it is to become instead of osm",
        ));
    }
    let mut reports = Vec::new();
    for layer in found
        .layers
        .iter()
        .filter(|layer| layer.n_features != Some(0))
    {
        let named = layer.name.parse::<Layer>();
        let layer = named.map_err(|cause| CliError::usage(cause.to_string()))?;
        let report = import_layer(database, layer, typed, Arc::clone(cancel)).await?;
        if !json {
            print_import(&report)?;
        }
        reports.push(report);
    }
    if json {
        print_json(&reports)?;
    }
    refused_unless(reports.iter().all(|report| is_done(report, typed)))
}

fn is_done(report: &ImportReport, typed: &Import) -> bool {
    let is_kept = report.activated || report.version.is_some();
    let is_tried = report.dry_run && (!report.has_errors() || typed.exclude_rejected);
    is_kept || is_tried
}

fn refused_unless(is_done: bool) -> Result<(), CliError> {
    is_done.then_some(()).ok_or(CliError::Refused)
}

async fn import_layer(
    database: &Database,
    layer: Layer,
    typed: &Import,
    cancel: Arc<AtomicBool>,
) -> Result<ImportReport, CliError> {
    if matches!(layer, Layer::Context(_)) && !typed.context {
        let mend = "add --context to import it under its own name";
        return Err(unknown_layer(layer, mend));
    }
    let request = import_request(layer, typed)?;
    let choices = import_choices(typed)?;
    let bar = Arc::new(ProgressLine::new());
    bar.stage("reading");
    let shown = Arc::clone(&bar);
    let progress = Arc::new(move |at: Progress| shown.at(at.n_read, at.n_expected));
    let reader = ReaderCommand::this_program()?;
    let report = import(database, &reader, request, &choices, progress, cancel).await;
    bar.finish();
    Ok(report?)
}

fn unknown_layer(layer: Layer, mend: &str) -> CliError {
    let known: Vec<&str> = Layer::ALL.iter().map(Layer::as_str).collect();
    CliError::usage(format!("`{layer}` is none of {}; {mend}", known.join(", ")))
}

fn import_request(layer: Layer, typed: &Import) -> Result<ImportRequest, CliError> {
    let mapping = typed.map.iter().map(|text| text.parse());
    let release = match typed.release_columns.as_deref() {
        None => ReleaseColumns::None,
        Some("all") => ReleaseColumns::All,
        Some(names) => {
            let names = names.split(',').map(|name| name.trim().to_owned());
            ReleaseColumns::Named(names.collect())
        }
    };
    Ok(ImportRequest {
        layer,
        from: FilesToRead {
            files: typed.files.clone(),
            source_layer: typed.source_layer.clone(),
            crs: typed.crs.clone(),
            encoding: typed.encoding.clone(),
            filter: typed.where_sql.clone(),
            trust_file: typed.trust_file,
            district: None,
            only_within: None,
        },
        mapping: mapping.collect::<Result<Vec<Mapping>, _>>()?,
        code_from: typed.code_from.clone(),
        codes: typed.codes.clone(),
        key: typed.key.clone(),
        needs_id: false,
        release,
        list_rejected: false,
        updates: None,
    })
}

fn import_choices(typed: &Import) -> Result<ImportChoices, CliError> {
    Ok(ImportChoices {
        source: typed.source.clone(),
        district: typed.district.clone(),
        exclude_rejected: typed.exclude_rejected,
        confirm: typed.confirm,
        dry_run: typed.dry_run,
        made_by: COMMAND_LINE.to_owned(),
        part: typed.part(),
        precedence: typed.precedence.clone(),
        provenance: match &typed.provenance {
            Some(file) => read_provenance(file)?,
            None => Provenance::default(),
        },
        profile: typed.profile.clone(),
        clip_km: typed.clip_km,
        rejected_out: typed.rejected.clone(),
    })
}

/// Where data come from, as a TOML file says; a date may be one of TOML's own.
fn read_provenance(file: &Path) -> Result<Provenance, CliError> {
    let text = std::fs::read_to_string(file)
        .map_err(|cause| CliError::usage(format!("cannot read {}: {cause}", file.display())))?;
    let read = text.parse::<toml::Table>().and_then(|mut table| {
        for (_, value) in &mut table {
            match value {
                toml::Value::Datetime(date) => *value = toml::Value::String(date.to_string()),
                toml::Value::String(word) if word == "terbuka" => "open".clone_into(word),
                toml::Value::String(word) if word == "terbatas" => "restricted".clone_into(word),
                _ => {}
            }
        }
        table.try_into()
    });
    read.map_err(|cause| {
        CliError::usage(format!(
            "{} does not say where the data come from: {cause}",
            file.display()
        ))
    })
}

async fn compute_runs(
    database: &Database,
    join_ends_m: Option<f64>,
    json: bool,
    cancel: Arc<AtomicBool>,
) -> Result<(), CliError> {
    let bar = ProgressLine::new();
    let report = compute(
        database,
        join_ends_m,
        COMMAND_LINE,
        &|stage| bar.stage(stage),
        cancel,
    )
    .await;
    bar.finish();
    let report = report?;
    if json {
        return Ok(print_json(&report)?);
    }
    if report.runs.is_empty() && report.faults.is_none() {
        print_line("every result is up to date")?;
    }
    for run in &report.runs {
        print_line(format!("{}: run {}", run.indicator, run.run))?;
    }
    if let Some(faults) = report.faults {
        let found: Vec<String> = faults
            .iter()
            .map(|(kind, n_found)| format!("{kind} {n_found}"))
            .collect();
        print_line(format!(
            "faults in the data: {}; see /data-quality, or jangkau export data-quality --out FILE",
            found.join(", ")
        ))?;
    }
    Ok(())
}

fn inspect_files(typed: Inspect, json: bool, cancel: &AtomicBool) -> Result<(), CliError> {
    let from = FilesToRead {
        files: typed.files,
        crs: typed.crs,
        encoding: typed.encoding,
        ..FilesToRead::default()
    };
    let found = inspect(&from, &ReaderCommand::this_program()?, cancel)?;
    if json {
        print_json(&found)?;
    } else {
        print_inspection(&found)?;
    }
    refused_unless(!found.layers.is_empty())
}

fn blank(typed: &TemplateFile, json: bool) -> Result<(), CliError> {
    if matches!(typed.layer, Layer::Context(_)) {
        return Err(unknown_layer(
            typed.layer,
            "a layer of context needs no template",
        ));
    }
    write_template(typed.layer, &typed.out)?;
    if json {
        return Ok(print_json(&json!({ "file": typed.out }))?);
    }
    Ok(print_line(typed.out.display().to_string())?)
}

fn write_sample(typed: &Sample, json: bool) -> Result<(), CliError> {
    let inside = match &typed.inside {
        Some(file) => Some(areas_of(file, &ReaderCommand::this_program()?)?),
        None => None,
    };
    let parameters = SampleParameters {
        n_villages: typed.villages as usize,
        seed: typed.seed,
        inside,
    };
    let files = write_sample_files(&parameters, &typed.out)?;
    print_sample_notice()?;
    if json {
        return Ok(print_json(&files)?);
    }
    for file in files {
        print_line(file.display().to_string())?;
    }
    Ok(())
}
