//! The fields of each layer: which there are, which a record needs, which one is its key.

use crate::domain::Layer;

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
        Layer::Clinics | Layer::WaterPoints | Layer::Schools => &[
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
    }
}

/// Fields without which a record is of no use.
pub(super) fn required(layer: Layer) -> &'static [&'static str] {
    match layer {
        Layer::Villages => &["code", "name"],
        Layer::Roads => &["class"],
        Layer::Crossings => &["kind"],
        _ => &[],
    }
}

/// Fields whose absence changes every answer, which is worth a warning.
pub(super) fn missed(layer: Layer) -> &'static [&'static str] {
    match layer {
        Layer::Clinics | Layer::Schools => &["tier", "status"],
        Layer::WaterPoints => &["status"],
        Layer::Settlements => &["population"],
        _ => &[],
    }
}

/// The field that identifies a record.
pub(super) fn key_field(layer: Layer) -> &'static str {
    match layer {
        Layer::Villages => "code",
        _ => "id",
    }
}
