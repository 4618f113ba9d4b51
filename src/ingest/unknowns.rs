//! Values that were not understood, counted per value instead of per record.

use std::collections::BTreeMap;

use crate::domain::{Finding, FindingCode, Severity};

use super::findings::shortened;

/// Values told apart; a column of free text has as many as there are records.
const MAX_VALUES: usize = 200;

/// What was not understood, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Misreading {
    /// On no list, or no number: taken as unknown.
    Unknown,
    /// A road class that is on no list: taken as a road of unknown class.
    UnknownClass,
    /// On no list, or no number: the record keeps what it had.
    Kept,
    /// A count with separators of thousands: taken without them.
    Thousands,
}

/// Everything not understood in one file.
#[derive(Debug, Default)]
pub(super) struct Unknowns {
    values: BTreeMap<(&'static str, Misreading, String), Seen>,
}

#[derive(Debug)]
struct Seen {
    count: u64,
    first_fid: i64,
}

impl Unknowns {
    /// Notes a value of `field` in feature `fid`.
    pub(super) fn note(&mut self, field: &'static str, what: Misreading, value: &str, fid: i64) {
        let key = (field, what, shortened(value));
        let key = if self.values.len() < MAX_VALUES || self.values.contains_key(&key) {
            key
        } else {
            (field, what, "(other values)".to_owned())
        };
        self.values
            .entry(key)
            .or_insert(Seen {
                count: 0,
                first_fid: fid,
            })
            .count += 1;
    }

    /// One warning for each value.
    pub(super) fn finish(self) -> impl Iterator<Item = Finding> {
        self.values.into_iter().map(|((field, what, value), seen)| {
            let records = match seen.count {
                1 => "1 record".to_owned(),
                count => format!("{count} records"),
            };
            let (code, cause, mend) = match what {
                Misreading::Unknown => (
                    FindingCode::CodeUnknown,
                    format!("the value is not understood; `{field}` is unknown for {records}"),
                    "correct it, or name another column with --map",
                ),
                Misreading::UnknownClass => (
                    FindingCode::CodeUnknown,
                    format!("the class is on no list; {records} became roads of unknown class"),
                    "correct it, or name another column with --map class=COLUMN",
                ),
                Misreading::Kept => (
                    FindingCode::CodeUnknown,
                    format!(
                        "the value is not understood; {records} kept the `{field}` that they had"
                    ),
                    "correct it, or name another column with --map",
                ),
                Misreading::Thousands => (
                    FindingCode::CodeAmbiguous,
                    format!("the separators were taken as those of thousands in {records}"),
                    "if they are decimals, write the numbers without them",
                ),
            };
            Finding {
                fid: Some(seen.first_fid),
                field: Some(field.to_owned()),
                value: Some(value),
                ..Finding::new(Severity::Warning, code, cause, mend)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_told_once_with_its_number() {
        let mut unknowns = Unknowns::default();
        for fid in [4, 7, 9] {
            unknowns.note("surface", Misreading::Unknown, "lumpur", fid);
        }
        let findings: Vec<Finding> = unknowns.finish().collect();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].fid, Some(4));
        assert!(findings[0].cause.contains("3 records"));
    }

    #[test]
    fn free_text_does_not_fill_memory() {
        let mut unknowns = Unknowns::default();
        for fid in 0..100_000 {
            unknowns.note("surface", Misreading::Unknown, &fid.to_string(), fid);
        }
        assert_eq!(unknowns.finish().count(), MAX_VALUES + 1);
    }
}
