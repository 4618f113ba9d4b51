//! Findings while they are collected: made, shortened, counted, and kept to a readable number.

use std::collections::BTreeMap;

use crate::domain::{Finding, FindingCode, Severity};

/// Findings of one code and severity that are listed one by one; the rest is one line with their number.
///
/// A thousand rows are more than anybody mends by hand, and a report of a million would fill memory.
const MAX_LISTED: u64 = 1000;

/// Characters of a value that a finding shows.
const MAX_VALUE_CHARS: usize = 80;

/// An error about a file as a whole.
pub(super) fn error(
    code: FindingCode,
    cause: impl Into<String>,
    mend: impl Into<String>,
) -> Finding {
    Finding::new(Severity::Error, code, cause, mend)
}

/// A value as a finding shows it.
pub(super) fn shortened(value: &str) -> String {
    match value.char_indices().nth(MAX_VALUE_CHARS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// What was found so far, in all files of an import.
#[derive(Default)]
pub(super) struct Findings {
    listed: Vec<Finding>,
    counted: BTreeMap<(Severity, FindingCode), u64>,
}

impl Findings {
    /// Adds a finding about `file`.
    pub(super) fn push(&mut self, file: &str, finding: Finding) {
        let count = self
            .counted
            .entry((finding.severity, finding.code))
            .or_default();
        *count += 1;
        if *count <= MAX_LISTED {
            self.listed.push(Finding {
                file: file.to_owned(),
                value: finding.value.as_deref().map(shortened),
                ..finding
            });
        }
    }

    /// All findings in order of severity, file and feature, with a line for those that are not listed.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        for ((severity, code), count) in self.counted {
            if count > MAX_LISTED {
                self.listed.push(Finding::new(
                    severity,
                    code,
                    format!(
                        "{} more of the same kind are not listed",
                        count - MAX_LISTED
                    ),
                    "mend the listed ones; the others have probably the same cause",
                ));
            }
        }
        self.listed.sort_by(|a, b| {
            (a.severity, &a.file, a.fid, a.code).cmp(&(b.severity, &b.file, b.fid, b.code))
        });
        self.listed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_faults_are_a_thousand_lines_and_a_number() {
        let mut findings = Findings::default();
        for _ in 0..1_000_000 {
            findings.push(
                "a.csv",
                error(FindingCode::GeometryMissing, "no geometry", "add one"),
            );
        }
        let listed = findings.finish();
        assert_eq!(listed.len(), 1000 + 1);
        assert!(
            listed
                .iter()
                .any(|each| each.cause.starts_with("999000 more"))
        );
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(shortened(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
        assert_eq!(shortened(&"é".repeat(80)), "é".repeat(80));
    }
}
