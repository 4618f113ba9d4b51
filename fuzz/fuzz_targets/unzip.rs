//! Bytes as a ZIP.

#![no_main]

#[path = "../../tests/it/fuzzed/unzip.rs"]
mod unzip;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| unzip::unpack(bytes));
