//! Keeping of an import only what is near the district.

use super::staging::Staging;
use crate::domain::{AreaCode, Layer, RecordKind};
use crate::store::error::StoreError;

/// The active villages, as SQL takes them from.
const ACTIVE_VILLAGES: &str = "village \
    join active_version on active_version.layer = 'villages' \
    and active_version.dataset_version = village.dataset_version";

/// What was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clipped {
    /// Records that lie too far.
    pub n_left_out: u64,
    /// Records that are kept although they do not touch the district: neighbours.
    pub n_neighbours: u64,
    /// Whether the district has any villages to measure from; nothing is left out otherwise.
    pub has_district: bool,
}

impl Staging {
    /// Takes out what lies more than `reach_m` from the villages of a district: whole records, nothing is cut.
    /// Of tables by village, what is of another district. Called before anything is composed.
    ///
    /// Sections of roads are all kept: they go with their roads.
    /// Villages are measured from those of the import itself, everything else from the active ones.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn clip(&mut self, district: &AreaCode, reach_m: f64) -> Result<Clipped, StoreError> {
        let doing = "leave out what is far from the district";
        if self.layer.kind() == RecordKind::RoadSection {
            return Ok(Clipped {
                n_left_out: 0,
                n_neighbours: 0,
                has_district: true,
            });
        }
        if !self.layer.has_geometry() {
            let statement = self.name.fill(include_str!("../sql/clip_staged_codes.sql"));
            let n_left_out = self
                .client
                .execute(&statement, &[&district.as_str()])
                .await
                .map_err(StoreError::sql(doing))?;
            self.n_records = self.n_records.saturating_sub_unsigned(n_left_out);
            return Ok(Clipped {
                n_left_out,
                n_neighbours: 0,
                has_district: true,
            });
        }
        let villages = if self.layer == Layer::Villages {
            "{staging}"
        } else {
            ACTIVE_VILLAGES
        };
        let statement = include_str!("../sql/clip_staging.sql").replace("{villages}", villages);
        let row = self
            .client
            .query_one(&self.name.fill(&statement), &[&district.as_str(), &reach_m])
            .await
            .map_err(StoreError::sql(doing))?;
        let n_left_out: i64 = row.get("n_left_out");
        self.n_records -= n_left_out;
        Ok(Clipped {
            n_left_out: n_left_out.unsigned_abs(),
            n_neighbours: row.get::<_, i64>("n_outside").unsigned_abs(),
            has_district: row.get("has_area"),
        })
    }
}
