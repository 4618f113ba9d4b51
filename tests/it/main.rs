//! Tests of the whole: see each module.

mod engine;
mod random_world;
mod reference;
mod sceptic;
