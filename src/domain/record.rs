//! One checked record of each layer, as it is stored and computed with.

use std::collections::BTreeMap;

use geo_types::{Geometry, MultiLineString, MultiPolygon};
use serde_json::{Map, Value};

use super::words::words;
use super::{
    Condition, LonLat, ModeSet, OneWay, People, RoadClass, SeasonAccess, Status, Surface,
    VillageCode,
};

words!(
    /// What lets people cross a barrier.
    CrossingKind, "crossing kind", {
        /// *Jembatan*.
        Bridge = "bridge",
        /// A shallow place.
        Ford = "ford",
        /// *Penyeberangan*; costs a wait.
        Ferry = "ferry",
    }
);

/// Columns of the file that the layer does not know, private until released by name.
pub type Fields = Map<String, Value>;

/// The typed part of a record and its natural key, unique within its layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyed<T> {
    /// The key, such as a source's id.
    pub id: String,
    /// What it identifies.
    pub record: T,
}

/// One accepted record: what identifies it, what it says, and the columns nobody asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Natural key, unique within a layer and source: a code, an id column, or the canonical geometry's hash.
    pub key: String,
    /// The file's own `source` column, where it has one.
    pub origin: Option<String>,
    /// What the layer knows.
    pub feature: Feature,
    /// What it does not.
    pub extra: Fields,
}

/// The typed part of a record.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each variant is the type it names")]
pub enum Feature {
    Village(Village),
    Road(Road),
    Facility(Facility),
    Settlement(Settlement),
    VillageOffice(VillageOffice),
    Barrier(Barrier),
    Crossing(Crossing),
    VillageValues(VillageValues),
    RoadSection(RoadSection),
    PopulationCell(PopulationCell),
    ContextFeature(ContextFeature),
}

/// The area of a village. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct Village {
    /// Its key.
    pub code: VillageCode,
    /// Its name; two villages of a district may share one.
    pub name: String,
    /// Name of its kecamatan, where the file gives it.
    pub kecamatan: Option<String>,
    /// Official number of people; none is unknown, not zero.
    pub population: Option<People>,
    /// Its area.
    pub area: MultiPolygon<f64>,
}

/// One line of the road data. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct Road {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its class.
    pub class: RoadClass,
    /// What it is covered with; none is unknown.
    pub surface: Option<Surface>,
    /// Its state of repair; none is unknown.
    pub condition: Option<Condition>,
    /// Width of the carriageway.
    pub width_m: Option<f64>,
    /// Directions for vehicles.
    pub one_way: OneWay,
    /// Whether it is a bridge: never joined to what passes under it.
    pub is_bridge: bool,
    /// Whether it is a tunnel: never joined to what passes over it.
    pub is_tunnel: bool,
    /// Modes that may not use it, whatever its class says.
    pub barred: ModeSet,
    /// When it can be used; none is unknown and counts as all year.
    pub season: Option<SeasonAccess>,
    /// Signed maximum speed.
    pub max_speed_kmh: Option<f64>,
    /// Its line, in one or more parts.
    pub line: MultiLineString<f64>,
}

/// A place that gives a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Facility {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Tier of a clinic or level of a school, such as `puskesmas` or `sd`; none is unknown.
    pub tier: Option<String>,
    /// Whether it works.
    pub status: Status,
    /// Beds, seats, or people served.
    pub capacity: Option<f64>,
    /// Whether a water source is protected from contamination.
    pub improved: Option<bool>,
    /// Usual wait in a queue.
    pub queue_min: Option<f64>,
    /// When it works; none is unknown and counts as all year.
    pub season: Option<SeasonAccess>,
    /// Date of the last confirmation, `YYYY-MM-DD`.
    pub confirmed_on: Option<String>,
    /// Where it is; of a polygon, a point on its surface.
    pub place: LonLat,
}

/// A place where people live.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The village that its code names, where it has one.
    pub village_code: Option<VillageCode>,
    /// Number of people; none is unknown, not zero.
    pub population: Option<People>,
    /// Where it is.
    pub place: LonLat,
}

/// A line that nobody crosses. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct Barrier {
    /// What it is, such as `river`.
    pub kind: Option<String>,
    /// Its line; of an area, its rings.
    pub line: MultiLineString<f64>,
}

/// A place where a road crosses a barrier.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossing {
    /// What lets people cross.
    pub kind: CrossingKind,
    /// When it can be used.
    pub season: SeasonAccess,
    /// Where it is.
    pub place: LonLat,
}

/// The office of a village, from which some official distances are measured.
#[derive(Debug, Clone, PartialEq)]
pub struct VillageOffice {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The village that its code names, where it has one.
    pub village_code: Option<VillageCode>,
    /// Where it is.
    pub place: LonLat,
}

/// What a table says of a village, which is its key.
#[derive(Debug, Clone, PartialEq)]
pub struct VillageValues {
    /// The village.
    pub code: VillageCode,
    /// The time that the values are of, as the file says it, such as `2025 semester 2`.
    pub period: Option<String>,
    /// Values by field of the layer, in the unit that the field's name ends in, else a number of people or families;
    /// a field without a value is unknown, not zero.
    pub values: BTreeMap<String, f64>,
}

/// What a survey says of a stretch of a road, by distance along it (*STA*).
#[derive(Debug, Clone, PartialEq)]
pub struct RoadSection {
    /// Id of the road.
    pub road: String,
    /// Metres from the start of its line to the start of the stretch.
    pub from_m: f64,
    /// Metres from the start of its line to the end of the stretch; more than `from_m`.
    pub to_m: f64,
    /// What it is covered with; none is unknown.
    pub surface: Option<Surface>,
    /// Its state of repair; none is unknown.
    pub condition: Option<Condition>,
    /// Width of the carriageway.
    pub width_m: Option<f64>,
    /// When it can be used; none is unknown.
    pub season: Option<SeasonAccess>,
}

/// A stretch of ground of which only the number of people is known, such as a cell of a raster. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationCell {
    /// Its people.
    pub population: People,
    /// Its area.
    pub area: MultiPolygon<f64>,
}

/// Something that helps to read the map. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct ContextFeature {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What it is, where the file says so.
    pub kind: Option<String>,
    /// Where it is.
    pub geometry: Geometry<f64>,
}
