//! The list of what is wrong with the data.

use serde_json::Value as Json;

use super::rows::{Columns, rows};
use super::{ReadError, Reads};
use crate::domain::{FaultKind, METHOD_VERSION, Mode, People, ServiceName};

/// The head of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultListHead {
    /// Its id.
    pub id: String,
    /// Whether any input is sample data.
    pub is_sample: bool,
    /// Whether other data are active than it has seen, or the method has changed since.
    pub stale: bool,
    /// Faults beyond what is kept of a kind.
    pub n_left_out: i64,
    /// When it was made, RFC 3339 in UTC.
    pub made_at: String,
}

/// Which faults are meant: the most people first, unknown people before nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaultChoice {
    /// Only of this kind.
    pub kind: Option<FaultKind>,
    /// Only those that concern this service, with its people and in their order.
    pub service: Option<ServiceName>,
    /// Only in this area: WKT, EPSG:4326.
    pub area: Option<String>,
    /// At most so many.
    pub limit: i64,
    /// After passing over so many.
    pub offset: i64,
}

/// A fault as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultRow {
    /// Its name.
    pub id: String,
    /// What is wrong.
    pub kind: FaultKind,
    /// People whose number changes; of the chosen service, else of any; none is unknown.
    pub people: Option<People>,
    /// The same by service.
    pub by_service: Vec<FaultServicePeople>,
    /// What is known besides: a JSON object.
    pub detail: Json,
    /// Code of the village around it; none outside all villages.
    pub village_code: Option<String>,
    /// Its name.
    pub village: Option<String>,
    /// Name of its kecamatan, where known.
    pub kecamatan: Option<String>,
    /// Where. EPSG:4326.
    pub lon: f64,
    /// Where. EPSG:4326.
    pub lat: f64,
}

/// People whose number of one service changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub struct FaultServicePeople {
    /// The service.
    pub service: ServiceName,
    /// How they travel.
    pub mode: Mode,
    /// How many; none is unknown.
    pub people: Option<People>,
}

impl Reads {
    /// The head of the list of faults; none where none was made.
    pub async fn fault_list(&self) -> Result<Option<FaultListHead>, ReadError> {
        let doing = "find the list of faults";
        let sql = include_str!("../sql/read_fault_list.sql");
        let method = i64::from(METHOD_VERSION);
        let found = rows(&self.client, doing, sql, &[&method]).await?;
        let Some(row) = found.first() else {
            return Ok(None);
        };
        let columns = Columns { row, doing };
        Ok(Some(FaultListHead {
            id: columns.get("id")?,
            is_sample: columns.get("is_sample")?,
            stale: columns.get("stale")?,
            n_left_out: columns.get("n_left_out")?,
            made_at: columns.get("made_at")?,
        }))
    }

    /// Faults of a list, and how many there are without limit and offset; none where the offset passes all.
    pub async fn faults(
        &self,
        list: &FaultListHead,
        choice: &FaultChoice,
    ) -> Result<(Vec<FaultRow>, Option<i64>), ReadError> {
        let doing = "read the list of faults";
        let sql = include_str!("../sql/read_faults.sql");
        let kind = choice.kind.map(FaultKind::as_str);
        let service = choice.service.map(ServiceName::as_str);
        let found = rows(
            &self.client,
            doing,
            sql,
            &[
                &list.id,
                &kind,
                &service,
                &choice.area,
                &choice.limit,
                &choice.offset,
            ],
        )
        .await?;
        let n_matched = found
            .first()
            .map(|row| Columns { row, doing }.get("n_matched"))
            .transpose()?;
        let n_matched = n_matched.or((choice.offset == 0).then_some(0));
        let faults: Result<_, ReadError> = found
            .iter()
            .map(|row| fault(Columns { row, doing }))
            .collect();
        Ok((faults?, n_matched))
    }
}

fn fault(columns: Columns<'_>) -> Result<FaultRow, ReadError> {
    let by_service: Json = columns.get("by_service")?;
    Ok(FaultRow {
        id: columns.get("id")?,
        kind: columns.word("kind")?,
        people: columns.people("people_thousandths")?,
        by_service: serde_json::from_value(by_service)
            .map_err(|cause| columns.stored(format!("by_service: {cause}")))?,
        detail: columns.get("detail")?,
        village_code: columns.get("village")?,
        village: columns.get("village_name")?,
        kecamatan: columns.get("kecamatan")?,
        lon: columns.get("lon")?,
        lat: columns.get("lat")?,
    })
}
