//! What the network is built from.

use super::RoadAttributes;
use crate::domain::{CrossingKind, LonLat, SeasonAccess};

/// One line of the road data. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadSegment {
    /// The source's id; parts of one road share it.
    pub id: String,
    /// Its vertices; with fewer than two distinct ones the segment is dropped and counted.
    pub line: Vec<LonLat>,
    /// What is known of it, along `line`. A maximum speed that is not a positive number is ignored.
    pub road: RoadAttributes,
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
