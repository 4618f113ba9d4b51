//! What the engine computes with, by dataset version, in order of key as bytes.

mod facilities;
mod places;
mod roads;

pub use places::{SettlementInput, VillageInput};
