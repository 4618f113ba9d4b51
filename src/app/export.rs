//! Writes an indicator into a file: its answer as `/access` would send it, its map as `/map.svg` would.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::TryStreamExt;
use serde::Serialize;

use super::AppError;
use super::answer::{
    AnswerError, FaultList, Form, IndicatorAnswer, SAMPLE_MARK, Wanted, download, find_faults,
    read_faults, read_indicator,
};
use super::picture::{PictureWanted, map_picture};
use crate::domain::{Indicator, Language, RunId};
use crate::publish::{
    DecimalMark, PictureForm, PictureSize, UnfinishedFile, draw, table_csv, write_geojson,
    write_geopackage,
};
use crate::store::Database;
use crate::store::reads::FaultChoice;

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// The file; of a sample, `CONTOH-` begins its name.
    pub file: PathBuf,
    /// Short name of the indicator.
    pub indicator: String,
    /// The run that the numbers are from.
    pub run: RunId,
    /// Whether newer data are active than the run has seen.
    pub stale: bool,
    /// Number of rows.
    pub rows: usize,
    /// Where anything read is sample data: the sentence that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'static str>,
}

/// Writes the rows of an indicator's current run; the file is there whole or not at all.
///
/// Where anything read is sample data the file's name gets `CONTOH-` before it, as that of a download has.
///
/// # Errors
/// There is no such answer, it does not fit the form, the database fails, or the file cannot be written.
pub async fn export_answer(
    database: &Database,
    indicator: &Indicator,
    wanted: &Wanted,
    form: Form,
    file: &Path,
    cancel: &AtomicBool,
) -> Result<ExportReport, AppError> {
    let reads = database.reads().await.map_err(AnswerError::from)?;
    let answer = read_indicator(&reads, indicator, wanted).await?;
    let report = report(indicator, &answer, file);
    let mut download = download(reads, answer, wanted, form).await?;
    let mut unfinished = UnfinishedFile::begin(&report.file)?;
    while let Some(bytes) = download.content.try_next().await? {
        if cancel.load(Ordering::Relaxed) {
            return Err(AppError::Cancelled);
        }
        unfinished.write(&bytes)?;
    }
    unfinished.finish()?;
    Ok(report)
}

/// Writes an indicator's current run as a picture; the file is there whole or not at all.
///
/// The name of a sample's file is marked as that of [`export_answer`] is. `wanted` chooses classes and language.
///
/// # Errors
/// There is no such run, the database fails, or the file cannot be written.
pub async fn export_picture(
    database: &Database,
    indicator: &Indicator,
    wanted: &Wanted,
    (size, form): (PictureSize, PictureForm),
    file: &Path,
) -> Result<ExportReport, AppError> {
    let reads = database.reads().await.map_err(AnswerError::from)?;
    let answer = read_indicator(&reads, indicator, wanted).await?;
    let of_picture = PictureWanted {
        language: wanted.language,
        method: wanted.method,
        n_pixels: size.width_px().max(size.height_px()),
    };
    let picture = map_picture(&reads, &answer, of_picture).await?;
    let report = report(indicator, &answer, file);
    let bytes = tokio::task::spawn_blocking(move || draw(&picture, size, form))
        .await
        .map_err(|cause| AnswerError::Unwritable(cause.to_string()))?
        .map_err(|cause| AnswerError::Unwritable(cause.to_string()))?;
    let mut unfinished = UnfinishedFile::begin(&report.file)?;
    unfinished.write(&bytes)?;
    unfinished.finish()?;
    Ok(report)
}

/// What is written of the list of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultForm {
    /// A table for spreadsheets.
    Csv,
    /// Points, for anything.
    GeoJson,
    /// Points, for GIS programs.
    GeoPackage,
}

impl FaultForm {
    /// Every form, by the suffix of its files.
    pub const ALL: [(&'static str, Self); 3] = [
        ("csv", Self::Csv),
        ("geojson", Self::GeoJson),
        ("gpkg", Self::GeoPackage),
    ];
}

/// What an export of the list of faults wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FaultExportReport {
    /// The file; of a sample, `CONTOH-` begins its name.
    pub file: PathBuf,
    /// The list.
    pub list: String,
    /// Whether newer data are active than the list has seen.
    pub stale: bool,
    /// Number of faults.
    pub rows: usize,
    /// Where anything read is sample data: the sentence that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'static str>,
}

/// Writes the faults of the data that are chosen; the file is there whole or not at all.
///
/// The name of a sample's file is marked as that of [`export_answer`] is.
///
/// # Errors
/// No list was made, the database fails, or the file cannot be written.
pub async fn export_faults(
    database: &Database,
    choice: &FaultChoice,
    language: Language,
    form: FaultForm,
    file: &Path,
) -> Result<FaultExportReport, AppError> {
    let reads = database.reads().await.map_err(AnswerError::from)?;
    let head = find_faults(&reads).await?;
    let list = read_faults(&reads, head, choice).await?;
    let report = FaultExportReport {
        file: marked(file, list.notice.is_some()),
        list: list.head.id.clone(),
        stale: list.head.stale,
        rows: list.faults.len(),
        notice: list.notice,
    };
    let path = report.file.clone();
    tokio::task::spawn_blocking(move || write_faults(&list, language, form, &path))
        .await
        .map_err(|cause| AnswerError::Unwritable(cause.to_string()))??;
    Ok(report)
}

fn write_faults(
    list: &FaultList,
    language: Language,
    form: FaultForm,
    path: &Path,
) -> Result<(), AppError> {
    match form {
        FaultForm::GeoJson => write_geojson(&list.layer(language), path)?,
        FaultForm::GeoPackage => write_geopackage(&list.layer(language), path)?,
        FaultForm::Csv => {
            let mark = match language {
                Language::Indonesian => DecimalMark::Comma,
                Language::English => DecimalMark::Point,
            };
            let mut unfinished = UnfinishedFile::begin(path)?;
            unfinished.write(&table_csv(&list.table(language), mark))?;
            unfinished.finish()?;
        }
    }
    Ok(())
}

fn report(indicator: &Indicator, answer: &IndicatorAnswer, file: &Path) -> ExportReport {
    ExportReport {
        file: marked(file, answer.notice.is_some()),
        indicator: indicator.to_string(),
        run: answer.rule.run_id.clone(),
        stale: answer.rule.stale,
        rows: answer.rows.len(),
        notice: answer.notice,
    }
}

/// The file under a name that says whether it is a sample.
fn marked(file: &Path, is_sample: bool) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if is_sample && !name.starts_with(SAMPLE_MARK) {
        file.with_file_name(format!("{SAMPLE_MARK}{name}"))
    } else {
        file.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_samples_file_says_so_once() {
        let marked = |name, is_sample| marked(Path::new(name), is_sample);
        assert_eq!(marked("a/b.csv", true), Path::new("a/CONTOH-b.csv"));
        assert_eq!(marked("CONTOH-b.csv", true), Path::new("CONTOH-b.csv"));
        assert_eq!(marked("a/b.csv", false), Path::new("a/b.csv"));
    }
}
