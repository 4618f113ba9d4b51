//! Records as rows of a binary COPY.

use bytes::{BufMut, Bytes, BytesMut};
use postgis::ewkb;
use tokio_postgres::types::{IsNull, Json, ToSql, Type, to_sql_checked};

use super::table::Table;
use crate::domain::{
    AreaCode, Condition, DatasetVersionId, Facility, Feature, Layer, Mode, Record, RecordKind,
    Road, SeasonAccess, Settlement, Surface, Village, VillageCode,
};
use crate::store::error::StoreError;
use crate::store::geometry::{to_any, to_area, to_lines, to_point};

/// What a binary COPY begins with: its signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// The number of columns that ends it.
const END: i16 = -1;

/// The length of a value that is null.
const NULL: i32 = -1;

/// What every row of an import has in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowContext<'a> {
    pub(super) layer: Layer,
    pub(super) version: DatasetVersionId,
    pub(super) source: &'a str,
}

/// Rows in the format of a binary COPY, taken away in pieces as they grow.
///
/// tokio-postgres has a writer of its own; it hands over every 4 kB, and waking the connection for each costs as much as
/// the rows.
pub(super) struct Rows<'a> {
    context: RowContext<'a>,
    types: Vec<Type>,
    bytes: BytesMut,
}

impl<'a> Rows<'a> {
    pub(super) fn new(context: RowContext<'a>) -> Self {
        Self {
            context,
            types: Table::of(context.layer).row_types(),
            bytes: BytesMut::from(HEADER),
        }
    }

    /// Bytes that were not taken yet.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes what is there.
    pub(super) fn take(&mut self) -> Bytes {
        self.bytes.split().freeze()
    }

    /// Takes the rest, with the mark of the end.
    pub(super) fn finish(mut self) -> Bytes {
        self.bytes.put_i16(END);
        self.bytes.freeze()
    }

    /// Adds a record.
    ///
    /// # Errors
    /// It is of another kind than the layer, or a column cannot hold a value.
    pub(super) fn push(&mut self, record: &Record) -> Result<(), StoreError> {
        let RowContext {
            layer,
            version,
            source,
        } = self.context;
        let n_columns = i16::try_from(self.types.len()).unwrap_or(i16::MAX);
        self.bytes.put_i16(n_columns);
        let mut row = Row {
            bytes: &mut self.bytes,
            types: self.types.iter(),
            layer,
            key: &record.key,
        };
        row.put(&version.0)?;
        row.put(&source)?;
        row.put(&record.key)?;
        row.put(&record.content_hash().as_slice())?;
        row.put(&Json(&record.extra))?;
        put_columns(&mut row, record)?;
        put_geometry(&mut row, &record.feature)
    }
}

/// A row while it is written.
struct Row<'a> {
    bytes: &'a mut BytesMut,
    /// Of the columns that are still to come.
    types: std::slice::Iter<'a, Type>,
    layer: Layer,
    key: &'a str,
}

impl Row<'_> {
    /// Writes the next column: the length of its value, and the value.
    fn put(&mut self, value: &dyn ToSql) -> Result<(), StoreError> {
        let failed = |cause: String| StoreError::Unwritable {
            layer: self.layer,
            key: self.key.to_owned(),
            cause,
        };
        let Some(kind) = self.types.next() else {
            return Err(failed("the table has fewer columns".to_owned()));
        };
        let at = self.bytes.len();
        self.bytes.put_i32(NULL);
        let written = value.to_sql_checked(kind, self.bytes);
        if let IsNull::No = written.map_err(|cause| failed(cause.to_string()))? {
            let n_bytes = self.bytes.len() - at - size_of::<i32>();
            let length = i32::try_from(n_bytes)
                .map_err(|_too_long| failed("a value is longer than 2 GB".to_owned()))?;
            self.bytes[at..at + size_of::<i32>()].copy_from_slice(&length.to_be_bytes());
        }
        Ok(())
    }
}

/// The values of `Table::columns`, in its order.
fn put_columns(row: &mut Row<'_>, record: &Record) -> Result<(), StoreError> {
    match (&record.feature, row.layer.kind()) {
        (Feature::Village(village), RecordKind::Village) => put_village(row, village),
        (Feature::Road(road), RecordKind::Road) => put_road(row, road),
        (Feature::Facility(facility), RecordKind::Facility) => put_facility(row, facility),
        (Feature::Settlement(settlement), RecordKind::Settlement) => {
            put_settlement(row, settlement)
        }
        (Feature::VillageOffice(office), RecordKind::VillageOffice) => {
            row.put(&office.name)?;
            row.put(&office.village_code.as_ref().map(VillageCode::as_str))
        }
        (Feature::PopulationCell(cell), RecordKind::PopulationCell) => row.put(&cell.population.0),
        (Feature::Barrier(barrier), RecordKind::Barrier) => row.put(&barrier.kind),
        (Feature::Crossing(crossing), RecordKind::Crossing) => {
            row.put(&crossing.kind.as_str())?;
            row.put(&crossing.season.as_str())
        }
        (Feature::VillageValues(table), RecordKind::VillageValues) => {
            row.put(&row.layer.as_str().to_owned())?;
            row.put(&table.period)?;
            row.put(&Json(&table.values))
        }
        (Feature::RoadSection(section), RecordKind::RoadSection) => {
            row.put(&section.road)?;
            row.put(&section.from_m)?;
            row.put(&section.to_m)?;
            row.put(&section.surface.map(Surface::as_str))?;
            row.put(&section.condition.map(Condition::as_str))?;
            row.put(&section.width_m)?;
            row.put(&section.season.map(SeasonAccess::as_str))
        }
        (Feature::ContextFeature(context), RecordKind::ContextFeature) => {
            row.put(&context.name)?;
            row.put(&context.kind)
        }
        _ => Err(StoreError::WrongKind {
            layer: row.layer,
            key: record.key.clone(),
        }),
    }
}

fn put_village(row: &mut Row<'_>, village: &Village) -> Result<(), StoreError> {
    let kecamatan_code = village.code.kecamatan();
    row.put(&village.name)?;
    row.put(&village.kecamatan)?;
    row.put(&kecamatan_code.as_ref().map(AreaCode::as_str))?;
    row.put(&village.code.district().as_str())?;
    row.put(&village.population.map(|people| people.0))
}

fn put_road(row: &mut Row<'_>, road: &Road) -> Result<(), StoreError> {
    row.put(&road.name)?;
    row.put(&road.class.as_str())?;
    row.put(&road.surface.map(Surface::as_str))?;
    row.put(&road.condition.map(Condition::as_str))?;
    row.put(&road.width_m)?;
    row.put(&road.one_way.as_str())?;
    row.put(&road.is_bridge)?;
    row.put(&road.season.map(SeasonAccess::as_str))?;
    row.put(&road.max_speed_kmh)?;
    row.put(&road.is_tunnel)?;
    row.put(&road.barred.iter().map(Mode::as_str).collect::<Vec<_>>())
}

fn put_facility(row: &mut Row<'_>, facility: &Facility) -> Result<(), StoreError> {
    let confirmed_on = match facility.confirmed_on.as_deref() {
        Some(text) => Some(Date::parse(text).ok_or_else(|| StoreError::Value {
            layer: row.layer,
            key: row.key.to_owned(),
            field: "confirmed_on",
            value: text.to_owned(),
        })?),
        None => None,
    };
    row.put(&row.layer.as_str().to_owned())?;
    row.put(&facility.name)?;
    row.put(&facility.tier)?;
    row.put(&facility.status.as_str())?;
    row.put(&facility.capacity)?;
    row.put(&facility.improved)?;
    row.put(&facility.queue_min)?;
    row.put(&confirmed_on)?;
    row.put(&facility.season.map(SeasonAccess::as_str))
}

fn put_settlement(row: &mut Row<'_>, settlement: &Settlement) -> Result<(), StoreError> {
    let village_code = settlement.village_code.as_ref();
    row.put(&settlement.name)?;
    row.put(&village_code.map(VillageCode::as_str))?;
    row.put(&settlement.population.map(|people| people.0))
}

fn put_geometry(row: &mut Row<'_>, feature: &Feature) -> Result<(), StoreError> {
    match feature {
        Feature::Village(village) => row.put(&to_area(&village.area)),
        Feature::Road(road) => row.put(&to_lines(&road.line)),
        Feature::Barrier(barrier) => row.put(&to_lines(&barrier.line)),
        Feature::Facility(facility) => row.put(&to_point(facility.place)),
        Feature::Settlement(settlement) => row.put(&to_point(settlement.place)),
        Feature::PopulationCell(cell) => row.put(&to_area(&cell.area)),
        Feature::Crossing(crossing) => row.put(&to_point(crossing.place)),
        Feature::VillageOffice(office) => row.put(&to_point(office.place)),
        Feature::VillageValues(_) | Feature::RoadSection(_) => row.put(&None::<ewkb::Point>),
        Feature::ContextFeature(context) => row.put(&to_any(&context.geometry)),
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
