//! The active records of a layer, read back as they were imported.

use std::pin::pin;

use futures_util::TryStreamExt;
use postgis::ewkb;
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use super::table::StagingName;
use crate::domain::{
    ContextFeature, DatasetVersionId, Feature, KnownRecords, Layer, People, PopulationCell, Record,
    RecordKind, Settlement, Village, VillageCode, VillageOffice, VillageValues,
};
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::geometry::{from_any, from_area, from_point};
use crate::store::inputs::{facilities, roads};

impl Database {
    /// All records of a version, in memory.
    ///
    /// # Errors
    /// The database cannot be reached, or holds a word that this program does not know.
    pub async fn known_records(
        &self,
        layer: Layer,
        version: DatasetVersionId,
    ) -> Result<KnownRecords, StoreError> {
        let doing = "read the records that are there";
        let client = self.app().await?;
        let statement =
            StagingName::new(layer, version).fill(include_str!("../sql/list_known_records.sql"));
        let rows = client
            .query_raw(&statement, [version.0])
            .await
            .map_err(StoreError::sql(doing))?;
        let mut rows = pin!(rows);
        let mut known = KnownRecords::default();
        while let Some(row) = rows.try_next().await.map_err(StoreError::sql(doing))? {
            known.insert(row.get("source"), record(layer, &row)?);
        }
        Ok(known)
    }
}

fn record(layer: Layer, row: &Row) -> Result<Record, StoreError> {
    let feature = match layer.kind() {
        RecordKind::Village => Feature::Village(village(row)),
        RecordKind::Road => Feature::Road(roads::road(row)?),
        RecordKind::Facility => Feature::Facility(facilities::facility(row)?),
        RecordKind::Settlement => Feature::Settlement(Settlement {
            name: row.get("name"),
            village_code: village_code(row),
            population: people(row),
            place: from_point(row.get("geom"))?,
        }),
        RecordKind::VillageOffice => Feature::VillageOffice(VillageOffice {
            name: row.get("name"),
            village_code: village_code(row),
            place: from_point(row.get("geom"))?,
        }),
        RecordKind::PopulationCell => Feature::PopulationCell(PopulationCell {
            population: People(row.get("population_thousandths")),
            area: from_area(&row.get::<_, ewkb::MultiPolygon>("geom")),
        }),
        RecordKind::Barrier => Feature::Barrier(roads::barrier(row)),
        RecordKind::Crossing => Feature::Crossing(roads::crossing(row)?),
        RecordKind::VillageValues => Feature::VillageValues(VillageValues {
            code: VillageCode::from_stored(row.get("key")),
            period: row.get("period"),
            values: row.get::<_, Json<_>>("values_by_field").0,
        }),
        RecordKind::RoadSection => Feature::RoadSection(roads::road_section(row)?),
        RecordKind::ContextFeature => Feature::ContextFeature(ContextFeature {
            name: row.get("name"),
            kind: row.get("kind"),
            geometry: from_any(&row.get::<_, ewkb::Geometry>("geom"))?,
        }),
    };
    Ok(Record {
        key: row.get("key"),
        origin: None,
        feature,
        extra: row.get::<_, Json<Map<String, Value>>>("extra").0,
    })
}

fn village(row: &Row) -> Village {
    let area: ewkb::MultiPolygon = row.get("geom");
    Village {
        code: VillageCode::from_stored(row.get("key")),
        name: row.get("name"),
        kecamatan: row.get("kecamatan"),
        population: people(row),
        area: from_area(&area),
    }
}

fn village_code(row: &Row) -> Option<VillageCode> {
    row.get::<_, Option<String>>("village_code")
        .map(VillageCode::from_stored)
}

fn people(row: &Row) -> Option<People> {
    row.get::<_, Option<i64>>("population_thousandths")
        .map(People)
}
