//! One feature of a file as a record of a layer, or why it cannot be one.

use std::collections::BTreeMap;

use geo_types::{Geometry, MultiLineString, MultiPolygon};

use crate::domain::{
    Barrier, BpsError, BpsVillages, CodeError, CodeReading, ContextFeature, Crossing, Facility,
    Feature, Finding, FindingCode, Layer, LonLat, OneWay, People, PopulationCell, Record,
    RecordKind, Road, RoadClass, RoadSection, SeasonAccess, Settlement, Status, Village,
    VillageCode, VillageOffice, VillageValues,
};

use super::fields;
use super::findings::error;
use super::protocol::Cell;
use super::row::Row;
use super::shapes;
use super::synonyms::{SYNONYMS, folded_word};
use super::unknowns::Misreading;
use super::values;

/// How villages get their code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codes<'a> {
    /// Kemendagri codes.
    Kemendagri,
    /// Codes of BPS, which a list turns into Kemendagri's.
    Bps(&'a BpsVillages),
    /// `x:` and a name.
    FromName,
}

/// The record that a row and its geometry make; its key is empty where the row has no id.
///
/// # Errors
/// The geometry or a value that the layer needs is missing or of the wrong kind.
pub(super) fn record(
    layer: Layer,
    codes: Codes<'_>,
    row: &mut Row<'_>,
    geometry: Option<Geometry<f64>>,
) -> Result<Record, Finding> {
    refuse_control_characters(row)?;
    let mut key = row.text("id");
    let feature = if layer.has_geometry() {
        let geometry = geometry.ok_or_else(|| {
            error(
                FindingCode::GeometryMissing,
                "the record has no geometry",
                "draw it, or delete the record",
            )
        })?;
        feature(layer, codes, row, geometry)?
    } else if layer.kind() == RecordKind::RoadSection {
        Feature::RoadSection(road_section(row)?)
    } else {
        Feature::VillageValues(village_values(layer, codes, row)?)
    };
    match &feature {
        Feature::Village(village) => key = Some(village.code.as_str().to_owned()),
        Feature::VillageValues(table) => key = Some(table.code.as_str().to_owned()),
        Feature::RoadSection(RoadSection {
            road, from_m, to_m, ..
        }) => key = Some(format!("{road}:{from_m}-{to_m}")),
        _ => {}
    }
    Ok(Record {
        key: key.unwrap_or_default(),
        origin: row.text("source"),
        feature,
        extra: row.extra(),
    })
}

/// What a record that lies somewhere says.
fn feature(
    layer: Layer,
    codes: Codes<'_>,
    row: &mut Row<'_>,
    geometry: Geometry<f64>,
) -> Result<Feature, Finding> {
    Ok(match layer.kind() {
        RecordKind::Village => Feature::Village(village(codes, row, shapes::area(geometry)?)?),
        RecordKind::Road => Feature::Road(road(row, shapes::lines(geometry)?)),
        RecordKind::Facility => Feature::Facility(facility(layer, row, shapes::place(geometry)?)),
        RecordKind::Settlement => Feature::Settlement(Settlement {
            name: row.text("name"),
            village_code: village_code(codes, row)?,
            population: row.people("population"),
            place: shapes::place(geometry)?,
        }),
        RecordKind::VillageOffice => Feature::VillageOffice(VillageOffice {
            name: row.text("name"),
            village_code: village_code(codes, row)?,
            place: shapes::place(geometry)?,
        }),
        RecordKind::Barrier => Feature::Barrier(Barrier {
            kind: row.text("kind"),
            line: shapes::lines_or_rings(geometry)?,
        }),
        RecordKind::Crossing => Feature::Crossing(crossing(row, shapes::place(geometry)?)?),
        RecordKind::PopulationCell => Feature::PopulationCell(PopulationCell {
            population: needed_people(row)?,
            area: shapes::area(geometry)?,
        }),
        RecordKind::ContextFeature | RecordKind::VillageValues | RecordKind::RoadSection => {
            Feature::ContextFeature(ContextFeature {
                name: row.text("name"),
                kind: row.text("kind"),
                geometry: shapes::any(geometry)?,
            })
        }
    })
}

/// A cell of unknown people says nothing.
fn needed_people(row: &mut Row<'_>) -> Result<People, Finding> {
    let text = row.needed("population")?;
    row.people("population").ok_or_else(|| {
        of_value(
            "population",
            &text,
            error(
                FindingCode::FieldMissing,
                "the value is no number of people",
                "correct it, or delete the record",
            ),
        )
    })
}

/// A stretch of a road, by its stations.
fn road_section(row: &mut Row<'_>) -> Result<RoadSection, Finding> {
    let road = row.needed("road")?;
    let (from_m, to_m) = (station(row, "from_sta")?, station(row, "to_sta")?);
    if to_m <= from_m {
        return Err(Finding {
            field: Some("to_sta".to_owned()),
            value: row.text("to_sta"),
            ..error(
                FindingCode::StationInvalid,
                format!("the stretch ends at {to_m} m, not after it starts at {from_m} m"),
                "correct the stations, or exchange them",
            )
        });
    }
    Ok(RoadSection {
        road,
        from_m,
        to_m,
        surface: row.word("surface", &SYNONYMS.surface),
        condition: row.word("condition", &SYNONYMS.condition),
        width_m: row.number("width_m", "m"),
        season: row.word("season", &SYNONYMS.season),
    })
}

fn station(row: &Row<'_>, field: &str) -> Result<f64, Finding> {
    let text = row.needed(field)?;
    values::station_m(&text).ok_or_else(|| Finding {
        field: Some(field.to_owned()),
        value: Some(text),
        ..error(
            FindingCode::StationInvalid,
            "the value is no station",
            "write it as 12+300, or in metres",
        )
    })
}

/// A value that is empty or not understood is unknown.
fn village_values(
    layer: Layer,
    codes: Codes<'_>,
    row: &mut Row<'_>,
) -> Result<VillageValues, Finding> {
    let code = key_code(codes, row)?;
    let mut values = BTreeMap::new();
    for field in fields::values(layer) {
        let value = if layer == Layer::DeclaredValues {
            row.number(field, fields::unit(field))
        } else {
            row.people(field).map(People::to_count)
        };
        if let Some(value) = value {
            values.insert(field.to_owned(), value);
        }
    }
    Ok(VillageValues {
        code,
        period: row.text("period"),
        values,
    })
}

fn key_code(codes: Codes<'_>, row: &Row<'_>) -> Result<VillageCode, Finding> {
    let code = row.needed("code")?;
    match codes {
        Codes::FromName => Ok(VillageCode::from_name(&code)),
        Codes::Kemendagri => parse_code("code", &code),
        Codes::Bps(villages) => translate("code", &code, villages),
    }
}

fn village(
    codes: Codes<'_>,
    row: &mut Row<'_>,
    area: MultiPolygon<f64>,
) -> Result<Village, Finding> {
    Ok(Village {
        code: key_code(codes, row)?,
        name: row.needed("name")?,
        kecamatan: row.text("kecamatan"),
        population: row.people("population"),
        area,
    })
}

fn village_code(codes: Codes<'_>, row: &Row<'_>) -> Result<Option<VillageCode>, Finding> {
    let Some(code) = row.text("village_code") else {
        return Ok(None);
    };
    if code.starts_with("x:") {
        return Ok(Some(VillageCode::from_stored(code)));
    }
    match codes {
        Codes::Bps(villages) => translate("village_code", &code, villages),
        Codes::Kemendagri | Codes::FromName => parse_code("village_code", &code),
    }
    .map(Some)
}

fn parse_code(field: &str, text: &str) -> Result<VillageCode, Finding> {
    VillageCode::parse(text).map_err(|cause| {
        let (code, mend) = match &cause {
            CodeError::Ambiguous { readings, .. } => {
                (FindingCode::CodeAmbiguous, mend_ambiguous(readings))
            }
            CodeError::Unknown { .. } => (
                FindingCode::CodeUnknown,
                "write the Kemendagri code, such as 15.03.01.2001; a code of BPS is another one"
                    .to_owned(),
            ),
        };
        of_value(field, text, error(code, cause.to_string(), mend))
    })
}

fn mend_ambiguous(readings: &[CodeReading]) -> String {
    let whole = readings.iter().find_map(|reading| match reading {
        CodeReading::Village(code) => Some(code.as_str()),
        CodeReading::Beginning(_) | CodeReading::Bps(_) => None,
    });
    let mut mend = match whole {
        Some(code) => format!("write {code} if that is what it means"),
        None => "write the whole code, from the source of the table".to_owned(),
    };
    mend.push_str(", and keep the column as text");
    if readings
        .iter()
        .any(|reading| matches!(reading, CodeReading::Bps(_)))
    {
        mend.push_str("; if the column holds codes of BPS, add --codes bps");
    }
    mend
}

fn translate(field: &str, text: &str, villages: &BpsVillages) -> Result<VillageCode, Finding> {
    villages.village(text).map_err(|cause| {
        let mend = match &cause {
            BpsError::NoCode { .. } => {
                "correct it, or leave --codes bps out if the column holds codes of Kemendagri"
                    .to_owned()
            }
            BpsError::NotListed { district, .. } => format!(
                "get a list of the villages{} that has both codes, in the columns `code` and `bps`, and load it: \
                 jangkau codes load FILE --edition YEAR --source NAME",
                district.map_or_else(String::new, |district| format!(" of {}", district.name))
            ),
        };
        of_value(field, text, error(FindingCode::CodeUnknown, cause.to_string(), mend))
    })
}

fn of_value(field: &str, value: &str, finding: Finding) -> Finding {
    Finding {
        field: Some(field.to_owned()),
        value: Some(value.to_owned()),
        ..finding
    }
}

fn road(row: &mut Row<'_>, line: MultiLineString<f64>) -> Road {
    Road {
        name: row.text("name"),
        class: road_class(row),
        surface: row.word("surface", &SYNONYMS.surface),
        condition: row.word("condition", &SYNONYMS.condition),
        width_m: row.number("width_m", "m"),
        one_way: row.word("one_way", &SYNONYMS.one_way).unwrap_or(OneWay::No),
        is_bridge: row.word("bridge", &SYNONYMS.yes_no).unwrap_or(false),
        season: row.word("season", &SYNONYMS.season),
        max_speed_kmh: row.number("max_speed_kmh", "km/h"),
        is_tunnel: row.word("tunnel", &SYNONYMS.yes_no).unwrap_or(false),
        barred: row.words("barred", &SYNONYMS.mode),
        line,
    }
}

fn road_class(row: &mut Row<'_>) -> RoadClass {
    let Some(value) = row.text("class") else {
        row.note("class", Misreading::UnknownClass, "(none)");
        return RoadClass::Road;
    };
    let word = folded_word(&value);
    let word = word.strip_prefix("jalan ").unwrap_or(&word);
    let Some(Some(class)) = SYNONYMS.road_class.get(word) else {
        row.note("class", Misreading::UnknownClass, &value);
        return RoadClass::Road;
    };
    *class
}

fn facility(layer: Layer, row: &mut Row<'_>, place: LonLat) -> Facility {
    let tier = match layer {
        Layer::Clinics => row.word("tier", &SYNONYMS.clinic_tier),
        Layer::Schools => row.word("tier", &SYNONYMS.school_tier),
        _ => row.text("tier"),
    };
    Facility {
        name: row.text("name"),
        tier,
        status: row
            .word("status", &SYNONYMS.status)
            .unwrap_or(Status::Unknown),
        capacity: row.number("capacity", ""),
        improved: row.word("improved", &SYNONYMS.yes_no),
        queue_min: row.number("queue_min", "min"),
        season: row.word("season", &SYNONYMS.season),
        confirmed_on: row.date("confirmed_on"),
        place,
    }
}

/// A crossing of unknown kind could be a bridge or nothing at all, so it is refused.
fn crossing(row: &mut Row<'_>, place: LonLat) -> Result<Crossing, Finding> {
    let value = row.needed("kind")?;
    let kind = SYNONYMS.crossing_kind.get(&*folded_word(&value)).copied();
    Ok(Crossing {
        kind: kind.flatten().ok_or_else(|| Finding {
            field: Some("kind".to_owned()),
            value: Some(value),
            ..error(
                FindingCode::CodeUnknown,
                "the kind of the crossing is none of bridge, ford, ferry",
                "correct it, or name another column with --map kind=COLUMN",
            )
        })?,
        season: row
            .word("season", &SYNONYMS.season)
            .unwrap_or(SeasonAccess::All),
        place,
    })
}

/// No name has control characters; a database refuses some, and terminals obey others.
fn refuse_control_characters(row: &Row<'_>) -> Result<(), Finding> {
    let has_controls = |text: &str| {
        text.chars()
            .any(|character| character.is_control() && !"\t\r\n".contains(character))
    };
    let bad = row
        .feature
        .values
        .iter()
        .any(|value| matches!(value, Cell::Text(text) if has_controls(text)));
    if bad {
        return Err(error(
            FindingCode::EncodingDoubtful,
            "a text of the record holds control characters",
            "check the encoding of the file and pass --encoding, or clean the text",
        ));
    }
    Ok(())
}
