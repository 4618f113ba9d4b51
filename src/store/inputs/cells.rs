//! Cells of a population raster, and which villages they touch.

use crate::domain::{DatasetVersionId, LonLat, People, VillageCode};
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::geometry::from_point;
use crate::store::reading::read;

/// A cell in which somebody lives, and its parts in villages.
#[derive(Debug, Clone, PartialEq)]
pub struct CellInput {
    /// Its key.
    pub key: String,
    /// Its people, more than zero, as the raster has them.
    pub population: People,
    /// What of it lies in the villages asked for, in order of code; nothing where it lies in none.
    pub parts: Vec<CellPart>,
}

/// What of a cell lies in a village.
#[derive(Debug, Clone, PartialEq)]
pub struct CellPart {
    /// The village.
    pub village: VillageCode,
    /// Share of the cell's area, above 0, up to 1.
    pub share: f64,
    /// A place in it: the cell's centre where it is the whole cell. EPSG:4326.
    pub place: LonLat,
}

impl Database {
    /// The cells of a version, in order of key, each with its parts in those of another version's villages.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn population_cells(
        &self,
        version: DatasetVersionId,
        villages_version: DatasetVersionId,
        villages: &[&VillageCode],
    ) -> Result<Vec<CellInput>, StoreError> {
        let client = self.app().await?;
        let codes: Vec<&str> = villages.iter().map(|code| code.as_str()).collect();
        let parts = read(
            &**client,
            "read the population cells",
            include_str!("../sql/list_population_cells.sql"),
            &[&version.0, &villages_version.0, &codes],
            |row| {
                let village: Option<String> = row.get("village");
                let part = village.map(|code| {
                    Ok::<_, StoreError>(CellPart {
                        village: VillageCode::from_stored(code),
                        share: row.get("share"),
                        place: from_point(row.get("place"))?,
                    })
                });
                let population = People(row.get("population_thousandths"));
                Ok((row.get::<_, String>("key"), population, part.transpose()?))
            },
        )
        .await?;
        let mut cells: Vec<CellInput> = Vec::new();
        for (key, population, part) in parts {
            match cells.last_mut() {
                Some(cell) if cell.key == key => cell.parts.extend(part),
                _ => cells.push(CellInput {
                    key,
                    population,
                    parts: part.into_iter().collect(),
                }),
            }
        }
        Ok(cells)
    }
}
