//! What the engine computes with, by dataset version, in order of key as bytes.

mod cells;
pub(in crate::store) mod facilities;
mod places;
pub(in crate::store) mod roads;

pub use cells::{CellInput, CellPart};
pub use places::{SettlementInput, VillageInput};
