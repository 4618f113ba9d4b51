//! Villages that overlap, leave gaps, or are there twice.

use crate::domain::{Finding, FindingCode, Severity};
use crate::store::{Gap, Largest, Overlap, Staging, StoreError};

/// Overlaps and gaps up to this size are slivers of drawing.
const SLIVER_M2: f64 = 10_000.0;

/// Findings of one kind that are listed one by one.
const MAX_LISTED: usize = 100;

const M2_PER_HECTARE: f64 = 10_000.0;

/// What is wrong between the staged villages; nothing for other layers.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn between_villages(staging: &Staging) -> Result<Vec<Finding>, StoreError> {
    let overlaps = staging.overlaps(SLIVER_M2).await?;
    let gaps = staging.gaps(SLIVER_M2).await?;
    let mut findings = listed(&overlaps, overlap, "overlap by more than a hectare");
    findings.extend(listed(&gaps, gap, "gaps are larger than a hectare"));
    Ok(findings)
}

fn overlap(overlap: &Overlap) -> Finding {
    let Overlap {
        one: (code, name),
        other: (other_code, other_name),
        area_m2,
        is_same_shape,
    } = overlap;
    let hectares = area_m2 / M2_PER_HECTARE;
    let (what, mend) = if *is_same_shape {
        (
            "have one shape",
            "leave one of them out, or draw it where it lies",
        )
    } else {
        (
            "overlap",
            "if that is not meant, snap the borders in QGIS (Topology checker), and import again; \
             a place in both belongs to the lower code",
        )
    };
    Finding {
        value: Some(format!("{code}, {other_code}")),
        ..Finding::new(
            Severity::Warning,
            FindingCode::TopologyOverlap,
            format!("{name} ({code}) and {other_name} ({other_code}) {what}: {hectares:.1} ha"),
            mend,
        )
    }
}

fn gap(gap: &Gap) -> Finding {
    Finding {
        value: Some(format!("{:.5}, {:.5}", gap.place.lon(), gap.place.lat())),
        ..Finding::new(
            Severity::Warning,
            FindingCode::TopologyGap,
            format!(
                "{:.1} ha between the villages belong to none of them",
                gap.area_m2 / M2_PER_HECTARE
            ),
            "if that is not meant, snap the borders in QGIS (Topology checker), or add the village that is missing",
        )
    }
}

/// At most a hundred findings, and a line for the rest.
fn listed<T>(largest: &Largest<T>, one: impl Fn(&T) -> Finding, what: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> = largest.listed.iter().take(MAX_LISTED).map(one).collect();
    let n_more = largest.n_all.saturating_sub(findings.len() as u64);
    if 0 < n_more
        && let Some(last) = findings.last()
    {
        let more = Finding::new(
            last.severity,
            last.code,
            format!("{n_more} more {what}"),
            "mend the listed ones first, which are the largest",
        );
        findings.push(more);
    }
    findings
}
