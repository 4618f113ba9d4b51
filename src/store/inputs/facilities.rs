//! Facilities of any layer.

use tokio_postgres::Row;

use crate::domain::{DatasetVersionId, Facility, Keyed};
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::geometry::from_point;
use crate::store::reading::{read, word, word_if_any};

impl Database {
    /// The facilities of a version, of whatever status and tier.
    ///
    /// # Errors
    /// The database cannot be reached, or holds a word that this program does not know.
    pub async fn facilities(
        &self,
        version: DatasetVersionId,
    ) -> Result<Vec<Keyed<Facility>>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_facilities.sql");
        read(
            &**client,
            "read the facilities",
            statement,
            &[&version.0],
            |row| {
                Ok(Keyed {
                    id: row.get("key"),
                    record: facility(row)?,
                })
            },
        )
        .await
    }
}

/// A facility of a row, whose `confirmed_on` is text.
///
/// # Errors
/// It holds a word that this program does not know.
pub(in crate::store) fn facility(row: &Row) -> Result<Facility, StoreError> {
    Ok(Facility {
        name: row.get("name"),
        tier: row.get("tier"),
        status: word(row, "status")?,
        capacity: row.get("capacity"),
        improved: row.get("improved"),
        queue_min: row.get("queue_min"),
        season: word_if_any(row, "season")?,
        confirmed_on: row.get("confirmed_on"),
        place: from_point(row.get("geom"))?,
    })
}
