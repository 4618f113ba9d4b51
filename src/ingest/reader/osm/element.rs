//! What an OSM file is made of, as far as roads need it.

use std::borrow::Cow;

use super::mapped::Shape;

/// Units of a degree in which places are kept; OSM's own.
const PER_DEGREE: f64 = 1e7;

/// 180° in units of 1e-7°.
const MAX_LON_E7: i64 = 1_800_000_000;

/// 90° in units of 1e-7°.
const MAX_LAT_E7: i64 = 900_000_000;

/// A place in units of 1e-7°, on the earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    lon_e7: i32,
    lat_e7: i32,
}

impl Place {
    /// The place of these units, if it is on the earth.
    pub(super) fn parse(lon_e7: i64, lat_e7: i64) -> Option<Self> {
        let is_on_earth = lon_e7.abs() <= MAX_LON_E7 && lat_e7.abs() <= MAX_LAT_E7;
        let place = Self {
            lon_e7: i32::try_from(lon_e7).ok()?,
            lat_e7: i32::try_from(lat_e7).ok()?,
        };
        is_on_earth.then_some(place)
    }

    /// The place of these degrees, rounded, if it is on the earth.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most 180 × 1e7, checked before"
    )]
    pub(super) fn of_degrees(lon: f64, lat: f64) -> Option<Self> {
        // Not fulfilled by NaN either.
        if !(lon.abs() <= 180.0 && lat.abs() <= 90.0) {
            return None;
        }
        Self::parse(
            (lon * PER_DEGREE).round() as i64,
            (lat * PER_DEGREE).round() as i64,
        )
    }

    /// Longitude in units of 1e-7°.
    pub(super) fn lon_e7(self) -> i64 {
        i64::from(self.lon_e7)
    }

    /// Latitude in units of 1e-7°.
    pub(super) fn lat_e7(self) -> i64 {
        i64::from(self.lat_e7)
    }

    /// Longitude and latitude in degrees.
    pub(super) fn degrees(self) -> (f64, f64) {
        (
            f64::from(self.lon_e7) / PER_DEGREE,
            f64::from(self.lat_e7) / PER_DEGREE,
        )
    }
}

/// Keys and values of one element, in the file's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tags<'a>(pub(super) Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Tags<'_> {
    /// The value of a key, without blanks around it; none where it is empty.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(each, _)| each == key)?;
        let value = value.trim();
        (!value.is_empty()).then_some(value)
    }

    /// Whether the value of a key is `value`.
    pub(super) fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// Whether a key has a value, and another one than `no`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value != "no")
    }
}

/// What every element has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    /// Its id; negative in files that an editor has not uploaded.
    pub(super) id: i64,
    /// Counted up by every edit; 0 where the file does not say it.
    pub(super) version: u32,
    /// Whether it was not deleted.
    pub(super) is_visible: bool,
}

/// A point.
#[derive(Debug, PartialEq)]
pub(super) struct Node<'a> {
    pub(super) identity: Identity,
    /// None where it is nowhere on the earth.
    pub(super) place: Option<Place>,
    pub(super) tags: Tags<'a>,
}

/// A line or ring through nodes.
#[derive(Debug, PartialEq)]
pub(super) struct Way<'a> {
    pub(super) identity: Identity,
    pub(super) tags: Tags<'a>,
    /// Ids of its nodes in order.
    pub(super) nodes: Vec<i64>,
    /// Their places, in files that write them with the way; else empty. As many as `nodes` then.
    pub(super) places: Vec<Option<Place>>,
}

impl Way<'_> {
    /// A ring where it ends where it starts.
    pub(super) fn shape(&self) -> Shape {
        if self.is_closed() {
            Shape::Ring
        } else {
            Shape::Line
        }
    }

    /// Whether it ends where it starts.
    pub(super) fn is_closed(&self) -> bool {
        self.nodes.len() > 2 && self.nodes.first() == self.nodes.last()
    }
}

/// A group of elements.
#[derive(Debug, PartialEq)]
pub(super) struct Relation<'a> {
    pub(super) identity: Identity,
    pub(super) tags: Tags<'a>,
}

/// One element.
#[derive(Debug, PartialEq)]
pub(super) enum Element<'a> {
    Node(Node<'a>),
    Way(Way<'a>),
    Relation(Relation<'a>),
}

/// Which elements a pass over the file looks at; the others need not be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) nodes: bool,
    pub(super) ways: bool,
    pub(super) relations: bool,
}
