//! What a staged import says that the lists of codes or the shapes of its villages do not bear out.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::staging::Staging;
use crate::domain::{LonLat, People, RecordKind};
use crate::store::error::StoreError;
use crate::store::reading::read;

/// A code of a village that a list does not have, or has under another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlistedCode {
    /// The code.
    pub code: String,
    /// The village's name in the import, where it has one.
    pub name: Option<String>,
    /// Records with the code.
    pub n_records: i64,
    /// Edition and source of the list.
    pub list: (String, String),
    /// The name that the list has for the code; none where it does not have the code.
    pub listed_name: Option<String>,
    /// The only code that the list has for the name in the same district.
    pub suggestion: Option<String>,
}

/// Two villages that overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// Code and name of the one.
    pub one: (String, String),
    /// Code and name of the other.
    pub other: (String, String),
    /// On the ellipsoid.
    pub area_m2: f64,
    /// Whether both have one shape.
    pub is_same_shape: bool,
}

/// A hole in the union of all villages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// A place in it.
    pub place: LonLat,
    /// On the ellipsoid.
    pub area_m2: f64,
}

/// A record, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRecord {
    /// Its key.
    pub key: String,
    /// Its name, where it has one.
    pub name: Option<String>,
}

/// The people of staged cells in villages, beside the official totals of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellsAgainstOfficial {
    /// Of the cells, by the share of each that lies in the villages.
    pub cells: People,
    /// Of the villages.
    pub official: People,
    /// Villages that a cell touches and whose total is known.
    pub n_villages: i64,
}

/// The largest of what was found, and how many there are of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Largest<T> {
    /// At most 1,000, the largest first.
    pub listed: Vec<T>,
    /// All of them.
    pub n_all: u64,
}

impl Staging {
    /// The codes of villages that the newest list that holds for them does not have, or has under another name.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn unlisted_codes(&self) -> Result<Vec<UnlistedCode>, StoreError> {
        let (code, name) = match self.layer.kind() {
            RecordKind::Village => ("staged.key", "staged.name"),
            RecordKind::VillageValues => ("staged.key", "null::text"),
            RecordKind::Settlement | RecordKind::VillageOffice => {
                ("staged.village_code", "null::text")
            }
            RecordKind::Road
            | RecordKind::RoadSection
            | RecordKind::PopulationCell
            | RecordKind::Facility
            | RecordKind::Barrier
            | RecordKind::Crossing
            | RecordKind::ContextFeature => return Ok(Vec::new()),
        };
        let statement = include_str!("../sql/list_unlisted_codes.sql")
            .replace("{code}", code)
            .replace("{name}", name);
        read(
            &self.client,
            "look codes up in the lists",
            &self.name.fill(&statement),
            &[&self.source],
            |row| {
                Ok(UnlistedCode {
                    code: row.get("code"),
                    name: row.get("name"),
                    n_records: row.get("n_records"),
                    list: (row.get("edition"), row.get("list_source")),
                    listed_name: row.get("listed_name"),
                    suggestion: row.get("suggestion"),
                })
            },
        )
        .await
    }

    /// Pairs of villages that share more than `above_m2`; called once they are compared. Empty for other layers.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn overlaps(&self, above_m2: f64) -> Result<Largest<Overlap>, StoreError> {
        self.largest(
            "look for villages that overlap",
            include_str!("../sql/list_overlaps.sql"),
            above_m2,
            |row| {
                Ok(Overlap {
                    one: (row.get("key"), row.get("name")),
                    other: (row.get("other_key"), row.get("other_name")),
                    area_m2: row.get("area_m2"),
                    is_same_shape: row.get("is_same_shape"),
                })
            },
        )
        .await
    }

    /// Holes of more than `above_m2` in the union of all villages. Empty for other layers.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn gaps(&self, above_m2: f64) -> Result<Largest<Gap>, StoreError> {
        self.largest(
            "look for gaps between villages",
            include_str!("../sql/list_gaps.sql"),
            above_m2,
            |row| {
                Ok(Gap {
                    place: LonLat::parse(row.get("longitude"), row.get("latitude"))
                        .map_err(StoreError::unreadable("longitude"))?,
                    area_m2: row.get("area_m2"),
                })
            },
        )
        .await
    }

    /// Facilities of the import that are more than 1 km from every active road. Empty for other layers.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn far_from_roads(&self) -> Result<Vec<NamedRecord>, StoreError> {
        if self.layer.kind() != RecordKind::Facility {
            return Ok(Vec::new());
        }
        let statement = include_str!("../sql/list_far_from_roads.sql");
        self.named("look for places far from roads", statement)
            .await
    }

    /// Facilities, settlements and offices of the import that lie in no active village. Empty for other layers.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn outside_villages(&self) -> Result<Vec<NamedRecord>, StoreError> {
        let lies_in_a_village = matches!(
            self.layer.kind(),
            RecordKind::Facility | RecordKind::Settlement | RecordKind::VillageOffice
        );
        if !lies_in_a_village {
            return Ok(Vec::new());
        }
        let statement = include_str!("../sql/list_outside_villages.sql");
        self.named("look for places in no village", statement).await
    }

    /// The people of the import's cells in active villages with an official total; none for other layers, and where
    /// no cell touches such a village.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn cells_against_official(&self) -> Result<Option<CellsAgainstOfficial>, StoreError> {
        if self.layer.kind() != RecordKind::PopulationCell {
            return Ok(None);
        }
        let statement = include_str!("../sql/sum_cells_against_official.sql");
        let row = self
            .client
            .query_one(&self.name.fill(statement), &[])
            .await
            .map_err(StoreError::sql("compare cells with official totals"))?;
        let found = CellsAgainstOfficial {
            cells: People(row.get("cells")),
            official: People(row.get("official")),
            n_villages: row.get("n_villages"),
        };
        Ok((0 < found.n_villages).then_some(found))
    }

    async fn named(
        &self,
        doing: &'static str,
        statement: &str,
    ) -> Result<Vec<NamedRecord>, StoreError> {
        let statement = self.name.fill(statement);
        let from_row = |row: &Row| {
            Ok(NamedRecord {
                key: row.get("key"),
                name: row.get("name"),
            })
        };
        read(&self.client, doing, &statement, &[&self.source], from_row).await
    }

    async fn largest<T>(
        &self,
        doing: &'static str,
        statement: &str,
        above_m2: f64,
        from_row: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Largest<T>, StoreError> {
        if self.layer.kind() != RecordKind::Village {
            return Ok(Largest {
                listed: Vec::new(),
                n_all: 0,
            });
        }
        let parameters: [&(dyn ToSql + Sync); 1] = [&above_m2];
        let found = read(
            &self.client,
            doing,
            &self.name.fill(statement),
            &parameters,
            |row| Ok((from_row(row)?, row.get::<_, i64>("n_all").unsigned_abs())),
        )
        .await?;
        Ok(Largest {
            n_all: found.first().map_or(0, |(_, n_all)| *n_all),
            listed: found.into_iter().map(|(each, _)| each).collect(),
        })
    }
}
