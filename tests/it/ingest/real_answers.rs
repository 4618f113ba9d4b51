//! What is answered to every real file at hand, compared with the table in `docs/REAL-DATA.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::*;

/// Layers of one file that an answer names.
const MAX_LAYERS: usize = 3;

/// Suffixes of what lies beside a shapefile, and of texts about data.
const NOT_ASKED: [&str; 11] = [
    "shx", "dbf", "prj", "cpg", "qpj", "qix", "md", "lic", "keywords", "tsv", "license",
];

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().to_lowercase();
        let suffix = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let is_about = name.starts_with("license") || name == "attribution";
        if !is_about && !NOT_ASKED.contains(&suffix.as_str()) {
            found.push(path);
        }
    }
}

/// Layers, then what reading the first of them gives.
fn answer(path: &Path) -> String {
    let inspection = inspected(path);
    if inspection.layers.is_empty() {
        let refused = codes_of(&inspection.findings, Severity::Error);
        return format!("refused: {refused}");
    }
    let mut answer = inspection.layers[0].format.clone();
    for (position, layer) in inspection.layers.iter().take(MAX_LAYERS).enumerate() {
        let count = layer
            .n_features
            .map_or_else(|| "?".to_owned(), |count| count.to_string());
        let mark = if position == 0 { ":" } else { "," };
        write!(answer, "{mark} `{}` {count}", layer.name).unwrap();
    }
    if let Some(others @ 1..) = inspection.layers.len().checked_sub(MAX_LAYERS) {
        write!(answer, " and {others} more").unwrap();
    }
    let files = FilesToRead {
        files: vec![path.to_owned()],
        source_layer: Some("1".to_owned()),
        ..FilesToRead::default()
    };
    let read = read_features(
        &files,
        &reader(),
        &mut |_, _| ControlFlow::Continue(()),
        &AtomicBool::new(false),
    )
    .unwrap();
    let (errors, warnings) = (
        codes_of(&read.findings, Severity::Error),
        codes_of(&read.findings, Severity::Warning),
    );
    match (read.n_read, errors.as_str()) {
        (0, errors) if !errors.is_empty() => write!(answer, "; refused: {errors}").unwrap(),
        (n_read, "") => write!(answer, "; read {n_read}").unwrap(),
        (n_read, errors) => {
            let n_rejected = read
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .count();
            write!(answer, "; read {n_read}, rejected {n_rejected}: {errors}").unwrap();
        }
    }
    if !warnings.is_empty() {
        write!(answer, "; warned: {warnings}").unwrap();
    }
    answer
}

fn codes_of(findings: &[Finding], severity: Severity) -> String {
    let codes: BTreeSet<&str> = findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .map(|finding| finding.code.as_str())
        .collect();
    codes.into_iter().collect::<Vec<_>>().join(", ")
}

/// The answers that the table in the docs gives, by path.
fn told() -> BTreeMap<String, String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/REAL-DATA.md");
    let text = std::fs::read_to_string(docs).unwrap();
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, path, _, answer, _, _] = cells.as_slice() else {
            return None;
        };
        (path.contains('.') && !answer.is_empty())
            .then(|| ((*path).to_owned(), (*answer).to_owned()))
    });
    rows.collect()
}

#[test]
fn every_real_file_is_answered_as_the_docs_say() {
    let Some(folder) = real_data::folder() else {
        return;
    };
    let mut files = Vec::new();
    files_below(&folder, &mut files);
    files.sort();
    let mut told = told();
    let mut wrong = String::new();
    for file in files {
        let path = file
            .strip_prefix(&folder)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let answer = answer(&file);
        let expected = told.remove(&path);
        if expected.as_deref() != Some(&answer) {
            writeln!(wrong, "| {path} | | {answer} | | (docs: {expected:?})").unwrap();
        }
    }
    assert!(
        wrong.is_empty(),
        "docs/REAL-DATA.md says otherwise:\n{wrong}"
    );
    assert!(
        told.is_empty(),
        "docs/REAL-DATA.md tells of files that are not there: {told:?}"
    );
}
