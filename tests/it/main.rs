//! Tests of the whole: see each module.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, but not in what tests share"
)]

mod accounts;
mod codes;
mod end_to_end;
mod engine;
mod faults;
mod files;
mod fuzzed;
mod golden;
mod ingest;
mod layers;
mod osm;
mod page;
mod pgrouting;
mod random_world;
mod rebuilding;
mod reference;
mod sample;
mod sceptic;
mod serve;
mod store;
mod support;
mod tree;
