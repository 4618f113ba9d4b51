//! To come.

pub mod reads;
