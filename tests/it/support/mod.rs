//! What several tests stand on.

pub(crate) mod database;
pub mod database;
pub mod five_villages;
