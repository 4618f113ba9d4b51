//! The rows that an import refused, as they were, beside the reasons.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::app::AppError;
use crate::domain::Finding;
use crate::ingest::{Cell, ImportRequest, RawFeature, ReaderCommand, read_features_of};
use crate::publish::{PublishError, RejectedFile, RejectedRow};

/// Writes the rows of `rejected` into a `GeoPackage`: their values, their geometry where it could be read, and why.
///
/// The files are read once more, so that an import need not keep what it refuses. Blocks.
///
/// # Errors
/// The files changed or are gone, or the file cannot be written.
pub(super) fn write_rejected(
    request: &ImportRequest,
    reader: &ReaderCommand,
    rejected: &[Finding],
    out: &Path,
    cancel: &AtomicBool,
) -> Result<u64, AppError> {
    if out.extension().is_none_or(|suffix| suffix != "gpkg") {
        return Err(AppError::Usage(format!(
            "cannot write {}: refused rows go into a .gpkg",
            out.display()
        )));
    }
    let mut writing = Writing {
        out,
        file: None,
        n_rows: 0,
        failed: None,
    };
    for path in &request.from.files {
        let name = file_name(path);
        let mut reasons: BTreeMap<Option<i64>, &Finding> = BTreeMap::new();
        for finding in rejected.iter().filter(|finding| finding.file == name) {
            reasons.entry(finding.fid).or_insert(finding);
        }
        if reasons.is_empty() {
            continue;
        }
        let mut one_file = request.clone();
        one_file.from.files = vec![path.clone()];
        let mut sink = |header: &crate::ingest::Header, feature: RawFeature| {
            if let Some(finding) = reasons.remove(&Some(feature.fid)) {
                writing.add(&header.fields, finding, Some(&feature));
            }
            match writing.failed {
                Some(_) => ControlFlow::Break(()),
                None => ControlFlow::Continue(()),
            }
        };
        let read = read_features_of(&one_file, reader, &mut sink, cancel);
        if let Some(error) = writing.failed.take() {
            return Err(error.into());
        }
        read?;
        // What the reader itself could not take has a reason and no values.
        for finding in reasons.values() {
            writing.add(&[], finding, None);
        }
    }
    writing.finish()
}

struct Writing<'a> {
    out: &'a Path,
    file: Option<RejectedFile>,
    n_rows: u64,
    failed: Option<PublishError>,
}

impl Writing<'_> {
    fn add(&mut self, columns: &[String], finding: &Finding, feature: Option<&RawFeature>) {
        if let Err(error) = self.try_add(columns, finding, feature) {
            self.failed.get_or_insert(error);
        }
    }

    fn try_add(
        &mut self,
        columns: &[String],
        finding: &Finding,
        feature: Option<&RawFeature>,
    ) -> Result<(), PublishError> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(RejectedFile::begin(self.out)?),
        };
        let values: Vec<Option<String>> = feature
            .map(|feature| feature.values.iter().map(Cell::to_text).collect())
            .unwrap_or_default();
        file.add(&RejectedRow {
            code: finding.code.as_str(),
            cause: &finding.cause,
            mend: &finding.mend,
            file: &finding.file,
            fid: finding.fid,
            columns,
            values: &values,
            geometry: feature.and_then(|feature| feature.geometry.as_ref()),
        })?;
        self.n_rows += 1;
        Ok(())
    }

    fn finish(self) -> Result<u64, AppError> {
        if let Some(error) = self.failed {
            return Err(error.into());
        }
        if let Some(file) = self.file {
            file.finish()?;
        }
        Ok(self.n_rows)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
