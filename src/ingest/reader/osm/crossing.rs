//! What the tags of a node say of a crossing, in the words of the layer `crossings`.

use crate::domain::{CrossingKind, SeasonAccess};
use crate::ingest::protocol::Cell;

use super::element::Node;

/// The columns of a crossing, called as the layer's fields are.
pub(super) const COLUMNS: [&str; 3] = ["id", "kind", "season"];

/// Whether a node is a ford. Bridges and ferries are ways, and so roads.
pub(super) fn is_crossing(node: &Node<'_>) -> bool {
    node.tags.has("ford")
}

/// The values of a ford, in the order of [`COLUMNS`]; open in the dry season unless `seasonal` says otherwise.
pub(super) fn values(node: &Node<'_>) -> Vec<Cell> {
    let season = match node.tags.get("seasonal") {
        Some("no") => SeasonAccess::All,
        Some("wet_season") => SeasonAccess::Wet,
        _ => SeasonAccess::Dry,
    };
    vec![
        Cell::Int(node.identity.id),
        Cell::Text(CrossingKind::Ford.to_string()),
        Cell::Text(season.to_string()),
    ]
}
