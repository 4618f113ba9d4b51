//! What the engine computes with, by dataset version, in order of key as bytes.

mod cells;
mod facilities;
mod places;
mod roads;

pub use cells::{CellInput, CellPart};
pub use places::{SettlementInput, VillageInput};
