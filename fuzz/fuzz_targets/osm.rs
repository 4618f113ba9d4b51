//! Bytes as an OSM file.

#![no_main]

#[path = "../../tests/it/fuzzed/osm.rs"]
mod osm;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| osm::read(bytes));
