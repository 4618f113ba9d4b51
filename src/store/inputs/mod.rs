//! What the engine computes with, by dataset version, in order of key as bytes.

pub(in crate::store) mod facilities;
mod places;
pub(in crate::store) mod roads;

pub use places::{SettlementInput, VillageInput};
