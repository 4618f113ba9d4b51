//! The fields of each layer: which there are, which a record needs, which one is its key.

use crate::domain::{Layer, RecordKind};

/// Fields of a layer in the order of the contract, `source` last.
pub(super) fn fields(layer: Layer) -> &'static [&'static str] {
    match layer {
        Layer::Villages => &["code", "name", "kecamatan", "population", "source"],
        Layer::Roads => &[
            "id",
            "name",
            "class",
            "surface",
            "condition",
            "width_m",
            "one_way",
            "bridge",
            "season",
            "max_speed_kmh",
            "tunnel",
            "barred",
            "source",
        ],
        Layer::Clinics | Layer::WaterPoints | Layer::Schools | Layer::Markets => &[
            "id",
            "name",
            "tier",
            "status",
            "capacity",
            "improved",
            "queue_min",
            "season",
            "confirmed_on",
            "source",
        ],
        Layer::Settlements => &["id", "name", "village_code", "population", "source"],
        Layer::Barriers => &["id", "kind", "source"],
        Layer::Crossings => &["id", "kind", "season", "source"],
        Layer::VillageOffices => &["id", "name", "village_code", "source"],
        Layer::Population => &[
            "code",
            "period",
            "population",
            "households",
            "under_five",
            "age_sd",
            "age_smp",
            "age_sma",
            "pregnant",
            "source",
        ],
        Layer::Poverty => &["code", "period", "poor", "poor_households", "source"],
        Layer::DeclaredValues => &[
            "code",
            "period",
            "health_min",
            "health_km",
            "poskesdes_m",
            "sd_km",
            "smp_km",
            "sma_km",
            "market_min",
            "market_km",
            "source",
        ],
        Layer::RoadSections => &[
            "road",
            "from_sta",
            "to_sta",
            "surface",
            "condition",
            "width_m",
            "season",
            "source",
        ],
        Layer::PopulationCells => &["id", "population", "source"],
        Layer::Context(_) => &["id", "name", "kind", "source"],
    }
}

/// The fields of a table by village that are numbers.
pub(super) fn values(layer: Layer) -> impl Iterator<Item = &'static str> {
    let texts = ["code", "period", "source"];
    let all = match layer.kind() {
        RecordKind::VillageValues => fields(layer),
        _ => &[],
    };
    all.iter()
        .copied()
        .filter(move |field| !texts.contains(field))
}

/// The unit that a field's name ends in; empty for a bare number.
pub(super) fn unit(field: &str) -> &str {
    match field.rsplit_once('_') {
        Some((_, unit @ ("min" | "km" | "m"))) => unit,
        _ => "",
    }
}

/// Fields without which a record is of no use.
pub(super) fn required(layer: Layer) -> &'static [&'static str] {
    match layer {
        Layer::Villages => &["code", "name"],
        Layer::Roads => &["class"],
        Layer::Crossings => &["kind"],
        Layer::Population => &["code", "population"],
        Layer::Poverty | Layer::DeclaredValues => &["code"],
        Layer::PopulationCells => &["population"],
        Layer::RoadSections => &["road", "from_sta", "to_sta"],
        _ => &[],
    }
}

/// Fields whose absence changes every answer, which is worth a warning.
pub(super) fn missed(layer: Layer) -> &'static [&'static str] {
    match layer {
        Layer::Clinics | Layer::Schools => &["name", "tier", "status"],
        Layer::WaterPoints => &["status"],
        Layer::Settlements => &["population"],
        _ => &[],
    }
}

/// The field that identifies a record.
pub(super) fn key_field(layer: Layer) -> &'static str {
    match layer.kind() {
        RecordKind::Village | RecordKind::VillageValues => "code",
        _ => "id",
    }
}
