//! How much of the roads that a mode may use is known.

use super::{Network, Weights};
use crate::domain::KnownShare;

/// Of the length of all edges that the weights permit: how much has a known surface, and a known season, by the road or by
/// a crossing on it. To three decimals; none where nothing is permitted. O(edges).
pub fn known_share(network: &Network, weights: &Weights) -> Option<KnownShare> {
    let [mut all, mut surface, mut season] = [0_u64; 3];
    for edge in network.edges().filter(|edge| weights.permits_any(*edge)) {
        let length = u64::from(weights.edge(edge).length.0);
        let road = network.road(edge);
        all += length;
        surface += if road.surface.is_some() { length } else { 0 };
        season += if road.season.is_some() { length } else { 0 };
    }
    let share = |part: u64| (part as f64 / all as f64 * 1000.0).round() / 1000.0;
    (all > 0).then(|| KnownShare {
        surface: share(surface),
        season: share(season),
    })
}
