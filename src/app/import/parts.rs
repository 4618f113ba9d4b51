//! What an import of a part says of the rest of its layer.

use crate::app::sections::stretch;
use crate::domain::{Finding, FindingCode, Layer, Part, Severity};
use crate::store::{Clash, Composed, LookAlike, SectionLength, SetAside};

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
        ..Finding::new(Severity::Error, code, cause, mend)
    }
}

/// Records whose keys another source has for something else.
pub(super) fn clashing_keys(clashes: &[Clash]) -> Vec<Finding> {
    let clash = |clash: &Clash| {
        let Clash {
            source,
            key,
            kept_source,
            distance_m,
        } = clash;
        Finding {
            value: Some(key.clone()),
            ..Finding::new(
                Severity::Error,
                FindingCode::KeyDuplicate,
                format!(
                    "`{source}` and `{kept_source}` both have a record {key}, {:.1} km apart: they are not one",
                    distance_m / 1000.0
                ),
                "name a column of official codes with --key, or take keys from the geometry with --map id=",
            )
        }
    };
    listed(clashes.iter().map(clash), "clashing")
}

/// That columns were mapped as before.
pub(super) fn mapped_as_before(profile: &str, mapping: &[String]) -> Finding {
    Finding::new(
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
        ..Finding::new(
            Severity::Warning,
            FindingCode::CodeUnknown,
            "no active village has this code, so its values count nowhere".to_owned(),
            "correct the code, or import the village; rows of other districts may stay",
        )
    });
    listed(unknown, "unknown")
}

/// Roads whose sections go to another length than their line, or that are not there.
pub(super) fn wrong_lengths(roads: &[SectionLength]) -> Vec<Finding> {
    let wrong = roads.iter().filter_map(|road| {
        let stated_km = road.stated_m / 1000.0;
        let (cause, mend) = match road.length_m {
            None => (
                "no active road has this id, so its sections count nowhere".to_owned(),
                "import the road, or correct the number",
            ),
            Some(length_m) if stretch(road.stated_m, length_m).is_none() => (
                format!(
                    "its sections go to {stated_km:.2} km, its line is {:.2} km long, more than 5 % apart: stations are \
                     taken as they are",
                    length_m / 1000.0
                ),
                "check the stations, and whether the line is the whole road and starts where they do",
            ),
            Some(_) => return None,
        };
        Some(Finding {
            value: Some(road.road.clone()),
            ..Finding::new(Severity::Warning, FindingCode::StationLength, cause, mend)
        })
    });
    let wrong: Vec<Finding> = wrong.collect();
    listed(wrong.into_iter(), "of another length")
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
        ..Finding::new(
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
        ..Finding::new(
            Severity::Warning,
            FindingCode::RecordLookAlike,
            format!(
                "{key} of `{source}` and {other_key} of `{other_source}` are {distance_m:.0} m apart, of the same name, \
                 and both count"
            ),
            format!(
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
        let more = Finding::new(
            last.severity,
            last.code,
            format!("{n_more} more are {what}"),
            "mend the listed ones first",
        );
        listed.push(more);
    }
    listed
}
