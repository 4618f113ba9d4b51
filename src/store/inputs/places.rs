//! Villages and settlements: where the people are, and which village they count in.

use std::collections::BTreeMap;

use crate::domain::{AreaCode, DatasetVersionId, LonLat, People, VillageCode};
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::geometry::from_point;
use crate::store::reading::read;

/// A village as the engine needs it: without its area.
#[derive(Debug, Clone, PartialEq)]
pub struct VillageInput {
    /// Its key.
    pub code: VillageCode,
    /// Its name.
    pub name: String,
    /// Name of its kecamatan, where known.
    pub kecamatan: Option<String>,
    /// Code of its kecamatan, where villages have codes.
    pub kecamatan_code: Option<AreaCode>,
    /// Its official people; none is unknown, not zero.
    pub population: Option<People>,
    /// A point inside its area, for a village without settlements. EPSG:4326.
    pub inside: LonLat,
}

/// A settlement, and the village that its people count in.
#[derive(Debug, Clone, PartialEq)]
pub struct SettlementInput {
    /// Its key.
    pub key: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its people; none is unknown, not zero.
    pub population: Option<People>,
    /// Where it is. EPSG:4326.
    pub place: LonLat,
    /// The village that its code names, else the one that contains it (its edge included; the lowest code where
    /// several do); none where neither is.
    pub village: Option<VillageCode>,
}

impl Database {
    /// The villages of a version.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn villages(
        &self,
        version: DatasetVersionId,
    ) -> Result<Vec<VillageInput>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_villages.sql");
        read(
            &**client,
            "read the villages",
            statement,
            &[&version.0],
            |row| {
                let kecamatan_code: Option<&str> = row.get("kecamatan_code");
                Ok(VillageInput {
                    code: VillageCode::from_stored(row.get("key")),
                    name: row.get("name"),
                    kecamatan: row.get("kecamatan"),
                    kecamatan_code: kecamatan_code
                        .map(AreaCode::parse)
                        .transpose()
                        .map_err(StoreError::unreadable("the code of a kecamatan"))?,
                    population: row
                        .get::<_, Option<i64>>("population_thousandths")
                        .map(People),
                    inside: from_point(row.get("inside"))?,
                })
            },
        )
        .await
    }

    /// The official people of villages in a version of the layer `population`.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn official_people(
        &self,
        version: DatasetVersionId,
    ) -> Result<BTreeMap<VillageCode, People>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_official_people.sql");
        let doing = "read the official numbers of people";
        let found = read(&**client, doing, statement, &[&version.0], |row| {
            let code = VillageCode::from_stored(row.get("key"));
            Ok((code, People(row.get("population_thousandths"))))
        })
        .await?;
        Ok(found.into_iter().collect())
    }

    /// The settlements of a version, each with the village of another version that it counts in.
    ///
    /// Without a version of villages none is assigned.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn settlements(
        &self,
        version: DatasetVersionId,
        villages: Option<DatasetVersionId>,
    ) -> Result<Vec<SettlementInput>, StoreError> {
        let client = self.app().await?;
        let statement = include_str!("../sql/list_settlements.sql");
        let villages = villages.map(|version| version.0);
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 2] = [&version.0, &villages];
        read(
            &**client,
            "read the settlements",
            statement,
            &parameters,
            |row| {
                let village: Option<String> = row.get("village");
                Ok(SettlementInput {
                    key: row.get("key"),
                    name: row.get("name"),
                    population: row
                        .get::<_, Option<i64>>("population_thousandths")
                        .map(People),
                    place: from_point(row.get("geom"))?,
                    village: village.map(VillageCode::from_stored),
                })
            },
        )
        .await
    }
}
