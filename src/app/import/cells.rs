//! Whether the cells of a raster count people at all.

use crate::domain::{Finding, FindingCode, Severity};
use crate::store::{CellsAgainstOfficial, Staging, StoreError};

/// By how many times the people of a raster may differ from the official totals before it is told.
///
/// Rasters of different years and makers differ by tens of percent; a raster of people per square kilometre differs by
/// the area of its cells: 100 times at a hectare.
const MAY_DIFFER: f64 = 3.0;

/// The warning where the staged cells have many more or fewer people than the villages that they touch.
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn against_official(staging: &Staging) -> Result<Option<Finding>, StoreError> {
    let found = staging.cells_against_official().await?;
    Ok(found.and_then(differing))
}

fn differing(
    CellsAgainstOfficial {
        cells,
        official,
        n_villages,
    }: CellsAgainstOfficial,
) -> Option<Finding> {
    let (cells, official) = (cells.to_count(), official.to_count());
    let differs = official * MAY_DIFFER < cells || cells * MAY_DIFFER < official;
    (0.0 < official && differs).then(|| {
        Finding::new(
            Severity::Warning,
            FindingCode::PopulationDiffers,
            format!(
                "the cells have {cells:.0} people in {n_villages} villages whose official total is {official:.0}"
            ),
            "check that the raster holds numbers of people in each cell, not people per square kilometre; \
             what counts is shared in proportion, the official totals stay",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::People;

    fn told(cells: i64, official: i64) -> bool {
        differing(CellsAgainstOfficial {
            cells: People(cells * 1000),
            official: People(official * 1000),
            n_villages: 2,
        })
        .is_some()
    }

    #[test]
    fn more_than_three_times_as_many_or_few_are_told() {
        assert!(!told(300, 100) && told(301, 100));
        assert!(!told(100, 300) && told(100, 301));
        assert!(!told(100, 0));
    }
}
