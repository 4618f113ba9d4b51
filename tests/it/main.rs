//! Tests of the whole: see each module.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, but not in what tests share"
)]

mod layers;
mod tree;
mod ingest;
mod page;
mod serve;
mod store;
mod support;
mod sample;
mod engine;
mod random_world;
mod reference;
