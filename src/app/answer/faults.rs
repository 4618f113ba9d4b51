//! What is wrong with the data, as it is told: one list of features, the most people first, unknown people before nobody.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::labels::cost;
use super::table::{Words, in_thousandths};
use super::{AnswerError, Thousandths};
use crate::domain::{
    FaultKind, Language, LonLat, Metric, Millimetres, Mode, SAMPLE_NOTICE, ServiceName,
};
use crate::publish::{Cell, Column, ColumnKind, DataTable, FeatureTable, Row, Shape, Value};
use crate::store::reads::{FaultChoice, FaultListHead, FaultRow, Reads};

/// A part of the list of faults.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultList {
    /// The whole list.
    pub head: FaultListHead,
    /// Where anything read is sample data: the sentence that says so.
    pub notice: Option<&'static str>,
    /// Faults that match, without limit and offset; none where nothing is left to count.
    pub n_matched: Option<i64>,
    /// The faults.
    pub faults: Vec<Fault>,
}

/// Something wrong with the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Its name.
    pub id: String,
    /// Where it is.
    pub place: LonLat,
    /// What is known of it.
    pub properties: FaultProperties,
}

/// What is known of a fault.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultProperties {
    /// What is wrong.
    pub kind: FaultKind,
    /// People whose number changes if it alone is mended; none is unknown.
    pub people: Option<Thousandths>,
    /// Code of the village around it.
    pub village_code: Option<String>,
    /// Its name.
    pub village: Option<String>,
    /// Name of its kecamatan.
    pub kecamatan: Option<String>,
    /// The same people by service.
    pub services: Vec<ServicePeople>,
    /// What is wrong here, and how to mend it.
    pub text: InBoth,
    /// How to mend it, in the words of QGIS.
    pub mend: InBoth,
    /// What else is known, by kind.
    #[serde(flatten)]
    pub detail: Map<String, Json>,
}

/// People whose number of one service changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ServicePeople {
    /// The service.
    pub service: ServiceName,
    /// How they travel.
    pub mode: Mode,
    /// How many; none is unknown.
    pub people: Option<Thousandths>,
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InBoth {
    /// In Bahasa Indonesia.
    pub id: String,
    /// In English.
    pub en: String,
}

impl InBoth {
    fn of(say: impl Fn(Language) -> String) -> Self {
        Self {
            id: say(Language::Indonesian),
            en: say(Language::English),
        }
    }

    fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Indonesian => &self.id,
            Language::English => &self.en,
        }
    }
}

/// The head of the list, for who must know first whether anything changed.
///
/// # Errors
/// None was made, or the database fails.
pub async fn find_faults(reads: &Reads) -> Result<FaultListHead, AnswerError> {
    reads.fault_list().await?.ok_or(AnswerError::FaultsMissing)
}

/// The part of the list that is chosen.
///
/// # Errors
/// The database fails.
pub async fn read_faults(
    reads: &Reads,
    head: FaultListHead,
    choice: &FaultChoice,
) -> Result<FaultList, AnswerError> {
    let (rows, n_matched) = reads.faults(&head, choice).await?;
    let faults: Result<Vec<Fault>, AnswerError> = rows.into_iter().map(fault).collect();
    Ok(FaultList {
        notice: head.is_sample.then_some(SAMPLE_NOTICE),
        head,
        n_matched,
        faults: faults?,
    })
}

fn fault(row: FaultRow) -> Result<Fault, AnswerError> {
    let unreadable = |cause: &dyn ToString| AnswerError::Unwritable(cause.to_string());
    let detail = match row.detail {
        Json::Object(detail) => detail,
        other => return Err(unreadable(&format!("{other} is no object"))),
    };
    let services = row.by_service.iter().map(|each| ServicePeople {
        service: each.service,
        mode: each.mode,
        people: each.people.map(Thousandths::from),
    });
    Ok(Fault {
        id: row.id,
        place: LonLat::parse(row.lon, row.lat).map_err(|cause| unreadable(&cause))?,
        properties: FaultProperties {
            kind: row.kind,
            people: row.people.map(Thousandths::from),
            village_code: row.village_code,
            village: row.village,
            kecamatan: row.kecamatan,
            services: services.collect(),
            text: InBoth::of(|language| text(row.kind, &detail, language)),
            mend: InBoth::of(|language| mend(row.kind, &detail, language).to_owned()),
            detail,
        },
    })
}

const METRE: Millimetres = Millimetres(1000);

/// What is wrong, in a sentence.
fn text(kind: FaultKind, detail: &Map<String, Json>, language: Language) -> String {
    let say = |id: String, en: String| match language {
        Language::Indonesian => id,
        Language::English => en,
    };
    let length = |member: &str| {
        let metres = detail.get(member).and_then(Json::as_f64)?;
        Some(match Millimetres::from_metres(metres) {
            length if length < METRE => {
                say("kurang dari 1 m".to_owned(), "less than 1 m".to_owned())
            }
            length => cost(length.0, Metric::Distance, language),
        })
    };
    let name = |member: &str| {
        let name = detail.get(member).and_then(Json::as_str);
        name.map(|name| format!(" “{name}”")).unwrap_or_default()
    };
    match (kind, length("gap_m")) {
        (FaultKind::NearMiss, gap) => {
            let gap = gap.unwrap_or_default();
            say(
                format!("Ujung jalan berhenti {gap} dari jalan lain tanpa tersambung."),
                format!("A road ends {gap} from another road without being joined to it."),
            )
        }
        (FaultKind::Island, gap) => {
            let roads = length("length_m").unwrap_or_default();
            let apart = gap.map_or_else(String::new, |gap| {
                say(
                    format!(" Celah terdekat: {gap}."),
                    format!(" The nearest gap is {gap}."),
                )
            });
            say(
                format!("Jalan sepanjang {roads} tidak tersambung ke jaringan lain.{apart}"),
                format!("{roads} of roads are not joined to the rest.{apart}"),
            )
        }
        (FaultKind::DuplicateFacility, gap) => {
            let (gap, name) = (gap.unwrap_or_default(), name("name"));
            say(
                format!("Fasilitas{name} tercatat dua kali, berjarak {gap}."),
                format!("The facility{name} is in the data twice, {gap} apart."),
            )
        }
        (FaultKind::FarFacility, Some(gap)) => {
            let name = name("name");
            say(
                format!("Fasilitas{name} berada {gap} dari jalan terdekat yang boleh dilalui."),
                format!("The facility{name} stands {gap} from the nearest road that may be used."),
            )
        }
        (FaultKind::FarFacility, None) => {
            let name = name("name");
            say(
                format!("Di sekitar fasilitas{name} tidak ada jalan yang boleh dilalui."),
                format!("There is no road that may be used around the facility{name}."),
            )
        }
        (FaultKind::UnassignedSettlement, _) => {
            let name = name("name");
            say(
                format!("Permukiman{name} tidak terletak di desa mana pun."),
                format!("The settlement{name} lies in no village."),
            )
        }
    }
}

/// How to mend it, in the words of QGIS.
fn mend(kind: FaultKind, detail: &Map<String, Json>, language: Language) -> &'static str {
    let crosses_barrier = detail.get("crosses_barrier").and_then(Json::as_bool) == Some(true);
    match (kind, language) {
        (FaultKind::NearMiss, Language::Indonesian) if crosses_barrier => {
            "Ada penghalang di celah ini: periksa dulu apakah di sini ada jembatan. Bila ada, sambungkan dengan Vertex Tool."
        }
        (FaultKind::NearMiss, Language::English) if crosses_barrier => {
            "A barrier lies in this gap: check first whether there is a bridge. If there is, join the roads with the Vertex Tool."
        }
        (FaultKind::NearMiss, Language::Indonesian) => {
            "Di QGIS: nyalakan Snapping, lalu geser ujung jalan dengan Vertex Tool ke simpul jalan lain (klik ganda untuk menambah simpul). Bila memang buntu, biarkan."
        }
        (FaultKind::NearMiss, Language::English) => {
            "In QGIS: switch Snapping on, then move the road's end with the Vertex Tool onto a vertex of the other road (double-click adds one). If it really is a dead end, leave it."
        }
        (FaultKind::Island, Language::Indonesian) => {
            "Di QGIS: gambar jalan yang hilang dengan Add Line Feature, atau sambungkan ujungnya dengan Vertex Tool. Bila hanya bisa dicapai dengan perahu, tambahkan jalur berkelas ferry."
        }
        (FaultKind::Island, Language::English) => {
            "In QGIS: draw the missing road with Add Line Feature, or join its end with the Vertex Tool. If only a boat goes there, add a line of class ferry."
        }
        (FaultKind::DuplicateFacility, Language::Indonesian) => {
            "Di QGIS: buka Attribute Table, pastikan keduanya satu tempat, lalu hapus salah satunya dengan Delete Selected."
        }
        (FaultKind::DuplicateFacility, Language::English) => {
            "In QGIS: open the Attribute Table, make sure that both are one place, then remove one of them with Delete Selected."
        }
        (FaultKind::FarFacility, Language::Indonesian) => {
            "Di QGIS: bila titiknya salah, geser dengan Vertex Tool; bila jalannya belum ada di data, gambar dengan Add Line Feature."
        }
        (FaultKind::FarFacility, Language::English) => {
            "In QGIS: if the point is wrong, move it with the Vertex Tool; if the road is missing from the data, draw it with Add Line Feature."
        }
        (FaultKind::UnassignedSettlement, Language::Indonesian) => {
            "Di QGIS: periksa titiknya terhadap batas desa, geser dengan Vertex Tool atau isi kode desanya di Attribute Table."
        }
        (FaultKind::UnassignedSettlement, Language::English) => {
            "In QGIS: check the point against the village borders, move it with the Vertex Tool or fill in its village code in the Attribute Table."
        }
    }
}

/// The name of a kind for people.
fn kind_name(kind: FaultKind, language: Language) -> &'static str {
    match (kind, language) {
        (FaultKind::NearMiss, Language::Indonesian) => "Jalan hampir tersambung",
        (FaultKind::NearMiss, Language::English) => "Roads that nearly meet",
        (FaultKind::Island, Language::Indonesian) => "Jalan terputus dari jaringan",
        (FaultKind::Island, Language::English) => "Roads cut off",
        (FaultKind::DuplicateFacility, Language::Indonesian) => "Fasilitas ganda",
        (FaultKind::DuplicateFacility, Language::English) => "Facility twice",
        (FaultKind::FarFacility, Language::Indonesian) => "Fasilitas jauh dari jalan",
        (FaultKind::FarFacility, Language::English) => "Facility far from roads",
        (FaultKind::UnassignedSettlement, Language::Indonesian) => "Permukiman tanpa desa",
        (FaultKind::UnassignedSettlement, Language::English) => "Settlement in no village",
    }
}

/// Members of `detail` that tables show, with whether they are text.
const DETAIL_COLUMNS: [(&str, ColumnKind); 14] = [
    ("gap_m", ColumnKind::Real),
    ("near_lon", ColumnKind::Real),
    ("near_lat", ColumnKind::Real),
    ("road_id", ColumnKind::Text),
    ("other_road_id", ColumnKind::Text),
    ("between_components", ColumnKind::Text),
    ("crosses_barrier", ColumnKind::Text),
    ("length_m", ColumnKind::Real),
    ("people_living", ColumnKind::Real),
    ("layer", ColumnKind::Text),
    ("facility_id", ColumnKind::Text),
    ("other_facility_id", ColumnKind::Text),
    ("settlement_id", ColumnKind::Text),
    ("name", ColumnKind::Text),
];

impl FaultList {
    /// The features of the list, without what stands beside them.
    pub fn features(&self) -> Vec<Json> {
        let feature = |fault: &Fault| {
            json!({
                "type": "Feature",
                "id": fault.id,
                "properties": fault.properties,
                "geometry": {
                    "type": "Point",
                    "coordinates": [fault.place.lon(), fault.place.lat()],
                },
            })
        };
        self.faults.iter().map(feature).collect()
    }

    /// The list for spreadsheets.
    pub fn table(&self, language: Language) -> DataTable {
        let words = Words(language);
        let mut headings: Vec<String> = [
            words.say("Jenis", "Kind"),
            words.say("Kode jenis", "Kind code"),
            words.say("Angka berubah untuk (jiwa)", "People whose number changes"),
            words.say("Desa", "Village"),
            words.say("Kode desa", "Village code"),
            "Kecamatan",
            words.say("Apa yang salah", "What is wrong"),
            words.say("Cara memperbaiki", "How to mend it"),
        ]
        .map(str::to_owned)
        .into();
        headings.extend(DETAIL_COLUMNS.iter().map(|(name, _)| (*name).to_owned()));
        headings.extend(["lon", "lat", "id"].map(str::to_owned));
        let row = |fault: &Fault| {
            let known = &fault.properties;
            let mut cells = vec![
                Cell::text(Some(kind_name(known.kind, language))),
                Cell::text(Some(known.kind.as_str())),
                Cell::thousandths(known.people.map(|people| people.0)),
                Cell::text(known.village.clone()),
                Cell::text(known.village_code.clone()),
                Cell::text(known.kecamatan.clone()),
                Cell::text(Some(known.text.in_language(language))),
                Cell::text(Some(known.mend.in_language(language))),
            ];
            cells.extend(
                DETAIL_COLUMNS
                    .iter()
                    .map(|(name, _)| detail_cell(name, known.detail.get(*name))),
            );
            cells.push(Cell::degrees(fault.place.lon()));
            cells.push(Cell::degrees(fault.place.lat()));
            cells.push(Cell::Text(fault.id.clone()));
            cells
        };
        DataTable {
            name: words.say("Data", "Data").to_owned(),
            headings,
            rows: self.faults.iter().map(row).collect(),
            about_name: words.say("Keterangan", "About").to_owned(),
            about: Vec::new(),
        }
    }

    /// The list as a layer of points, for GIS programs.
    pub fn layer(&self, language: Language) -> FeatureTable {
        let column = |name, kind| Column { name, kind };
        let mut columns = vec![
            column("id", ColumnKind::Text),
            column("kind", ColumnKind::Text),
            column("people", ColumnKind::Real),
            column("village", ColumnKind::Text),
            column("village_code", ColumnKind::Text),
            column("kecamatan", ColumnKind::Text),
            column("text", ColumnKind::Text),
            column("mend", ColumnKind::Text),
        ];
        columns.extend(
            DETAIL_COLUMNS
                .iter()
                .map(|(name, kind)| column(name, *kind)),
        );
        let row = |fault: &Fault| {
            let known = &fault.properties;
            let mut values = vec![
                Value::Text(fault.id.clone()),
                Value::Text(known.kind.to_string()),
                Value::real(known.people.map(Thousandths::to_f64)),
                Value::text(known.village.clone()),
                Value::text(known.village_code.clone()),
                Value::text(known.kecamatan.clone()),
                Value::text(Some(known.text.in_language(language))),
                Value::text(Some(known.mend.in_language(language))),
            ];
            values.extend(
                DETAIL_COLUMNS
                    .iter()
                    .map(|(name, _)| detail_value(known.detail.get(*name))),
            );
            Row {
                geometry: geo_types::Point::new(fault.place.lon(), fault.place.lat()).into(),
                values,
            }
        };
        FeatureTable {
            name: "data_quality",
            description: self.notice,
            shape: Shape::Point,
            columns,
            rows: self.faults.iter().map(row).collect(),
        }
    }
}

fn detail_cell(name: &str, value: Option<&Json>) -> Cell {
    match value {
        Some(Json::String(text)) => Cell::Text(text.clone()),
        Some(Json::Bool(is_so)) => Cell::Text(is_so.to_string()),
        Some(Json::Number(number)) if name.starts_with("near_") => {
            number.as_f64().map_or(Cell::Empty, Cell::degrees)
        }
        // Metres and people have three decimals.
        Some(Json::Number(number)) => Cell::thousandths(number.as_f64().map(in_thousandths)),
        _ => Cell::Empty,
    }
}

fn detail_value(value: Option<&Json>) -> Value {
    match value {
        Some(Json::String(text)) => Value::Text(text.clone()),
        Some(Json::Number(number)) => Value::real(number.as_f64()),
        Some(Json::Bool(is_so)) => Value::Text(is_so.to_string()),
        _ => Value::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_of_less_than_a_metre_is_called_so() {
        let says = |gap_m: f64| {
            let detail = Map::from_iter([("gap_m".to_owned(), json!(gap_m))]);
            [Language::Indonesian, Language::English]
                .map(|language| text(FaultKind::NearMiss, &detail, language))
        };
        for gap_m in [0.0, 0.4, 0.999] {
            let [id, en] = says(gap_m);
            assert!(id.contains(" kurang dari 1 m dari jalan lain"), "{id}");
            assert!(en.contains(" less than 1 m from another road"), "{en}");
        }
        let [id, en] = says(1.0);
        assert!(id.contains(" 1 m dari") && !id.contains("kurang"), "{id}");
        assert!(en.contains(" 1 m from") && !en.contains("less"), "{en}");
    }
}
