//! Bytes as roads and crossings, built into a network.

#![no_main]

#[path = "../../tests/it/fuzzed/builder.rs"]
mod builder;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| builder::build_network(bytes));
