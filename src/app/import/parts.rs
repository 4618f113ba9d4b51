//! What an import of a part says of the rest of its layer.

use crate::domain::{Finding, FindingCode, Layer, Part, Severity};
use crate::store::{Composed, LookAlike, SetAside};

/// Findings of one kind that are listed one by one.
const MAX_LISTED: usize = 100;

/// A record whose key the way of importing does not allow.
pub(super) fn refused_key(part: Part, source: &str, key: &str) -> Finding {
    let (code, cause, mend) = match part {
        Part::Add => (
            FindingCode::KeyDuplicate,
            format!("source `{source}` has a record with this key already"),
            "leave it out, or import with --update, too",
        ),
        _ => (
            FindingCode::KeyUnknown,
            format!("source `{source}` has no record with this key that could be updated"),
            "correct the key, or import with --add, too",
        ),
    };
    Finding {
        value: Some(key.to_owned()),
        ..finding(Severity::Error, code, cause, mend)
    }
}

/// That columns were mapped as before.
pub(super) fn mapped_as_before(profile: &str, mapping: &[String]) -> Finding {
    finding(
        Severity::Info,
        FindingCode::ColumnsProfile,
        format!(
            "columns were mapped as last time for `{profile}`: {}",
            mapping.join(", ")
        ),
        "nothing to do; --map goes before it",
    )
}

/// What composing the version did, for people.
pub(super) fn of_composing(layer: Layer, composed: &Composed) -> Vec<Finding> {
    let set_aside = composed.set_aside.iter().map(set_aside);
    let look_alikes = composed
        .look_alikes
        .iter()
        .map(|pair| look_alike(layer, pair));
    let mut findings = listed(set_aside, "set aside");
    findings.extend(listed(look_alikes, "alike"));
    findings
}

/// Codes of villages that are not among the active ones.
pub(super) fn unknown_villages(codes: &[String]) -> Vec<Finding> {
    let unknown = codes.iter().map(|code| Finding {
        value: Some(code.clone()),
        ..finding(
            Severity::Warning,
            FindingCode::CodeUnknown,
            "no active village has this code, so its values count nowhere".to_owned(),
            "correct the code, or import the village; rows of other districts may stay",
        )
    });
    listed(unknown, "unknown")
}

fn set_aside(pair: &SetAside) -> Finding {
    let SetAside {
        source,
        key,
        kept_source,
        kept_key,
    } = pair;
    Finding {
        value: Some(key.clone()),
        ..finding(
            Severity::Info,
            FindingCode::RecordSetAside,
            format!(
                "record {key} of `{source}` is kept aside: {kept_key} of `{kept_source}` stands for it"
            ),
            "nothing to do; --precedence says which source goes first",
        )
    }
}

fn look_alike(layer: Layer, pair: &LookAlike) -> Finding {
    let LookAlike {
        source,
        key,
        other_source,
        other_key,
        name,
        distance_m,
    } = pair;
    Finding {
        value: Some(name.clone()),
        ..finding(
            Severity::Warning,
            FindingCode::RecordLookAlike,
            format!(
                "{key} of `{source}` and {other_key} of `{other_source}` are {distance_m:.0} m apart, of the same name, \
                 and both count"
            ),
            &format!(
                "if they are one: jangkau duplicates {layer} --same '{source}:{key}={other_source}:{other_key}'"
            ),
        )
    }
}

/// At most a hundred findings, and a line for the rest.
pub(super) fn listed(findings: impl ExactSizeIterator<Item = Finding>, what: &str) -> Vec<Finding> {
    let n_more = findings.len().saturating_sub(MAX_LISTED);
    let mut listed: Vec<Finding> = findings.take(MAX_LISTED).collect();
    if n_more > 0
        && let Some(last) = listed.last()
    {
        let more = finding(
            last.severity,
            last.code,
            format!("{n_more} more are {what}"),
            "mend the listed ones first",
        );
        listed.push(more);
    }
    listed
}

pub(super) fn finding(severity: Severity, code: FindingCode, cause: String, mend: &str) -> Finding {
    Finding {
        code,
        severity,
        file: String::new(),
        fid: None,
        field: None,
        value: None,
        cause,
        mend: mend.to_owned(),
    }
}
