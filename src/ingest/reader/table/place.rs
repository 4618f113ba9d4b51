//! Which columns of a table say where a record is, and the place that they say.

use geo_types::Point;

use crate::domain::{Finding, FindingCode, folded};
use crate::ingest::findings::error;
use crate::ingest::protocol::Cell;
use crate::ingest::synonyms::{SYNONYMS, heading_parts};
use crate::ingest::values;

use super::angle::{self, Angle};

/// Where a table has its coordinates; positions of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest::reader) enum PlaceColumns {
    /// One column each.
    Pair {
        longitude: usize,
        latitude: usize,
        /// Whether a latitude without sign is south, since its heading says so.
        is_southern: bool,
    },
    /// Both in one column.
    Together(usize),
    /// A geometry in well-known text.
    Wkt(usize),
}

/// Headings by which a table is known, best first, as [`folded`]; what the request names goes before all.
#[derive(Debug, Clone, Copy)]
pub(in crate::ingest::reader) struct Headings<'a> {
    /// Of the codes of villages, or whatever else identifies a record.
    pub(in crate::ingest::reader) code: &'a [String],
    /// Whether a code is what matters: what the table says belongs to records that have their places elsewhere.
    pub(in crate::ingest::reader) is_by_code: bool,
    pub(in crate::ingest::reader) longitude: &'a [String],
    pub(in crate::ingest::reader) latitude: &'a [String],
}

impl Headings<'_> {
    /// The columns of coordinates among `names`: a pair, else a geometry, else both in one.
    pub(in crate::ingest::reader) fn find(&self, names: &[String]) -> Option<PlaceColumns> {
        let names = Names::of(names);
        if let Some(pair) = self.pair(&names) {
            return Some(pair);
        }
        let first = |field: &str| names.first_of(&SYNONYMS.columns_of_any(field));
        if let Some(column) = first("wkt") {
            return Some(PlaceColumns::Wkt(column));
        }
        first("coordinates").map(PlaceColumns::Together)
    }

    /// As [`Self::find`], of a pair only, which nothing but a heading is called.
    pub(super) fn find_pair(&self, names: &[String]) -> Option<PlaceColumns> {
        self.pair(&Names::of(names))
    }

    /// Whether one of `names` is that of a code.
    pub(super) fn has_code(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.code.contains(&folded(name)))
    }

    /// Whether a table with these names has what it is read for.
    pub(in crate::ingest::reader) fn fits(&self, names: &[String]) -> bool {
        if self.is_by_code {
            self.has_code(names)
        } else {
            self.find(names).is_some()
        }
    }

    fn pair(&self, names: &Names) -> Option<PlaceColumns> {
        let longitude = names.first_of(self.longitude);
        let latitude = names.first_of(self.latitude);
        match (longitude, latitude) {
            (Some(both), Some(latitude)) if both == latitude => Some(PlaceColumns::Together(both)),
            (Some(longitude), Some(latitude)) => Some(PlaceColumns::Pair {
                longitude,
                latitude,
                is_southern: names.is_one_of(latitude, &SYNONYMS.columns_of_any("southern")),
            }),
            _ => one_question(&names.whole),
        }
    }
}

/// The columns `_NAME_longitude` and `_NAME_latitude` of a form, where it has one such pair.
fn one_question(folded: &[String]) -> Option<PlaceColumns> {
    let mut pairs = folded.iter().enumerate().filter_map(|(longitude, name)| {
        let question = name.strip_suffix("longitude")?;
        let latitude = folded
            .iter()
            .position(|name| name.strip_suffix("latitude") == Some(question))?;
        Some(PlaceColumns::Pair {
            longitude,
            latitude,
            is_southern: false,
        })
    });
    let only = pairs.next();
    only.filter(|_| pairs.next().is_none())
}

/// Headings as they are compared: whole, and part by part.
struct Names {
    whole: Vec<String>,
    parts: Vec<Vec<String>>,
}

impl Names {
    fn of(names: &[String]) -> Self {
        Self {
            whole: names.iter().map(|name| folded(name)).collect(),
            parts: names.iter().map(|name| heading_parts(name)).collect(),
        }
    }

    /// The column called by the first of `wanted` that is there, whole names before parts of them.
    fn first_of(&self, wanted: &[String]) -> Option<usize> {
        let whole = |name| self.whole.iter().position(|each| each == name);
        let part = |name| self.parts.iter().position(|each| each.contains(name));
        let by_whole = wanted.iter().find_map(whole);
        by_whole.or_else(|| wanted.iter().find_map(part))
    }

    fn is_one_of(&self, column: usize, wanted: &[String]) -> bool {
        wanted.contains(&self.whole[column])
            || self.parts[column].iter().any(|part| wanted.contains(part))
    }
}

/// The column of the accuracy of positions: by its name, else the one of the question that gives the coordinates.
pub(in crate::ingest::reader) fn accuracy_column(names: &[String]) -> Option<usize> {
    let names = Names::of(names);
    let folded = &names.whole;
    names
        .first_of(&SYNONYMS.columns_of_any("accuracy"))
        .or_else(|| {
            folded.iter().position(|name| {
                let question = name
                    .strip_suffix("precision")
                    .or(name.strip_suffix("accuracy"));
                question.is_some_and(|question| folded.contains(&format!("{question}latitude")))
            })
        })
}

/// No columns of coordinates among `names`.
pub(in crate::ingest::reader) fn no_columns(names: &[String], headings: &Headings<'_>) -> Finding {
    let is_missing = Names::of(names).first_of(headings.longitude).is_none();
    let missing = if is_missing { "longitude" } else { "latitude" };
    Finding {
        field: Some(missing.to_owned()),
        ..error(
            FindingCode::FieldMissing,
            format!(
                "the table has no columns of longitude and latitude; its headings are: {}",
                names.join(", ")
            ),
            "name them with --map longitude=COL --map latitude=COL; both may name one column",
        )
    }
}

/// The place of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ingest::reader) struct TablePlace {
    /// Longitude first, or whatever the table's system has.
    pub(in crate::ingest::reader) point: Point<f64>,
    pub(in crate::ingest::reader) accuracy_m: Option<f64>,
    /// Whether the latitude became south by its heading alone.
    pub(in crate::ingest::reader) is_southern_by_heading: bool,
}

/// The place that a pair of cells says; none where one of them is empty.
///
/// # Errors
/// A cell is no coordinate, or one of the other axis.
pub(in crate::ingest::reader) fn of_pair(
    longitude: &Cell,
    latitude: &Cell,
    is_southern: bool,
) -> Result<Option<TablePlace>, Finding> {
    let (Some(x), Some(y)) = (
        coordinate(longitude, "longitude")?,
        coordinate(latitude, "latitude")?,
    ) else {
        return Ok(None);
    };
    let is_turned = is_southern && y.hemisphere.is_none() && 0.0 < y.value;
    let latitude = if is_turned { -y.value } else { y.value };
    Ok(Some(TablePlace {
        point: Point::new(x.value, latitude),
        accuracy_m: None,
        is_southern_by_heading: is_turned,
    }))
}

/// The place that one cell says; none where it is empty.
///
/// # Errors
/// It does not hold two coordinates.
pub(in crate::ingest::reader) fn of_one(cell: &Cell) -> Result<Option<TablePlace>, Finding> {
    let Some(text) = text(cell) else {
        return Ok(None);
    };
    let found = angle::together(&text).ok_or_else(|| Finding {
        field: Some("latitude".to_owned()),
        value: Some(text),
        ..error(
            FindingCode::CoordsOutOfRange,
            "the text does not hold a latitude and a longitude",
            "write them as -2.3049, 102.7215, or in two columns",
        )
    })?;
    Ok(Some(TablePlace {
        point: Point::new(found.longitude, found.latitude),
        accuracy_m: found.accuracy_m,
        is_southern_by_heading: false,
    }))
}

/// A cell of accuracy in metres; none where it is empty or no number.
pub(in crate::ingest::reader) fn accuracy(cell: &Cell) -> Option<f64> {
    values::number(&text(cell)?, "m")
}

fn coordinate(cell: &Cell, field: &str) -> Result<Option<Angle>, Finding> {
    let Some(text) = text(cell) else {
        return Ok(None);
    };
    let Some(found) = angle::angle(&text) else {
        return Err(Finding {
            field: Some(field.to_owned()),
            value: Some(text),
            ..error(
                FindingCode::CoordsOutOfRange,
                "the coordinate is not a number",
                "write it in decimal degrees, such as 102.7215 or -2.3049, or as 102° 43' 17\" E",
            )
        });
    };
    let is_other_axis = found
        .hemisphere
        .is_some_and(|hemisphere| hemisphere.is_of_latitude() != (field == "latitude"));
    if is_other_axis {
        return Err(Finding {
            field: Some(field.to_owned()),
            value: Some(text),
            ..error(
                FindingCode::CoordsSwapped,
                format!("the column of {field} holds a coordinate of the other axis"),
                "swap the two columns, or name them with --map longitude=COL --map latitude=COL",
            )
        });
    }
    Ok(Some(found))
}

fn text(cell: &Cell) -> Option<String> {
    let text = cell.to_text()?.trim().to_owned();
    (!SYNONYMS.is_empty(&text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(names: &[&str]) -> Option<PlaceColumns> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let longitude = SYNONYMS.columns_of_any("longitude");
        let latitude = SYNONYMS.columns_of_any("latitude");
        let headings = Headings {
            code: &[],
            is_by_code: false,
            longitude: &longitude,
            latitude: &latitude,
        };
        headings.find(&names)
    }

    fn pair(longitude: usize, latitude: usize) -> PlaceColumns {
        PlaceColumns::Pair {
            longitude,
            latitude,
            is_southern: false,
        }
    }

    #[test]
    fn columns_of_a_form_are_known_by_their_ends() {
        assert_eq!(
            find(&[
                "gps_kantor",
                "_gps_kantor_latitude",
                "_gps_kantor_longitude"
            ]),
            Some(pair(2, 1))
        );
        assert_eq!(
            find(&["Lokasi-Latitude", "Lokasi-Longitude", "Lokasi-Accuracy"]),
            Some(pair(1, 0))
        );
        // Two questions, and nobody says which.
        assert_eq!(
            find(&["_a_latitude", "_a_longitude", "_b_latitude", "_b_longitude"]),
            None
        );
        // Ends that do not belong together.
        assert_eq!(find(&["_a_latitude", "_b_longitude"]), None);
    }

    #[test]
    fn a_pair_goes_before_a_geometry_and_that_before_one_cell() {
        assert_eq!(find(&["koordinat", "WKT", "x", "y"]), Some(pair(2, 3)));
        assert_eq!(find(&["koordinat", "wkt_geom"]), Some(PlaceColumns::Wkt(1)));
        assert_eq!(
            find(&["nama", "Titik Koordinat"]),
            Some(PlaceColumns::Together(1))
        );
        assert_eq!(find(&["nama", "bujur"]), None);
    }

    #[test]
    fn a_heading_of_the_south_turns_numbers_without_a_sign() {
        assert_eq!(
            find(&["BT", "LS"]),
            Some(PlaceColumns::Pair {
                longitude: 0,
                latitude: 1,
                is_southern: true
            })
        );
        let text = |text: &str| Cell::Text(text.to_owned());
        let latitude = |cell: &str, is_southern| {
            let place = of_pair(&text("102,5"), &text(cell), is_southern);
            place.unwrap().map(|place| place.point.y())
        };
        assert_eq!(latitude("2,5", true), Some(-2.5));
        assert_eq!(latitude("-2,5", true), Some(-2.5));
        assert_eq!(latitude("2.5 LU", true), Some(2.5));
        assert_eq!(latitude("2,5", false), Some(2.5));
    }

    #[test]
    fn a_coordinate_of_the_other_axis_is_swapped_and_a_word_is_no_number() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let code = |longitude: &str, latitude: &str| {
            let refused = of_pair(&text(longitude), &text(latitude), false);
            refused.unwrap_err().code
        };
        assert_eq!(
            code("2°15'30\" LS", "102°41'12\" BT"),
            FindingCode::CoordsSwapped
        );
        assert_eq!(code("102.5", "belum ada"), FindingCode::CoordsOutOfRange);
        let empty = of_pair(&text("102.5"), &text("-"), false);
        assert_eq!(empty.unwrap(), None);
    }
}
