//! What several tests stand on.

pub(crate) mod database;
pub(crate) mod five_villages;
pub(crate) mod mvt;
pub(crate) mod proxy;
