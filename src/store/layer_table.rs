//! Which table holds the records of a layer.

use crate::domain::Layer;

/// The table that holds a layer.
pub(super) fn table_of(layer: Layer) -> &'static str {
    match layer {
        Layer::Villages => "village",
        Layer::Roads => "road",
        Layer::Clinics | Layer::WaterPoints | Layer::Schools => "facility",
        Layer::Settlements => "settlement",
        Layer::Barriers => "barrier",
        Layer::Crossings => "crossing",
    }
}
