//! What a number of a run came from: its data, and the place of the median person.

use std::collections::BTreeMap;

use crate::domain::{DatasetVersionId, Layer, LonLat, ReachState, RunId, VillageCode};
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::geometry::from_point;
use crate::store::reading::{read, word};

/// Where the median person of a village lives, and where they go.
#[derive(Debug, Clone, PartialEq)]
pub struct MedianPerson {
    /// Their state.
    pub state: ReachState,
    /// Key of the nearest facility; none where there is none.
    pub facility: Option<String>,
    /// Where they live. EPSG:4326.
    pub place: LonLat,
}

impl Database {
    /// The median person of a village in a run; none where the run does not know the village.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn median_person(
        &self,
        run: &RunId,
        village: &VillageCode,
    ) -> Result<Option<MedianPerson>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/find_median_person.sql");
        let found = read(
            &**client,
            "find the median person of a village",
            statement,
            &[&run.0, &village.as_str()],
            |row| {
                Ok(MedianPerson {
                    state: word(row, "state")?,
                    facility: row.get("facility"),
                    place: from_point(row.get("geom"))?,
                })
            },
        )
        .await?;
        Ok(found.into_iter().next())
    }

    /// The dataset versions that a run has seen; layers that had never been imported are left out.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn run_versions(
        &self,
        run: &RunId,
    ) -> Result<BTreeMap<Layer, DatasetVersionId>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_run_versions.sql");
        let versions = read(
            &**client,
            "list the data of a run",
            statement,
            &[&run.0],
            |row| {
                Ok((
                    word(row, "layer")?,
                    DatasetVersionId(row.get("dataset_version")),
                ))
            },
        )
        .await?;
        Ok(versions.into_iter().collect())
    }
}
