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
    /// Key of the next one; none where there is none.
    pub second_facility: Option<String>,
    /// Where they live. EPSG:4326.
    pub place: LonLat,
}

/// What the network of a run was built from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunData {
    /// The dataset versions that it has seen; layers that had never been imported are left out.
    pub versions: BTreeMap<Layer, DatasetVersionId>,
    /// How far apart loose road ends were joined; none joined nothing.
    pub join_ends_m: Option<f64>,
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
                    second_facility: row.get("second_facility"),
                    place: from_point(row.get("geom"))?,
                })
            },
        )
        .await?;
        Ok(found.into_iter().next())
    }

    /// What the network of a run was built from.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn run_data(&self, run: &RunId) -> Result<RunData, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_run_data.sql");
        let doing = "list the data of a run";
        let rows = read(&**client, doing, statement, &[&run.0], |row| {
            let version = DatasetVersionId(row.get("dataset_version"));
            Ok((word(row, "layer")?, version, row.get("join_ends_m")))
        })
        .await?;
        let mut data = RunData::default();
        for (layer, version, join_ends_m) in rows {
            data.versions.insert(layer, version);
            data.join_ends_m = join_ends_m;
        }
        Ok(data)
    }
}
