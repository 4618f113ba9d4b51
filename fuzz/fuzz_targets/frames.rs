//! Bytes as what a child writes.

#![no_main]

#[path = "../../tests/it/fuzzed/frames.rs"]
mod frames;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| frames::read(bytes));
