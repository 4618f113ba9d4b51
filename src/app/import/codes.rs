//! What the lists of codes say of the villages that an import names.

use super::parts::listed;
use crate::domain::{Finding, FindingCode, Layer, RecordKind, Severity};
use crate::store::UnlistedCode;

/// Whether the records of a layer name villages.
pub(super) fn names_villages(layer: Layer) -> bool {
    matches!(
        layer.kind(),
        RecordKind::Village
            | RecordKind::VillageValues
            | RecordKind::Settlement
            | RecordKind::VillageOffice
    )
}

/// Codes that are on no list, and villages of which a list has another name.
pub(super) fn unlisted(codes: &[UnlistedCode]) -> Vec<Finding> {
    let (known, unknown): (Vec<&UnlistedCode>, Vec<&UnlistedCode>) =
        codes.iter().partition(|code| code.listed_name.is_some());
    let mut findings = listed(unknown.into_iter().map(unknown_code), "on no list");
    findings.extend(listed(
        known.into_iter().map(other_name),
        "named otherwise on the list",
    ));
    findings
}

fn unknown_code(code: &UnlistedCode) -> Finding {
    let (edition, source) = &code.list;
    let records = match code.n_records {
        1 => String::new(),
        n_records => format!(" ({n_records} records)"),
    };
    let mend = match (&code.suggestion, &code.name) {
        (Some(suggestion), Some(name)) => {
            format!("{name} of the same district has {suggestion} there: write that if it is meant")
        }
        _ => "correct the code, or load a newer list with jangkau codes load".to_owned(),
    };
    Finding {
        value: Some(code.code.clone()),
        ..Finding::new(
            Severity::Warning,
            FindingCode::CodeUnknown,
            format!("the list of codes {edition} ({source}) does not have this code{records}"),
            &mend,
        )
    }
}

fn other_name(code: &UnlistedCode) -> Finding {
    let (edition, source) = &code.list;
    let name = code.name.as_deref().unwrap_or_default();
    let listed_name = code.listed_name.as_deref().unwrap_or_default();
    Finding {
        field: Some("name".to_owned()),
        value: Some(name.to_owned()),
        ..Finding::new(
            Severity::Info,
            FindingCode::NameDiffers,
            format!(
                "{} is {name} here and {listed_name} on the list of codes {edition} ({source})",
                code.code
            ),
            "nothing to do if both are one village; else look at the code",
        )
    }
}
