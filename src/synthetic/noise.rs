//! Smooth unevenness of the ground, from arithmetic that rounds alike on every machine.

use super::micro::{Micro, floor_cell};
use super::random::unit_at;

/// A smooth number between 0 and 1 that changes over about `size_m` metres.
///
/// Values at the corners of a square grid, blended with 3t² − 2t³ in both directions;
/// the grid is turned by the angle of a 3-4-5 triangle, so that it agrees with no direction of the lattice.
pub(super) fn noise(seed: u64, place: Micro, size_m: f64) -> f64 {
    let (column, along) = floor_cell((4 * place.x - 3 * place.y) / 5, size_m);
    let (row, up) = floor_cell((3 * place.x + 4 * place.y) / 5, size_m);
    let at = |columns: i64, rows: i64| unit_at(seed, column + columns, row + rows);
    let (along, up) = (ease(along), ease(up));
    let low = at(0, 0) + (at(1, 0) - at(0, 0)) * along;
    let high = at(0, 1) + (at(1, 1) - at(0, 1)) * along;
    low + (high - low) * up
}

/// A number between 0 and 1 that is low along winding lines about `size_m` metres apart: valleys.
pub(super) fn valleys(seed: u64, place: Micro, size_m: f64) -> f64 {
    (2.0 * noise(seed, place, size_m) - 1.0).abs()
}

fn ease(t: f64) -> f64 {
    t * t * (3.0 - 2.0 * t)
}
