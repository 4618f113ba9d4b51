//! A sample district: records that stand for no real place.

use super::{Barrier, Crossing, Facility, Keyed, Road, Settlement, Village};

/// Invented records of every layer.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleDistrict {
    /// In order of code; none where the sample is inside real villages.
    pub villages: Vec<Village>,
    /// Split wherever roads meet; segments that meet share a vertex exactly.
    pub roads: Vec<Keyed<Road>>,
    /// Without village codes where the sample is inside real villages.
    pub settlements: Vec<Keyed<Settlement>>,
    /// Of every tier.
    pub clinics: Vec<Keyed<Facility>>,
    /// Of every level.
    pub schools: Vec<Keyed<Facility>>,
    /// Some broken.
    pub water_points: Vec<Keyed<Facility>>,
    /// Rivers.
    pub barriers: Vec<Keyed<Barrier>>,
    /// Where roads pass rivers.
    pub crossings: Vec<Keyed<Crossing>>,
}
