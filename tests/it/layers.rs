//! The walls between rooms, read from the sources: who may name whom, and which outside crates live where.
//!
//! When this fails, move the code. The table is widened only with a line in `docs/decisions/`.

mod paths;

use std::fs;
use std::path::{Path, PathBuf};

use self::paths::{module_of, named_paths};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Who lives where, and whom of ours each may name; itself, always.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("synthetic", &["domain"]),
    ("ingest", &["domain"]),
    ("coverage", &[]),
    ("store", &["domain", "coverage"]),
    ("network", &["domain"]),
    ("access", &["domain", "network"]),
    ("publish", &["domain"]),
    (
        "app",
        &[
            "domain",
            "synthetic",
            "ingest",
            "store",
            "network",
            "access",
            "publish",
        ],
    ),
    ("config", &["domain"]),
    ("serve", &["domain", "store", "publish", "app"]),
    // `ingest` only for the door of the child process that reads files.
    ("cli", &["domain", "ingest", "app", "config", "serve"]),
    ("main", &["app", "config", "serve", "cli"]),
];

/// Outside crates, and the only rooms that may name them.
const CONFINED: &[(&str, &[&str])] = &[
    ("argon2", &["app"]),
    ("askama", &["serve"]),
    ("axum", &["serve"]),
    ("brotli", &["serve"]),
    ("calamine", &["ingest"]),
    ("clap", &["cli"]),
    ("csv", &["ingest"]),
    ("deadpool_postgres", &["store"]),
    ("encoding_rs", &["ingest"]),
    ("flate2", &["ingest", "serve"]),
    ("gdal", &["ingest", "publish"]),
    ("getrandom", &["app"]),
    ("indicatif", &["cli"]),
    ("moka", &["serve"]),
    ("postgis", &["store"]),
    ("quick_xml", &["ingest"]),
    ("refinery", &["store"]),
    ("resvg", &["publish"]),
    ("rust_embed", &["serve"]),
    ("rust_xlsxwriter", &["publish"]),
    ("tokio_postgres", &["store"]),
    ("tower_http", &["serve"]),
];

/// Rooms of plain computing: the same input gives the same output, whatever the machine is doing.
const PURE: &[&str] = &["domain", "synthetic", "coverage", "network", "access"];

/// What a pure room never names.
const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::time",
    "rustix",
    "tempfile",
    "tokio",
    "tracing",
];

/// Macros that write to the terminal, which a pure room never calls.
const PRINTS: &[&str] = &["dbg!", "eprint!", "eprintln!", "print!", "println!"];

/// What a file of this place and text names although it must not.
fn violations(file: &Path, text: &str) -> Vec<String> {
    let module = module_of(file);
    let room = module.first().map_or("lib", String::as_str);
    if room == "lib" {
        return Vec::new();
    }
    named_paths(&module, text)
        .into_iter()
        .filter(|path| !is_allowed(room, &path.segments, path.is_test))
        .map(|path| format!("{} names {}", file.display(), path.segments.join("::")))
        .collect()
}

fn is_allowed(room: &str, path: &[String], is_test: bool) -> bool {
    match path {
        // The whole crate under another name: what is then named through it could not be seen.
        [first] if first == "crate" => false,
        [first, star, ..] if first == "crate" && star == "*" => false,
        [first, named, ..] if first == "crate" => {
            // Districts from arithmetic are what pure code is tested on.
            named == room
                || (is_test && named == "synthetic")
                || !ROOMS.iter().any(|(each, _)| each == named)
                || allowed_rooms(room).contains(&named.as_str())
        }
        _ => is_outside_allowed(room, path),
    }
}

fn is_outside_allowed(room: &str, path: &[String]) -> bool {
    if let Some((_, rooms)) = CONFINED.iter().find(|(each, _)| *each == path[0]) {
        return rooms.contains(&room);
    }
    let starts_impure = IMPURE.iter().any(|impure| {
        let names: Vec<&str> = impure.split("::").collect();
        path.len() >= names.len() && path.iter().zip(&names).all(|(name, each)| name == each)
    });
    let prints = path
        .last()
        .is_some_and(|name| PRINTS.contains(&name.as_str()));
    !((starts_impure || prints) && PURE.contains(&room))
}

fn allowed_rooms(room: &str) -> &'static [&'static str] {
    ROOMS
        .iter()
        .find(|(each, _)| *each == room)
        .map_or(&[], |(_, rooms)| rooms)
}

/// All Rust files under `src/`, relative to it, in order.
fn sources() -> Vec<PathBuf> {
    let source_root = Path::new(ROOT).join("src");
    let mut folders = vec![source_root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "rs") {
                files.push(path.strip_prefix(&source_root).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

#[test]
fn no_room_names_what_it_may_not() {
    let found: Vec<String> = sources()
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(Path::new(ROOT).join("src").join(file)).unwrap();
            violations(file, &text)
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_room_of_the_library_has_its_walls() {
    let library = fs::read_to_string(Path::new(ROOT).join("src/lib.rs")).unwrap();
    for room in library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
    {
        assert!(
            ROOMS.iter().any(|(each, _)| *each == room),
            "{room} has no row in the table"
        );
    }
}

#[test]
fn a_room_may_name_only_rooms_that_stand_before_it() {
    for (position, (room, named)) in ROOMS.iter().enumerate() {
        for each in *named {
            assert!(
                ROOMS[..position].iter().any(|(before, _)| before == each),
                "{room} may name {each}, which stands after it"
            );
        }
    }
}

/// What is found in a file of `ingest`.
fn found_in_ingest(text: &str) -> Vec<String> {
    violations(Path::new("ingest/reader.rs"), text)
}

#[test]
fn a_forbidden_room_is_found_however_it_is_written() {
    for text in [
        "use crate::store;",
        "use crate::store::Pool;",
        "pub(crate) use crate :: store :: Pool;",
        "use crate::{domain, store::Pool};",
        "use crate::{domain::{Layer, Record}, store::{pool::{self, Pool}}};",
        "use crate::store as cellar;",
        "fn f() { let pool = crate::store::Pool::new(); }",
        "fn f(pool: &crate::store::Pool) {}",
        "fn f() { assert!(crate::store::is_up()); }",
        "macro_rules! m { () => { $crate::store::Pool } }",
        "use super::super::store::Pool;",
        "mod inner { use super::super::super::store::Pool; }",
        "use jangkau::store::Pool;",
        "#[serde(with = \"x\")] struct S { pool: Vec<crate::store::Pool> }",
    ] {
        assert!(!found_in_ingest(text).is_empty(), "{text}");
    }
}

#[test]
fn the_whole_crate_under_another_name_is_found() {
    assert_eq!(found_in_ingest("use crate as house;").len(), 1);
    assert_eq!(found_in_ingest("use crate::{self as house};").len(), 1);
    assert_eq!(found_in_ingest("use crate::*;").len(), 1);
}

#[test]
fn an_allowed_room_and_mere_talk_of_a_room_are_not_found() {
    for text in [
        "use crate::domain::{Layer, Record};",
        "use super::store::Store; // a module of this room",
        "pub(crate) fn f() {}",
        "pub(in crate::ingest) fn f() {}",
        "// use crate::store::Pool;",
        "/// See [`crate::store`].\nfn f() {}",
        "const HELP: &str = \"use crate::store::Pool;\";",
        "use crate::ingest::store::Store;",
    ] {
        assert_eq!(found_in_ingest(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_confined_crate_is_found_outside_its_room() {
    for text in [
        "use axum::Router;",
        "fn f() { ::tokio_postgres::connect(); }",
        "#[derive(clap::Parser)] struct S;",
        "extern crate axum;",
        "use {gdal::Dataset, axum::Router};",
    ] {
        assert_eq!(found_in_ingest(text).len(), 1, "{text}");
    }
}

#[test]
fn a_clock_a_file_or_a_print_is_found_in_a_pure_room() {
    for text in [
        "use std::time::Instant;",
        "use std::{collections::BTreeMap, fs};",
        "fn f() { println!(\"here\"); }",
        "fn f() { tracing::info!(\"here\"); }",
        "async fn f() { tokio::task::yield_now().await }",
    ] {
        let found = violations(Path::new("network/build.rs"), text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(found_in_ingest(text).is_empty(), "{text}");
    }
}

#[test]
fn only_tests_of_a_pure_room_may_use_synthetic_districts() {
    let found = |text| violations(Path::new("network/build.rs"), text).len();
    assert_eq!(found("mod tests { use crate::synthetic::GridWorld; }"), 0);
    assert_eq!(found("use crate::synthetic::GridWorld;"), 1);
}
