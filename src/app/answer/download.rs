//! An answer as a file: the same rows, in the same order, with the same letters.

use futures_util::stream::{self, BoxStream, StreamExt};

use super::geojson::geojson;
use super::table::table;
use super::{AnswerError, IndicatorAnswer, Wanted};
use crate::domain::{Language, Rule};
use crate::publish::{DecimalMark, table_csv, table_workbook};
use crate::store::reads::Reads;

/// What begins the name of a file made from sample data.
pub const SAMPLE_MARK: &str = "CONTOH-";

/// What an answer is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The answer itself.
    Json,
    /// A table for spreadsheets.
    Csv,
    /// A workbook: a sheet of rows, and one that explains them.
    Xlsx,
    /// Villages with their areas.
    GeoJson,
}

impl Form {
    /// Every form, by the word it has in addresses, which is also the suffix of its files.
    pub const ALL: [(&'static str, Self); 4] = [
        ("json", Self::Json),
        ("csv", Self::Csv),
        ("xlsx", Self::Xlsx),
        ("geojson", Self::GeoJson),
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::GeoJson => "geojson",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::GeoJson => "application/geo+json",
        }
    }
}

/// A file, its content as it is made.
pub struct Download {
    /// Its name, plain ASCII: `jangkau-clinic.motorcycle.dry.time-0123abcd.csv`, before it `CONTOH-` of a sample.
    pub file_name: String,
    /// Its content. Once it has begun, an error means that it broke off.
    pub content: BoxStream<'static, Result<Vec<u8>, AnswerError>>,
}

/// An answer as a file of a form.
///
/// # Errors
/// The form cannot hold the answer, or the database fails.
pub async fn download(
    reads: Reads,
    answer: IndicatorAnswer,
    wanted: &Wanted,
    form: Form,
) -> Result<Download, AnswerError> {
    let file_name = file_name(&answer.rule, answer.notice.is_some(), form.as_str());
    let content = match form {
        Form::GeoJson => geojson(reads, answer, wanted).await?,
        Form::Json | Form::Csv | Form::Xlsx => {
            drop(reads);
            let wanted = wanted.clone();
            let written = tokio::task::spawn_blocking(move || whole(&answer, &wanted, form))
                .await
                .map_err(|cause| AnswerError::Unwritable(cause.to_string()))??;
            stream::once(async { Ok(written) }).boxed()
        }
    };
    Ok(Download { file_name, content })
}

fn whole(answer: &IndicatorAnswer, wanted: &Wanted, form: Form) -> Result<Vec<u8>, AnswerError> {
    let unwritable = |cause: &dyn ToString| AnswerError::Unwritable(cause.to_string());
    let mark = match wanted.language {
        Language::Indonesian => DecimalMark::Comma,
        Language::English => DecimalMark::Point,
    };
    match form {
        Form::Csv => Ok(table_csv(&table(answer, wanted), mark)),
        Form::Xlsx => table_workbook(&table(answer, wanted)).map_err(|cause| unwritable(&cause)),
        Form::Json | Form::GeoJson => {
            serde_json::to_vec(answer).map_err(|cause| unwritable(&cause))
        }
    }
}

/// The name of a file made from a run: indicator, and the first eight digits of the run.
pub fn file_name(rule: &Rule, is_sample: bool, suffix: &str) -> String {
    let mark = if is_sample { SAMPLE_MARK } else { "" };
    let run: String = rule.run_id.0.chars().take(8).collect();
    format!(
        "{mark}jangkau-{}.{}.{}.{}-{run}.{suffix}",
        rule.service, rule.mode, rule.season, rule.metric
    )
}
