//! What the engine computes with, by dataset version, in order of key as bytes.

mod facilities;
mod places;
mod roads;

pub use places::{SettlementInput, VillageInput};

/// A record with what identifies it.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyed<T> {
    /// Natural key, unique within the version.
    pub key: String,
    /// What it says.
    pub record: T,
}
