//! Writes an indicator's answer into a file, as `/access` would send it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::TryStreamExt;
use serde::Serialize;

use super::AppError;
use super::answer::{AnswerError, Form, Wanted, download, read_indicator};
use crate::domain::{Indicator, RunId};
use crate::publish::UnfinishedFile;
use crate::store::Database;

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// The file.
    pub file: PathBuf,
    /// The name that the same file has as a download; `CONTOH-` begins that of a sample.
    pub download_name: String,
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
    let mut report = ExportReport {
        file: file.to_owned(),
        download_name: String::new(),
        indicator: indicator.to_string(),
        run: answer.rule.run_id.clone(),
        stale: answer.rule.stale,
        rows: answer.rows.len(),
        notice: answer.notice,
    };
    let mut download = download(reads, answer, wanted, form).await?;
    let mut unfinished = UnfinishedFile::begin(file)?;
    while let Some(bytes) = download.content.try_next().await? {
        if cancel.load(Ordering::Relaxed) {
            return Err(AppError::Cancelled);
        }
        unfinished.write(&bytes)?;
    }
    unfinished.finish()?;
    report.download_name = download.file_name;
    Ok(report)
}
