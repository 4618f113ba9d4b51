//! Inputs that a fuzzer found to be different, read again: `tests/fuzz-corpus/`, one folder a target.
//!
//! `fuzz/` runs the same functions on inputs that it changes; `scripts/prove.d/fuzz` starts it.

mod builder;
mod frames;
mod osm;
mod table;
mod unzip;

use std::fs;
use std::path::Path;

/// Hands every input of a folder to `target`; a panic names the file.
fn replay(folder: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz-corpus")
        .join(folder);
    let mut n_inputs = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().path();
        let bytes = fs::read(&file).unwrap();
        let run = std::panic::catch_unwind(|| target(&bytes));
        assert!(run.is_ok(), "{} breaks it", file.display());
        n_inputs += 1;
    }
    assert!(n_inputs > 10, "{} has {n_inputs} inputs", folder.display());
}

#[test]
fn no_osm_file_of_the_corpus_breaks_the_reader() {
    replay("osm", osm::read);
}

#[test]
fn no_roads_of_the_corpus_break_the_builder() {
    replay("builder", builder::build_network);
}

#[test]
fn no_archive_of_the_corpus_leaves_its_folder() {
    replay("unzip", unzip::unpack);
}

#[test]
fn no_csv_of_the_corpus_breaks_the_cleaning_of_tables() {
    replay("csv", table::clean);
}

#[test]
fn no_spreadsheet_of_the_corpus_breaks_the_cleaning_of_tables() {
    replay("sheet", table::clean);
}

#[test]
fn nothing_that_a_child_of_the_corpus_writes_breaks_the_parent() {
    replay("frames", frames::read);
}
