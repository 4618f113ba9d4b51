//! The list of what is wrong with the data: one, the newest, written as a whole.

use serde_json::{Value as Json, json};

use super::database::Database;
use super::error::StoreError;
use super::runs::{RunInput, method_version};
use crate::domain::{DatasetVersionId, FaultKind, Layer, LonLat, Mode, People, ServiceName};

/// Faults that go to the database in one statement: a few megabytes of JSON.
const FAULTS_OF_STATEMENT: usize = 5000;

/// A finished list of faults, to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFaultList {
    /// Hash of everything that decides it.
    pub id: String,
    /// Whether any input is sample data.
    pub is_sample: bool,
    /// What it has seen, one entry a layer, absent layers included.
    pub inputs: Vec<RunInput>,
    /// Faults beyond what is kept of a kind.
    pub n_left_out: u64,
    /// The most people first.
    pub faults: Vec<NewFault>,
}

/// Something wrong with the data at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFault {
    /// Its name, the same as long as the fault is there.
    pub id: String,
    /// What is wrong.
    pub kind: FaultKind,
    /// Where. EPSG:4326.
    pub place: LonLat,
    /// People whose number changes if it alone is mended; none is unknown.
    pub people: Option<People>,
    /// The same for each service with data.
    pub by_service: Vec<FaultPeople>,
    /// What is known besides, a JSON object whose members depend on the kind.
    pub detail: Json,
}

/// People whose number of one service changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultPeople {
    /// The service.
    pub service: ServiceName,
    /// How they travel.
    pub mode: Mode,
    /// How many; none is unknown.
    pub people: Option<People>,
}

/// The list that readers see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentFaultList {
    /// Its id.
    pub id: String,
    /// Whether other data are active than it has seen, or the method has changed since.
    pub is_stale: bool,
}

impl Database {
    /// The list of faults that readers see; none where none was made.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn find_fault_list(&self) -> Result<Option<CurrentFaultList>, StoreError> {
        let client = self.app().await?;
        let row = client
            .query_opt(
                include_str!("sql/find_fault_list.sql"),
                &[&method_version()],
            )
            .await
            .map_err(StoreError::sql("find the list of faults"))?;
        Ok(row.map(|row| CurrentFaultList {
            id: row.get("id"),
            is_stale: row.get("is_stale"),
        }))
    }

    /// Stores a list of faults in place of the one before, in one transaction.
    ///
    /// A list of the same id is there already: it has now seen these versions too.
    ///
    /// # Errors
    /// The database fails; the list before stays then.
    pub async fn save_fault_list(&self, list: &NewFaultList) -> Result<(), StoreError> {
        let doing = "save the list of faults";
        let current = self.find_fault_list().await?;
        let is_there = current.is_some_and(|current| current.id == list.id);
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        let version = |version: Option<DatasetVersionId>| version.map(|version| version.0);
        let villages = list
            .inputs
            .iter()
            .find(|input| input.layer == Layer::Villages);
        let villages = villages.and_then(|input| version(input.version));
        if !is_there {
            tx.execute(include_str!("sql/remove_fault_lists.sql"), &[])
                .await
                .map_err(StoreError::sql(doing))?;
            let n_left_out = i64::try_from(list.n_left_out).unwrap_or(i64::MAX);
            tx.execute(
                include_str!("sql/insert_fault_list.sql"),
                &[
                    &list.id,
                    &method_version(),
                    &list.is_sample,
                    &villages,
                    &n_left_out,
                ],
            )
            .await
            .map_err(StoreError::sql(doing))?;
        }
        for input in &list.inputs {
            tx.execute(
                include_str!("sql/insert_fault_list_input.sql"),
                &[&list.id, &input.layer.as_str(), &version(input.version)],
            )
            .await
            .map_err(StoreError::sql(doing))?;
        }
        if !is_there {
            let ranked: Vec<Json> = list.faults.iter().zip(1..).map(to_json).collect();
            for faults in ranked.chunks(FAULTS_OF_STATEMENT) {
                tx.execute(
                    include_str!("sql/insert_faults.sql"),
                    &[&list.id, &villages, &Json::from(faults)],
                )
                .await
                .map_err(StoreError::sql(doing))?;
            }
        }
        tx.execute(include_str!("sql/notify_changed.sql"), &[&list.id])
            .await
            .map_err(StoreError::sql("announce the list of faults"))?;
        tx.commit().await.map_err(StoreError::sql(doing))
    }
}

fn to_json((fault, rank): (&NewFault, i32)) -> Json {
    let by_service = fault.by_service.iter().map(|each| {
        json!({
            "service": each.service.as_str(),
            "mode": each.mode.as_str(),
            "people": each.people.map(|people| people.0),
        })
    });
    json!({
        "rank": rank,
        "id": fault.id,
        "kind": fault.kind.as_str(),
        "people": fault.people.map(|people| people.0),
        "by_service": by_service.collect::<Vec<_>>(),
        "detail": fault.detail,
        "lon": fault.place.lon(),
        "lat": fault.place.lat(),
    })
}
