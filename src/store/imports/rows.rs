//! A record as one row of a binary COPY.

use std::pin::Pin;

use bytes::BytesMut;
use postgis::ewkb;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{IsNull, Json, ToSql, Type, to_sql_checked};

use crate::domain::{
    Condition, DatasetVersionId, Facility, Feature, Layer, Mode, Record, RecordKind, Road,
    SeasonAccess, Settlement, Surface, Village, VillageCode,
};
use crate::store::error::StoreError;
use crate::store::geometry::{to_any, to_area, to_lines, to_point};

/// What every row of an import has in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowContext<'a> {
    pub(super) layer: Layer,
    pub(super) version: DatasetVersionId,
    pub(super) source: &'a str,
}

/// A value of any column.
type Value<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// Writes one record.
pub(super) async fn write(
    writer: Pin<&mut BinaryCopyInWriter>,
    context: RowContext<'_>,
    record: &Record,
) -> Result<(), StoreError> {
    let hash = record.content_hash();
    let mut row: Vec<Value<'_>> = vec![
        Box::new(context.version.0),
        Box::new(context.source),
        Box::new(&record.key),
        Box::new(hash.as_slice()),
        Box::new(Json(&record.extra)),
    ];
    row.extend(columns(context.layer, record)?);
    row.push(geometry(&record.feature));
    writer
        .write_raw(row)
        .await
        .map_err(StoreError::sql("copy a record into staging"))
}

/// The values of `Table::columns`, in its order.
fn columns(layer: Layer, record: &Record) -> Result<Vec<Value<'_>>, StoreError> {
    let values: Vec<Value<'_>> = match (&record.feature, layer.kind()) {
        (Feature::Village(village), RecordKind::Village) => village_columns(village),
        (Feature::Road(road), RecordKind::Road) => road_columns(road),
        (Feature::Facility(facility), RecordKind::Facility) => {
            facility_columns(layer, &record.key, facility)?
        }
        (Feature::Settlement(settlement), RecordKind::Settlement) => settlement_columns(settlement),
        (Feature::VillageOffice(office), RecordKind::VillageOffice) => vec![
            Box::new(&office.name),
            Box::new(office.village_code.as_ref().map(VillageCode::as_str)),
        ],
        (Feature::Barrier(barrier), RecordKind::Barrier) => vec![Box::new(&barrier.kind)],
        (Feature::Crossing(crossing), RecordKind::Crossing) => vec![
            Box::new(crossing.kind.as_str()),
            Box::new(crossing.season.as_str()),
        ],
        (Feature::VillageValues(table), RecordKind::VillageValues) => vec![
            Box::new(layer.to_string()),
            Box::new(&table.period),
            Box::new(Json(&table.values)),
        ],
        (Feature::RoadSection(section), RecordKind::RoadSection) => vec![
            Box::new(&section.road),
            Box::new(section.from_m),
            Box::new(section.to_m),
            Box::new(section.surface.map(Surface::as_str)),
            Box::new(section.condition.map(Condition::as_str)),
            Box::new(section.width_m),
            Box::new(section.season.map(SeasonAccess::as_str)),
        ],
        (Feature::PopulationCell(cell), RecordKind::PopulationCell) => {
            vec![Box::new(cell.population.0)]
        }
        (Feature::ContextFeature(context), RecordKind::ContextFeature) => {
            vec![Box::new(&context.name), Box::new(&context.kind)]
        }
        _ => {
            return Err(StoreError::WrongKind {
                layer,
                key: record.key.clone(),
            });
        }
    };
    Ok(values)
}

fn village_columns(village: &Village) -> Vec<Value<'_>> {
    let kecamatan_code = village.code.kecamatan();
    vec![
        Box::new(&village.name),
        Box::new(&village.kecamatan),
        Box::new(kecamatan_code.map(|code| code.as_str().to_owned())),
        Box::new(village.code.district().as_str().to_owned()),
        Box::new(village.population.map(|people| people.0)),
    ]
}

fn road_columns(road: &Road) -> Vec<Value<'_>> {
    vec![
        Box::new(&road.name),
        Box::new(road.class.as_str()),
        Box::new(road.surface.map(Surface::as_str)),
        Box::new(road.condition.map(Condition::as_str)),
        Box::new(road.width_m),
        Box::new(road.one_way.as_str()),
        Box::new(road.is_bridge),
        Box::new(road.season.map(SeasonAccess::as_str)),
        Box::new(road.max_speed_kmh),
        Box::new(road.is_tunnel),
        Box::new(road.barred.iter().map(Mode::as_str).collect::<Vec<_>>()),
    ]
}

fn facility_columns<'a>(
    layer: Layer,
    key: &str,
    facility: &'a Facility,
) -> Result<Vec<Value<'a>>, StoreError> {
    let confirmed_on = match facility.confirmed_on.as_deref() {
        Some(text) => Some(Date::parse(text).ok_or_else(|| StoreError::Value {
            layer,
            key: key.to_owned(),
            field: "confirmed_on",
            value: text.to_owned(),
        })?),
        None => None,
    };
    Ok(vec![
        Box::new(layer.to_string()),
        Box::new(&facility.name),
        Box::new(&facility.tier),
        Box::new(facility.status.as_str()),
        Box::new(facility.capacity),
        Box::new(facility.improved),
        Box::new(facility.queue_min),
        Box::new(confirmed_on),
        Box::new(facility.season.map(SeasonAccess::as_str)),
    ])
}

fn settlement_columns(settlement: &Settlement) -> Vec<Value<'_>> {
    let village_code = settlement.village_code.as_ref();
    vec![
        Box::new(&settlement.name),
        Box::new(village_code.map(VillageCode::as_str)),
        Box::new(settlement.population.map(|people| people.0)),
    ]
}

fn geometry(feature: &Feature) -> Value<'static> {
    match feature {
        Feature::Village(village) => Box::new(to_area(&village.area)),
        Feature::Road(road) => Box::new(to_lines(&road.line)),
        Feature::Barrier(barrier) => Box::new(to_lines(&barrier.line)),
        Feature::Facility(facility) => Box::new(to_point(facility.place)),
        Feature::Settlement(settlement) => Box::new(to_point(settlement.place)),
        Feature::Crossing(crossing) => Box::new(to_point(crossing.place)),
        Feature::VillageOffice(office) => Box::new(to_point(office.place)),
        Feature::PopulationCell(cell) => Box::new(to_area(&cell.area)),
        Feature::VillageValues(_) | Feature::RoadSection(_) => Box::new(None::<ewkb::Point>),
        Feature::ContextFeature(context) => Box::new(to_any(&context.geometry)),
    }
}

/// A day, as PostgreSQL counts it: days since 1 January 2000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Date(i32);

impl Date {
    /// From `YYYY-MM-DD`; none where that is no day of the calendar.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(str::parse::<i32>);
        let (year, month, day) = (
            parts.next()?.ok()?,
            parts.next()?.ok()?,
            parts.next()?.ok()?,
        );
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            _ => 31,
        };
        let exists =
            (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=last).contains(&day);
        exists.then(|| Self(days_before(year, month) + day - 1 - days_before(2000, 1)))
    }
}

/// Days from 1 March of the year 0 to the first of a month.
///
/// Years begin in March here, so that the leap day is their last; months from March have 31, 30, 31, 30, 31 days
/// twice and the rest, which `(153 m + 2) / 5` sums up.
fn days_before(year: i32, month: i32) -> i32 {
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5
}

impl ToSql for Date {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        // The wire format of a date is that of a four-byte integer.
        self.0.to_sql(kind, out)
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::DATE
    }

    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_the_first_of_january_2000() {
        assert_eq!(Date::parse("2000-01-01"), Some(Date(0)));
        assert_eq!(Date::parse("1999-12-31"), Some(Date(-1)));
        // 2000 was a leap year.
        assert_eq!(Date::parse("2001-03-01"), Some(Date(366 + 31 + 28)));
        assert_eq!(
            Date::parse("2024-02-29"),
            Some(Date(24 * 365 + 6 + 31 + 28))
        );
    }

    #[test]
    fn a_day_that_never_was_is_none() {
        for text in [
            "2023-02-29",
            "1900-02-29",
            "2023-13-01",
            "2023-04-31",
            "2023",
            "kemarin",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
