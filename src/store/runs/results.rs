//! What a run says, in the words in which it is stored.

use crate::domain::{
    DatasetVersionId, Layer, LonLat, Millimetres, Milliseconds, People, PopulationSource,
    ReachState, Rule, StandardUnit, StatePeople, VillageCode,
};

/// A finished computation, to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRun {
    /// The rule behind its numbers, with its id; `stale` is not stored.
    pub rule: Rule,
    /// Whether any input is sample data.
    pub is_sample: bool,
    /// What it has seen, one entry a layer, absent layers included.
    pub inputs: Vec<RunInput>,
    /// Settlements that lie in no village.
    pub unassigned_settlements: u64,
    /// Their people; none where unknown.
    pub unassigned_people: Option<People>,
    /// People of cells, or of parts of cells, that lie in no village of the district.
    pub unassigned_cell_people: People,
    /// One entry a village.
    pub villages: Vec<VillageResult>,
    /// One entry a demand point.
    pub points: Vec<PointResult>,
}

/// A layer that a run needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunInput {
    /// The layer.
    pub layer: Layer,
    /// Its version; none where it had never been imported.
    pub version: Option<DatasetVersionId>,
}

/// A facility that was found, and what it costs to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its key.
    pub facility: String,
    /// Duration of the path.
    pub time: Milliseconds,
    /// Length of the path, off-road legs charged with their factor.
    pub length: Millimetres,
}

/// What a run says of a village. Single values are those of its median person.
#[derive(Debug, Clone, PartialEq)]
pub struct VillageResult {
    /// The village.
    pub village: VillageCode,
    /// State of the median person.
    pub state: ReachState,
    /// The demand point where the median person lives.
    pub median_point: String,
    /// The nearest facility.
    pub nearest: Option<Found>,
    /// The next one.
    pub second: Option<Found>,
    /// Where the number of people comes from.
    pub population_source: PopulationSource,
    /// The village's people; none where unknown.
    pub population: Option<People>,
    /// The same by state: the sum is `population`, none where that is none.
    pub people: Option<StatePeople>,
    /// People within each standard of the service.
    pub standards: Vec<StandardPeople>,
}

/// People of a village within a standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardPeople {
    /// The standard's name.
    pub id: String,
    /// Its threshold, in `unit`.
    pub threshold: u32,
    /// Minutes or metres.
    pub unit: StandardUnit,
    /// How many meet it; none where the number of people is unknown.
    pub people_within: Option<People>,
}

/// What a run says of a demand point.
#[derive(Debug, Clone, PartialEq)]
pub struct PointResult {
    /// Its key: a settlement's, or the village's code where a point inside stands for it.
    pub point: String,
    /// The village it counts in; none where unassigned.
    pub village: Option<VillageCode>,
    /// Its people; none where unknown.
    pub people: Option<People>,
    /// Its state.
    pub state: ReachState,
    /// The nearest facility.
    pub nearest: Option<Found>,
    /// The next one.
    pub second: Option<Found>,
    /// Names of the service's standards that it meets.
    pub standards: Vec<String>,
    /// Where it is. EPSG:4326.
    pub place: LonLat,
}
