//! Lists of village codes: the one that comes with the program, and those that people load.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::AppError;
use crate::domain::{
    AreaCode, CodeList, Finding, Layer, ListedCode, Severity, folded, shipped_codes,
};
use crate::ingest::{Header, ImportRequest, RawFeature, ReaderCommand, read_features_of};
use crate::store::{CodeListEntry, Database, ListOrigin};

/// Lines of a list; all of Indonesia has 84,000 villages.
const MAX_LINES: usize = 500_000;

/// Faults that are named before the rest is only counted.
const MAX_NAMED: usize = 20;

/// Headings of a list, in small letters and digits; the first that is there counts.
const CODE: &[&str] = &["code", "kode", "kodekemendagri", "kodewilayah", "kodedesa"];
const NAME: &[&str] = &[
    "name",
    "nama",
    "namadesa",
    "namakemendagri",
    "desa",
    "kelurahan",
];
const KECAMATAN: &[&str] = &["kecamatan", "namakecamatan"];
const BPS: &[&str] = &["bps", "kodebps", "idbps"];

/// A list of codes that somebody brings.
#[derive(Debug, Clone)]
pub struct CodesToLoad<'a> {
    /// A table with the columns `code` and `name`, perhaps `kecamatan` and `bps`.
    pub file: &'a Path,
    /// When the list came out: `2025`, `2025-06` or `2025-06-30`.
    pub edition: &'a str,
    /// The decree or the office that it is from.
    pub source: &'a str,
    /// Who loads it.
    pub loaded_by: &'a str,
}

/// The editions that are there, the newest first.
///
/// # Errors
/// The database cannot be reached.
pub async fn code_lists(database: &Database) -> Result<Vec<CodeListEntry>, AppError> {
    ship_codes(database).await?;
    Ok(database.code_lists().await?)
}

/// Keeps a list of codes, in the place of one of the same edition and source.
///
/// Rows of provinces, districts and kecamatan are no villages and are left out.
///
/// # Errors
/// The file cannot be read, or anything in it is wrong: then nothing has changed.
pub async fn load_codes(
    database: &Database,
    reader: &ReaderCommand,
    to_load: &CodesToLoad<'_>,
    cancel: Arc<AtomicBool>,
) -> Result<CodeListEntry, AppError> {
    CodeList::check_edition(to_load.edition).map_err(|cause| AppError::Usage(cause.to_string()))?;
    let (file, command) = (to_load.file.to_owned(), reader.clone());
    let reading = move || read_list(&file, &command, &cancel);
    let read = tokio::task::spawn_blocking(reading).await;
    let codes = read.map_err(|cause| AppError::System {
        doing: "read a list of codes",
        cause: cause.to_string(),
    })??;
    let list = CodeList {
        edition: to_load.edition.to_owned(),
        source: to_load.source.to_owned(),
        codes,
    };
    let origin = ListOrigin::LoadedBy(to_load.loaded_by);
    database.keep_codes(&list, origin).await?;
    let lists = database.code_lists().await?;
    let is_it = |each: &CodeListEntry| {
        !each.is_shipped && each.edition == list.edition && each.source == list.source
    };
    lists.into_iter().find(is_it).ok_or(AppError::System {
        doing: "look at the list of codes",
        cause: "somebody replaced it at the same time".to_owned(),
    })
}

/// Puts the list that comes with the program where the others are.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn ship_codes(database: &Database) -> Result<(), AppError> {
    let list = shipped_codes().map_err(|cause| AppError::System {
        doing: "read the list of codes of this program",
        cause: cause.to_string(),
    })?;
    if !database.has_shipped_codes(&list).await? {
        database.keep_codes(&list, ListOrigin::Shipped).await?;
    }
    Ok(())
}

fn read_list(
    file: &Path,
    reader: &ReaderCommand,
    cancel: &AtomicBool,
) -> Result<Vec<ListedCode>, AppError> {
    let refuse = |cause: String| AppError::Codes {
        file: file.display().to_string(),
        cause,
    };
    // Read as a table by village is: without places.
    let request = ImportRequest::new(Layer::Population, vec![file.to_owned()]);
    let mut lines = Lines::default();
    let mut sink = |header: &Header, feature: RawFeature| {
        lines.add(header, &feature);
        if lines.n_read <= MAX_LINES {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    let read = read_features_of(&request, reader, &mut sink, cancel);
    if MAX_LINES < lines.n_read {
        return Err(refuse(format!("it has more than {MAX_LINES} lines")));
    }
    let read = read?;
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    if let Some(finding) = read.findings.iter().find(is_error) {
        return Err(refuse(format!("{}; {}", finding.cause, finding.mend)));
    }
    lines.finish().map_err(refuse)
}

/// What was read of a list so far.
#[derive(Default)]
struct Lines {
    n_read: usize,
    codes: Vec<ListedCode>,
    kecamatan: BTreeMap<AreaCode, String>,
    faults: Vec<String>,
    lacks_columns: bool,
}

impl Lines {
    fn add(&mut self, header: &Header, feature: &RawFeature) {
        self.n_read += 1;
        let cell = |names: &[&str]| {
            let cell = feature.values.get(column(header, names)?)?;
            Some(cell.to_text().unwrap_or_default())
        };
        let (Some(code), Some(name)) = (cell(CODE), cell(NAME)) else {
            self.lacks_columns = true;
            return;
        };
        if let Ok(area) = AreaCode::parse(code.trim()) {
            self.kecamatan.insert(area, name);
            return;
        }
        let kecamatan = cell(KECAMATAN).unwrap_or_default();
        let bps = cell(BPS).unwrap_or_default();
        match ListedCode::parse(&code, &name, &kecamatan, &bps) {
            Ok(code) => self.codes.push(code),
            Err(cause) => self.faults.push(format!("line {}: {cause}", feature.fid)),
        }
    }

    fn finish(mut self) -> Result<Vec<ListedCode>, String> {
        if self.lacks_columns {
            return Err("it needs the columns `code` and `name`".to_owned());
        }
        let mut seen = BTreeSet::new();
        for each in &self.codes {
            for code in [Some(each.code.to_string()), each.bps.clone()]
                .into_iter()
                .flatten()
            {
                if !seen.insert(code.clone()) {
                    self.faults.push(format!("{code} is there twice"));
                }
            }
        }
        if !self.faults.is_empty() {
            let n_more = self.faults.len().saturating_sub(MAX_NAMED);
            self.faults.truncate(MAX_NAMED);
            let more = match n_more {
                0 => String::new(),
                n_more => format!("; and {n_more} more"),
            };
            return Err(self.faults.join("; ") + &more);
        }
        if self.codes.is_empty() {
            return Err("it has no code of a village".to_owned());
        }
        for each in &mut self.codes {
            if each.kecamatan.is_none()
                && let Some(area) = each.code.kecamatan()
            {
                each.kecamatan = self.kecamatan.get(&area).cloned();
            }
        }
        Ok(self.codes)
    }
}

fn column(header: &Header, names: &[&str]) -> Option<usize> {
    let folded: Vec<String> = header.fields.iter().map(|field| folded(field)).collect();
    let position = |name: &&str| folded.iter().position(|field| field == name);
    names.iter().find_map(position)
}
