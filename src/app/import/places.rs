//! Places that lie where nobody gets to them, or in no village.

use super::parts::listed;
use crate::domain::{Finding, FindingCode, Severity};
use crate::store::{NamedRecord, Staging, StoreError};

/// What is doubtful about where the staged places lie, against the roads and villages that are active.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn doubtful(staging: &Staging) -> Result<Vec<Finding>, StoreError> {
    let far = staging.far_from_roads().await?;
    let outside = staging.outside_villages().await?;
    let far = far.iter().map(|place| {
        about(
            place,
            FindingCode::PlaceFar,
            "more than 1 km from every road",
            "look at the place on the map; if it is right, a road or path is missing",
        )
    });
    let outside = outside.iter().map(|place| {
        about(
            place,
            FindingCode::PlaceOutside,
            "in no village",
            "look at the place on the map; places in other districts may stay",
        )
    });
    let mut findings = listed(far, "more than 1 km from every road");
    findings.extend(listed(outside, "in no village"));
    Ok(findings)
}

fn about(place: &NamedRecord, code: FindingCode, lies: &str, mend: &str) -> Finding {
    let name = place.name.as_deref().unwrap_or("a place without a name");
    Finding {
        value: Some(place.key.clone()),
        ..Finding::new(Severity::Warning, code, format!("{name} lies {lies}"), mend)
    }
}
