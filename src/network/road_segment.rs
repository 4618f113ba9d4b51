//! What the network is built from.

use crate::domain::{
    Condition, CrossingKind, LonLat, ModeSet, OneWay, RoadClass, SeasonAccess, Surface,
};

/// One line of the road data. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadSegment {
    /// The source's id; parts of one road share it.
    pub id: String,
    /// Its vertices; with fewer than two distinct ones the segment is dropped and counted.
    pub line: Vec<LonLat>,
    /// Its class.
    pub class: RoadClass,
    /// What it is covered with; none is unknown.
    pub surface: Option<Surface>,
    /// Its state of repair; none is unknown.
    pub condition: Option<Condition>,
    /// Directions for vehicles, along `line`.
    pub one_way: OneWay,
    /// Whether it is a bridge.
    pub is_bridge: bool,
    /// Whether it is a tunnel: like a bridge, it is joined to nothing that it only passes over or under.
    pub is_tunnel: bool,
    /// Modes that may not use it, whatever its class says.
    pub barred: ModeSet,
    /// When it can be used; none is unknown and counts as all year.
    pub season: Option<SeasonAccess>,
    /// Signed maximum speed; one that is not a positive number is ignored.
    pub max_speed_kmh: Option<f64>,
}

/// A bridge, ford or ferry: it gives its season to the road within 25 m. EPSG:4326.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossingPoint {
    /// What lets people cross; a ferry costs a wait.
    pub kind: CrossingKind,
    /// When it can be used.
    pub season: SeasonAccess,
    /// Where it is.
    pub place: LonLat,
}
