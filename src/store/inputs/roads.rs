//! Roads, barriers and crossings.

use postgis::ewkb;
use tokio_postgres::Row;

use crate::domain::{Barrier, Crossing, DatasetVersionId, Keyed, Road, RoadSection};
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::geometry::{from_lines, from_point};
use crate::store::reading::{read, word, word_if_any, words};

impl Database {
    /// The sections of a version, in order of road and start.
    ///
    /// # Errors
    /// The database cannot be reached, or holds a word that this program does not know.
    pub async fn road_sections(
        &self,
        version: DatasetVersionId,
    ) -> Result<Vec<RoadSection>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_road_sections.sql");
        let doing = "read the sections of roads";
        read(&**client, doing, statement, &[&version.0], road_section).await
    }

    /// The roads of a version.
    ///
    /// # Errors
    /// The database cannot be reached, or holds a word that this program does not know.
    pub async fn roads(&self, version: DatasetVersionId) -> Result<Vec<Keyed<Road>>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_roads.sql");
        read(
            &**client,
            "read the roads",
            statement,
            &[&version.0],
            |row| {
                Ok(Keyed {
                    id: row.get("key"),
                    record: road(row)?,
                })
            },
        )
        .await
    }

    /// The barriers of a version.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn barriers(
        &self,
        version: DatasetVersionId,
    ) -> Result<Vec<Keyed<Barrier>>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_barriers.sql");
        read(
            &**client,
            "read the barriers",
            statement,
            &[&version.0],
            |row| {
                Ok(Keyed {
                    id: row.get("key"),
                    record: barrier(row),
                })
            },
        )
        .await
    }

    /// The crossings of a version.
    ///
    /// # Errors
    /// The database cannot be reached, or holds a word that this program does not know.
    pub async fn crossings(
        &self,
        version: DatasetVersionId,
    ) -> Result<Vec<Keyed<Crossing>>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_crossings.sql");
        read(
            &**client,
            "read the crossings",
            statement,
            &[&version.0],
            |row| {
                Ok(Keyed {
                    id: row.get("key"),
                    record: crossing(row)?,
                })
            },
        )
        .await
    }
}

/// A road of a row.
///
/// # Errors
/// It holds a word that this program does not know.
pub(in crate::store) fn road(row: &Row) -> Result<Road, StoreError> {
    let line: ewkb::MultiLineString = row.get("geom");
    Ok(Road {
        name: row.get("name"),
        class: word(row, "class")?,
        surface: word_if_any(row, "surface")?,
        condition: word_if_any(row, "condition")?,
        width_m: row.get("width_m"),
        one_way: word(row, "one_way")?,
        is_bridge: row.get("is_bridge"),
        is_tunnel: row.get("is_tunnel"),
        barred: words(row, "barred")?,
        season: word_if_any(row, "season")?,
        max_speed_kmh: row.get("max_speed_kmh"),
        line: from_lines(&line),
    })
}

/// A section of a row.
///
/// # Errors
/// As [`road`].
pub(in crate::store) fn road_section(row: &Row) -> Result<RoadSection, StoreError> {
    Ok(RoadSection {
        road: row.get("road"),
        from_m: row.get("from_m"),
        to_m: row.get("to_m"),
        surface: word_if_any(row, "surface")?,
        condition: word_if_any(row, "condition")?,
        width_m: row.get("width_m"),
        season: word_if_any(row, "season")?,
    })
}

/// A barrier of a row.
pub(in crate::store) fn barrier(row: &Row) -> Barrier {
    let line: ewkb::MultiLineString = row.get("geom");
    Barrier {
        kind: row.get("kind"),
        line: from_lines(&line),
    }
}

/// A crossing of a row.
///
/// # Errors
/// As [`road`].
pub(in crate::store) fn crossing(row: &Row) -> Result<Crossing, StoreError> {
    Ok(Crossing {
        kind: word(row, "kind")?,
        season: word(row, "season")?,
        place: from_point(row.get("geom"))?,
    })
}
