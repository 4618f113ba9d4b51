//! Bytes as a spreadsheet.

#![no_main]

#[path = "../../tests/it/fuzzed/table.rs"]
mod table;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| table::clean(bytes));
