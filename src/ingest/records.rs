//! One feature of a file as a record of a layer, or why it cannot be one.

use std::collections::BTreeMap;

use geo_types::Geometry;
use serde_json::Value;

use crate::domain::{
    Barrier, BpsError, BpsVillages, CodeError, CodeReading, ContextFeature, Crossing, CrossingKind,
    Facility, Feature, Fields, Finding, FindingCode, Layer, ModeSet, OneWay, People,
    PopulationCell, Record, RecordKind, Road, RoadClass, RoadSection, SeasonAccess, Settlement,
    Status, Village, VillageCode, VillageOffice, VillageValues,
};

use super::fields::{self, required};
use super::findings::error;
use super::protocol::Cell;
use super::row::Row;
use super::shapes;
use super::synonyms::{SYNONYMS, folded_word};
use super::unknowns::Misreading;
use super::values;

/// The typed part of a record that is there, if it is of this kind.
macro_rules! known {
    ($feature:expr, $kind:ident) => {
        match $feature {
            Some(Feature::$kind(known)) => Some(known),
            Some(_) | None => None,
        }
    };
}

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

/// What is known of a record before its row is read in full.
pub(super) struct Draft {
    pub(super) key: String,
    /// Where the row says that it lies.
    pub(super) geometry: Option<Geometry<f64>>,
    /// The record that the row updates: it keeps what the row does not say.
    pub(super) known: Option<Record>,
}

/// The key of a row; none where it has no id.
///
/// # Errors
/// It is no code, or no station.
pub(super) fn key(
    layer: Layer,
    codes: Codes<'_>,
    row: &Row<'_>,
) -> Result<Option<String>, Finding> {
    Ok(match layer.kind() {
        RecordKind::Village | RecordKind::VillageValues => {
            Some(key_code(codes, row)?.as_str().to_owned())
        }
        RecordKind::RoadSection => {
            let Stretch { road, from_m, to_m } = stretch(row)?;
            Some(format!("{road}:{from_m}-{to_m}"))
        }
        _ => row.text("id"),
    })
}

/// The record that a row makes, or makes of the one that it updates: an empty cell says nothing.
///
/// # Errors
/// The geometry or a value that the layer needs is missing or of the wrong kind.
pub(super) fn record(
    layer: Layer,
    codes: Codes<'_>,
    row: &mut Row<'_>,
    draft: Draft,
) -> Result<Record, Finding> {
    let (known, extra) = match draft.known {
        Some(known) => (Some(known.feature), updated(known.extra, row.extra())),
        None => (None, row.extra()),
    };
    let feature = match layer.kind() {
        RecordKind::VillageValues => {
            let known = known!(known, VillageValues);
            Feature::VillageValues(village_values(layer, codes, row, known)?)
        }
        RecordKind::RoadSection => {
            Feature::RoadSection(road_section(row, known!(known, RoadSection))?)
        }
        _ => feature(layer, codes, row, (draft.geometry, known))?,
    };
    Ok(Record {
        key: draft.key,
        origin: row.text("source"),
        feature,
        extra,
    })
}

/// Columns that nobody asked for, those that the row fills in place of what was there.
fn updated(mut known: Fields, given: Fields) -> Fields {
    let is_filled = |value: &Value| value.as_str().is_none_or(|text| !text.trim().is_empty());
    known.extend(given.into_iter().filter(|(_, value)| is_filled(value)));
    known
}

/// What the row says of where the record lies, else what is known.
fn shape<T>(
    geometry: Option<Geometry<f64>>,
    known: Option<T>,
    of: impl FnOnce(Geometry<f64>) -> Result<T, Finding>,
) -> Result<T, Finding> {
    match (geometry, known) {
        (Some(geometry), _) => of(geometry),
        (None, Some(known)) => Ok(known),
        (None, None) => Err(no_geometry()),
    }
}

pub(super) fn no_geometry() -> Finding {
    error(
        FindingCode::GeometryMissing,
        "the record has no geometry",
        "draw it, or delete the record",
    )
}

/// What a record that lies somewhere says.
fn feature(
    layer: Layer,
    codes: Codes<'_>,
    row: &mut Row<'_>,
    (geometry, known): (Option<Geometry<f64>>, Option<Feature>),
) -> Result<Feature, Finding> {
    Ok(match layer.kind() {
        RecordKind::Village => {
            Feature::Village(village(codes, row, (geometry, known!(known, Village)))?)
        }
        RecordKind::Road => Feature::Road(road(row, geometry, known!(known, Road))?),
        RecordKind::Facility => {
            let known = known!(known, Facility);
            Feature::Facility(facility(layer, row, (geometry, known))?)
        }
        RecordKind::Settlement => {
            let known = known!(known, Settlement);
            Feature::Settlement(settlement(codes, row, (geometry, known))?)
        }
        RecordKind::VillageOffice => {
            let known = known!(known, VillageOffice);
            Feature::VillageOffice(village_office(codes, row, (geometry, known))?)
        }
        RecordKind::Barrier => Feature::Barrier(barrier(row, geometry, known!(known, Barrier))?),
        RecordKind::Crossing => {
            Feature::Crossing(crossing(row, geometry, known!(known, Crossing))?)
        }
        RecordKind::PopulationCell => {
            let known = known!(known, PopulationCell);
            Feature::PopulationCell(population_cell(row, geometry, known)?)
        }
        RecordKind::ContextFeature | RecordKind::VillageValues | RecordKind::RoadSection => {
            let known = known!(known, ContextFeature);
            Feature::ContextFeature(context_feature(row, geometry, known)?)
        }
    })
}

/// A cell of unknown people says nothing.
fn population_cell(
    row: &mut Row<'_>,
    geometry: Option<Geometry<f64>>,
    known: Option<PopulationCell>,
) -> Result<PopulationCell, Finding> {
    let (people, area) = known.map_or((None, None), |known| {
        (Some(known.population), Some(known.area))
    });
    let Some(population) = row.people("population").or(people) else {
        let text = row.needed("population")?;
        let cause = "the value is no number of people";
        let mend = "correct it, or delete the record";
        let finding = error(FindingCode::FieldMissing, cause, mend);
        return Err(of_value("population", &text, finding));
    };
    Ok(PopulationCell {
        population,
        area: shape(geometry, area, shapes::area)?,
    })
}

fn settlement(
    codes: Codes<'_>,
    row: &mut Row<'_>,
    (geometry, known): (Option<Geometry<f64>>, Option<Settlement>),
) -> Result<Settlement, Finding> {
    let place = shape(
        geometry,
        known.as_ref().map(|known| known.place),
        shapes::place,
    )?;
    let known = known.unwrap_or(Settlement {
        name: None,
        village_code: None,
        population: None,
        place,
    });
    Ok(Settlement {
        name: row.text("name").or(known.name),
        village_code: village_code(codes, row)?.or(known.village_code),
        population: row.people("population").or(known.population),
        place,
    })
}

fn village_office(
    codes: Codes<'_>,
    row: &Row<'_>,
    (geometry, known): (Option<Geometry<f64>>, Option<VillageOffice>),
) -> Result<VillageOffice, Finding> {
    let place = shape(
        geometry,
        known.as_ref().map(|known| known.place),
        shapes::place,
    )?;
    let known = known.unwrap_or(VillageOffice {
        name: None,
        village_code: None,
        place,
    });
    Ok(VillageOffice {
        name: row.text("name").or(known.name),
        village_code: village_code(codes, row)?.or(known.village_code),
        place,
    })
}

fn barrier(
    row: &Row<'_>,
    geometry: Option<Geometry<f64>>,
    known: Option<Barrier>,
) -> Result<Barrier, Finding> {
    let (kind, line) = known.map_or((None, None), |known| (known.kind, Some(known.line)));
    Ok(Barrier {
        kind: row.text("kind").or(kind),
        line: shape(geometry, line, shapes::lines_or_rings)?,
    })
}

fn context_feature(
    row: &Row<'_>,
    geometry: Option<Geometry<f64>>,
    known: Option<ContextFeature>,
) -> Result<ContextFeature, Finding> {
    let (name, kind, lies) = match known {
        Some(known) => (known.name, known.kind, Some(known.geometry)),
        None => (None, None, None),
    };
    Ok(ContextFeature {
        name: row.text("name").or(name),
        kind: row.text("kind").or(kind),
        geometry: shape(geometry, lies, shapes::any)?,
    })
}

/// Where a stretch of a road is.
struct Stretch {
    road: String,
    from_m: f64,
    to_m: f64,
}

/// A stretch of a road, by its stations.
fn stretch(row: &Row<'_>) -> Result<Stretch, Finding> {
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
    Ok(Stretch { road, from_m, to_m })
}

fn road_section(row: &mut Row<'_>, known: Option<RoadSection>) -> Result<RoadSection, Finding> {
    let Stretch { road, from_m, to_m } = stretch(row)?;
    let known = known.unwrap_or(RoadSection {
        road: String::new(),
        from_m,
        to_m,
        surface: None,
        condition: None,
        width_m: None,
        season: None,
    });
    Ok(RoadSection {
        road,
        from_m,
        to_m,
        surface: row.word("surface", &SYNONYMS.surface).or(known.surface),
        condition: row
            .word("condition", &SYNONYMS.condition)
            .or(known.condition),
        width_m: row.number("width_m", "m").or(known.width_m),
        season: row.word("season", &SYNONYMS.season).or(known.season),
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

/// A value that is empty or not understood is unknown, or what it was.
fn village_values(
    layer: Layer,
    codes: Codes<'_>,
    row: &mut Row<'_>,
    known: Option<VillageValues>,
) -> Result<VillageValues, Finding> {
    let code = key_code(codes, row)?;
    if known.is_none() && required(layer).contains(&"population") && row.has_no_column("population")
    {
        row.needed("population")?;
    }
    let (period, mut values) = known.map_or((None, BTreeMap::new()), |known| {
        (known.period, known.values)
    });
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
        period: row.text("period").or(period),
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
    (geometry, known): (Option<Geometry<f64>>, Option<Village>),
) -> Result<Village, Finding> {
    let code = key_code(codes, row)?;
    let Some(known) = known else {
        return Ok(Village {
            code,
            area: shape(geometry, None, shapes::area)?,
            name: row.needed("name")?,
            kecamatan: row.text("kecamatan"),
            population: row.people("population"),
        });
    };
    Ok(Village {
        code,
        name: row.text("name").unwrap_or(known.name),
        kecamatan: row.text("kecamatan").or(known.kecamatan),
        population: row.people("population").or(known.population),
        area: shape(geometry, Some(known.area), shapes::area)?,
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

fn road(
    row: &mut Row<'_>,
    geometry: Option<Geometry<f64>>,
    known: Option<Road>,
) -> Result<Road, Finding> {
    let known = match known {
        Some(known) => Road {
            line: shape(geometry, Some(known.line), shapes::lines)?,
            ..known
        },
        None => Road {
            name: None,
            class: RoadClass::Road,
            surface: None,
            condition: None,
            width_m: None,
            one_way: OneWay::No,
            is_bridge: false,
            is_tunnel: false,
            barred: ModeSet::NONE,
            season: None,
            max_speed_kmh: None,
            line: shape(geometry, None, shapes::lines)?,
        },
    };
    Ok(Road {
        name: row.text("name").or(known.name),
        class: road_class(row)?.unwrap_or(known.class),
        surface: row.word("surface", &SYNONYMS.surface).or(known.surface),
        condition: row
            .word("condition", &SYNONYMS.condition)
            .or(known.condition),
        width_m: row.number("width_m", "m").or(known.width_m),
        one_way: row
            .word("one_way", &SYNONYMS.one_way)
            .unwrap_or(known.one_way),
        is_bridge: row
            .word("bridge", &SYNONYMS.yes_no)
            .unwrap_or(known.is_bridge),
        season: row.word("season", &SYNONYMS.season).or(known.season),
        max_speed_kmh: row.number("max_speed_kmh", "km/h").or(known.max_speed_kmh),
        is_tunnel: row
            .word("tunnel", &SYNONYMS.yes_no)
            .unwrap_or(known.is_tunnel),
        barred: match row.text("barred") {
            Some(_) => row.words("barred", &SYNONYMS.mode),
            None => known.barred,
        },
        line: known.line,
    })
}

/// The class; none where the row says none that is known.
///
/// # Errors
/// A new road comes without a column for its class.
fn road_class(row: &mut Row<'_>) -> Result<Option<RoadClass>, Finding> {
    let Some(value) = row.text("class") else {
        if !row.is_update {
            if row.has_no_column("class") {
                row.needed("class")?;
            }
            row.note("class", Misreading::UnknownClass, "(none)");
        }
        return Ok(None);
    };
    let word = folded_word(&value);
    let word = word.strip_prefix("jalan ").unwrap_or(&word);
    let Some(Some(class)) = SYNONYMS.road_class.get(word) else {
        row.note("class", Misreading::UnknownClass, &value);
        return Ok(None);
    };
    Ok(Some(*class))
}

fn facility(
    layer: Layer,
    row: &mut Row<'_>,
    (geometry, known): (Option<Geometry<f64>>, Option<Facility>),
) -> Result<Facility, Finding> {
    let place = shape(
        geometry,
        known.as_ref().map(|known| known.place),
        shapes::place,
    )?;
    let known = known.unwrap_or(Facility {
        name: None,
        tier: None,
        status: Status::Unknown,
        capacity: None,
        improved: None,
        queue_min: None,
        season: None,
        confirmed_on: None,
        place,
    });
    let tier = match layer {
        Layer::Clinics => row.word_or("tier", &SYNONYMS.clinic_tier, known.tier),
        Layer::Schools => row.word_or("tier", &SYNONYMS.school_tier, known.tier),
        _ => row.text("tier").or(known.tier),
    };
    Ok(Facility {
        name: row.text("name").or(known.name),
        tier,
        status: row.word("status", &SYNONYMS.status).unwrap_or(known.status),
        capacity: row.number("capacity", "").or(known.capacity),
        improved: row.word("improved", &SYNONYMS.yes_no).or(known.improved),
        queue_min: row.number("queue_min", "min").or(known.queue_min),
        season: row.word("season", &SYNONYMS.season).or(known.season),
        confirmed_on: row.date("confirmed_on").or(known.confirmed_on),
        place,
    })
}

/// A crossing of unknown kind could be a bridge or nothing at all, so it is refused.
fn crossing(
    row: &mut Row<'_>,
    geometry: Option<Geometry<f64>>,
    known: Option<Crossing>,
) -> Result<Crossing, Finding> {
    let place = shape(
        geometry,
        known.as_ref().map(|known| known.place),
        shapes::place,
    )?;
    let (kind, season) = match (row.text("kind"), known) {
        (None, Some(known)) => (known.kind, known.season),
        (_, Some(known)) => (crossing_kind(row)?, known.season),
        (_, None) => (crossing_kind(row)?, SeasonAccess::All),
    };
    Ok(Crossing {
        kind,
        season: row.word("season", &SYNONYMS.season).unwrap_or(season),
        place,
    })
}

fn crossing_kind(row: &Row<'_>) -> Result<CrossingKind, Finding> {
    let value = row.needed("kind")?;
    let kind = SYNONYMS.crossing_kind.get(&*folded_word(&value)).copied();
    kind.flatten().ok_or_else(|| Finding {
        field: Some("kind".to_owned()),
        value: Some(value),
        ..error(
            FindingCode::CodeUnknown,
            "the kind of the crossing is none of bridge, ford, ferry",
            "correct it, or name another column with --map kind=COLUMN",
        )
    })
}

/// No name has control characters; a database refuses some, and terminals obey others.
pub(super) fn refuse_control_characters(row: &Row<'_>) -> Result<(), Finding> {
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
