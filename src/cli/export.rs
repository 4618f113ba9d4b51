//! `jangkau export`: what pages show, as files.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clap::{Args, Subcommand};

use super::error::CliError;
use super::output::{print_json, print_line, print_sample_notice};
use crate::app::answer::{
    ClassMethod, DEFAULT_N_CLASSES, Form, GroupBy, MAX_N_CLASSES, Order, RowChoice, Sort, Wanted,
};
use crate::app::picture::{PictureForm, PictureSize};
use crate::app::{
    Database, ExportReport, FaultChoice, FaultForm, export_answer, export_faults, export_picture,
};
use crate::domain::{
    Catalogue, FaultKind, IndicatorChoice, Language, Metric, Mode, Season, ServiceName,
};

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(subcommand)]
    pub(super) what: ExportWhat,
}

#[derive(Debug, Subcommand)]
pub(super) enum ExportWhat {
    /// The ranking of an indicator as a table, a workbook, an area layer or the answer itself.
    #[command(after_help = "Examples:\n  \
        jangkau export access --out peringkat.xlsx\n  \
        jangkau export access --service school --top 20 --out sekolah.csv --lang en\n  \
        jangkau export access --kecamatan 15.03.01 --sort people_beyond --out batin.geojson")]
    Access(Box<ExportAccess>),
    /// What is wrong with the data, each fault with the people whose number it changes.
    #[command(after_help = "Examples:\n  \
        jangkau export data-quality --out salah.gpkg\n  \
        jangkau export data-quality --kind near_miss --service clinic --out gaps.csv --lang en")]
    DataQuality(Box<ExportDataQuality>),
    /// The map of an indicator as a picture.
    #[command(after_help = "Examples:\n  \
        jangkau export map --out peta.svg\n  \
        jangkau export map --service water --width 1200 --height 630 --out peta.png --lang en")]
    Map(Box<ExportMap>),
}

#[derive(Debug, Args)]
pub(super) struct ExportDataQuality {
    /// File to write; its suffix says the form: csv, geojson or gpkg. Of a sample, `CONTOH-` is put before its name.
    #[arg(long, value_name = "FILE", value_parser = fault_file)]
    out: FaultFile,
    /// `near_miss`, `island`, `duplicate_facility`, `far_facility` or `unassigned_settlement` [default: all].
    #[arg(long, value_name = "KIND")]
    kind: Option<FaultKind>,
    /// Only people whose number of this service changes: clinic, water or school [default: any].
    #[arg(long, value_name = "NEED")]
    service: Option<ServiceName>,
    /// id or en [default: id].
    #[arg(long, value_name = "LANGUAGE")]
    lang: Option<Language>,
}

#[derive(Debug, Args)]
pub(super) struct ExportMap {
    /// File to write; its suffix says the form: svg or png. Of a sample, `CONTOH-` is put before its name.
    #[arg(long, value_name = "FILE", value_parser = picture_file)]
    out: PictureFile,
    #[command(flatten)]
    number: WhichNumber,
    #[command(flatten)]
    classes: WhichClasses,
    /// Pixels from left to right [default: 1600, or 16:9 of the height].
    #[arg(long, value_name = "PIXELS")]
    width: Option<u32>,
    /// Pixels from top to bottom [default: 900, or 16:9 of the width].
    #[arg(long, value_name = "PIXELS")]
    height: Option<u32>,
}

#[derive(Debug, Args)]
pub(super) struct ExportAccess {
    /// File to write; its suffix says the form: csv, xlsx, geojson or json. Of a sample, `CONTOH-` is put before its name.
    #[arg(long, value_name = "FILE", value_parser = out_file)]
    out: OutFile,
    #[command(flatten)]
    number: WhichNumber,
    #[command(flatten)]
    classes: WhichClasses,
    /// What a row stands for: village, kecamatan or district [default: village].
    #[arg(long, value_name = "KIND", value_parser = |text: &str| choice(text, &GroupBy::ALL))]
    by: Option<GroupBy>,
    /// Only rows of this kecamatan.
    #[arg(long, value_name = "CODE")]
    kecamatan: Option<String>,
    /// value, name, kecamatan, code, people or `people_beyond` [default: value].
    #[arg(long, value_name = "WHAT", value_parser = |text: &str| choice(text, &Sort::ALL))]
    sort: Option<Sort>,
    /// worst, best, desc or asc [default: the usual one of the sort].
    #[arg(long, value_name = "ORDER", value_parser = |text: &str| choice(text, &Order::ALL))]
    order: Option<Order>,
    /// At most so many rows.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,
}

/// Which number is meant.
#[derive(Debug, Args)]
pub(super) struct WhichNumber {
    /// clinic, water or school [default: clinic].
    #[arg(long, value_name = "NEED")]
    service: Option<ServiceName>,
    /// foot, bicycle, motorcycle, car or ambulance [default: the service's].
    #[arg(long, value_name = "MODE")]
    mode: Option<Mode>,
    /// dry or wet [default: dry].
    #[arg(long, value_name = "SEASON")]
    season: Option<Season>,
    /// time or distance [default: time].
    #[arg(long, value_name = "METRIC")]
    metric: Option<Metric>,
    /// Tiers that count, joined by commas [default: the service's].
    #[arg(long, value_name = "A,B")]
    tier: Option<String>,
}

/// How classes are chosen, and the language of what is written.
#[derive(Debug, Args)]
pub(super) struct WhichClasses {
    /// policy, quantile, equal or natural [default: policy].
    #[arg(long, value_name = "METHOD", value_parser = |text: &str| choice(text, &ClassMethod::ALL))]
    classes: Option<ClassMethod>,
    /// Classes, at most [default: 5; policy has its own].
    #[arg(long, value_name = "N", value_parser = n_classes)]
    n: Option<usize>,
    /// id or en [default: id].
    #[arg(long, value_name = "LANGUAGE")]
    lang: Option<Language>,
}

/// A file, and the form that its suffix names.
#[derive(Debug, Clone)]
struct OutFile {
    path: PathBuf,
    form: Form,
}

/// A picture's file, and the form that its suffix names.
#[derive(Debug, Clone)]
struct PictureFile {
    path: PathBuf,
    form: PictureForm,
}

/// A file of the list of faults, and the form that its suffix names.
#[derive(Debug, Clone)]
struct FaultFile {
    path: PathBuf,
    form: FaultForm,
}

fn fault_file(text: &str) -> Result<FaultFile, String> {
    let path = PathBuf::from(text);
    let form = choice(&suffix(&path), &FaultForm::ALL)
        .map_err(|_unknown| "the suffix must be .csv, .geojson or .gpkg".to_owned())?;
    Ok(FaultFile { path, form })
}

fn suffix(path: &Path) -> String {
    let suffix = path.extension().and_then(|suffix| suffix.to_str());
    suffix.unwrap_or_default().to_ascii_lowercase()
}

fn picture_file(text: &str) -> Result<PictureFile, String> {
    let path = PathBuf::from(text);
    let form = choice(&suffix(&path), &PictureForm::ALL)
        .map_err(|_unknown| "the suffix must be .svg or .png".to_owned())?;
    Ok(PictureFile { path, form })
}

fn out_file(text: &str) -> Result<OutFile, String> {
    let path = PathBuf::from(text);
    let form = choice(&suffix(&path), &Form::ALL)
        .map_err(|_unknown| "the suffix must be .csv, .xlsx, .geojson or .json".to_owned())?;
    Ok(OutFile { path, form })
}

/// One of a list of words.
fn choice<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    choices
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, choice)| *choice)
        .ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            format!("expected one of {}", words.join(", "))
        })
}

fn n_classes(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|n| (1..=MAX_N_CLASSES).contains(n))
        .ok_or_else(|| format!("expected a whole number from 1 to {MAX_N_CLASSES}"))
}

/// Writes what was asked for.
pub(super) async fn export(
    database: &Database,
    typed: Export,
    json: bool,
    cancel: &AtomicBool,
) -> Result<(), CliError> {
    match typed.what {
        ExportWhat::Access(typed) => access(database, *typed, json, cancel).await,
        ExportWhat::DataQuality(typed) => data_quality(database, *typed, json).await,
        ExportWhat::Map(typed) => map(database, *typed, json).await,
    }
}

async fn data_quality(
    database: &Database,
    typed: ExportDataQuality,
    json: bool,
) -> Result<(), CliError> {
    let FaultFile { path, form } = typed.out;
    let choice = FaultChoice {
        kind: typed.kind,
        service: typed.service,
        limit: i64::MAX,
        ..FaultChoice::default()
    };
    let language = typed.lang.unwrap_or(Language::Indonesian);
    let report = export_faults(database, &choice, language, form, &path).await?;
    if report.notice.is_some() {
        print_sample_notice()?;
    }
    if json {
        return Ok(print_json(&report)?);
    }
    let (file, rows) = (report.file.display(), report.rows);
    print_line(format!("{file}: {rows} faults, list {}", report.list))?;
    if report.stale {
        print_line("newer data have been imported: run jangkau compute, then export again")?;
    }
    Ok(())
}

async fn map(database: &Database, typed: ExportMap, json: bool) -> Result<(), CliError> {
    let indicator = typed.number.indicator()?;
    let size = PictureSize::of_sides(typed.width, typed.height).map_err(CliError::Size)?;
    let PictureFile { path, form } = typed.out;
    let wanted = typed.classes.wanted();
    let report = export_picture(database, &indicator, &wanted, (size, form), &path).await?;
    let (width, height) = (size.width_px(), size.height_px());
    let line = format!(
        "{}: {width} × {height}, {}, run {}",
        report.file.display(),
        report.indicator,
        report.run
    );
    say(&report, &line, json)
}

/// Says what was written.
fn say(report: &ExportReport, line: &str, json: bool) -> Result<(), CliError> {
    if report.notice.is_some() {
        print_sample_notice()?;
    }
    if json {
        return Ok(print_json(report)?);
    }
    print_line(line)?;
    if report.stale {
        print_line("newer data have been imported: run jangkau compute, then export again")?;
    }
    Ok(())
}

async fn access(
    database: &Database,
    typed: ExportAccess,
    json: bool,
    cancel: &AtomicBool,
) -> Result<(), CliError> {
    let indicator = typed.number.indicator()?;
    let wanted = Wanted {
        by: typed.by.unwrap_or(GroupBy::Village),
        rows: RowChoice {
            kecamatan: typed.kecamatan,
            sort: typed.sort.unwrap_or_default(),
            order: typed.order,
            top: typed.top.and_then(|n| usize::try_from(n).ok()),
        },
        ..typed.classes.wanted()
    };
    let OutFile { path, form } = typed.out;
    let report = export_answer(database, &indicator, &wanted, form, &path, cancel).await?;
    let line = format!(
        "{}: {} rows of {}, run {}",
        report.file.display(),
        report.rows,
        report.indicator,
        report.run
    );
    say(&report, &line, json)
}

impl WhichNumber {
    fn indicator(self) -> Result<crate::domain::Indicator, CliError> {
        let catalogue = Catalogue::built_in();
        let name = self.service.unwrap_or(ServiceName::Clinic);
        let tier = self
            .tier
            .map(|text| catalogue.service(name).parse_tiers(&text))
            .transpose()?;
        Ok(catalogue.indicator(IndicatorChoice {
            service: self.service,
            mode: self.mode,
            season: self.season,
            metric: self.metric,
            tier,
        }))
    }
}

impl WhichClasses {
    fn wanted(&self) -> Wanted {
        Wanted {
            method: self.classes.unwrap_or(ClassMethod::Policy),
            n_classes: self.n.unwrap_or(DEFAULT_N_CLASSES),
            language: self.lang.unwrap_or(Language::Indonesian),
            ..Wanted::default()
        }
    }
}
