//! Which table holds the records of a layer.

use crate::domain::{Layer, RecordKind};

/// The table that holds a layer.
pub(super) fn table_of(layer: Layer) -> &'static str {
    table_of_kind(layer.kind())
}

/// The table that holds records of a kind.
pub(super) fn table_of_kind(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Village => "village",
        RecordKind::Road => "road",
        RecordKind::Facility => "facility",
        RecordKind::Settlement => "settlement",
        RecordKind::VillageOffice => "village_office",
        RecordKind::Barrier => "barrier",
        RecordKind::Crossing => "crossing",
        RecordKind::VillageValues => "village_values",
        RecordKind::RoadSection => "road_section",
        RecordKind::PopulationCell => "population_cell",
        RecordKind::ContextFeature => "context_feature",
    }
}
