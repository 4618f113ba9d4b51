//! The tree stays clean: what git holds is small, finished, free of anybody's own paths, and its links lead somewhere.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What a clone should not have to carry: larger data belong outside.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Starts of paths that exist on one person's machine only, written so that this file does not hold them.
const PRIVATE_PATHS: &[&str] = &[
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "Users/"),
    ROOT,
];

/// Signs of unfinished work and of tests that do not run, likewise.
const UNFINISHED: &[&str] = &[
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[", "ignore"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
];

/// Everything that git holds, relative to the root.
fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z"])
        .current_dir(ROOT)
        .output()
        .expect("git is there: the sources came with it");
    assert!(output.status.success(), "the sources are a git checkout");
    String::from_utf8(output.stdout)
        .unwrap()
        .split_terminator('\0')
        .map(PathBuf::from)
        .filter(|file| Path::new(ROOT).join(file).exists())
        .collect()
}

/// Every line of text that git holds: its file, its number from 1, the line.
fn lines() -> Vec<(PathBuf, usize, String)> {
    let mut lines = Vec::new();
    for file in files() {
        // What is not UTF-8 is a picture or a fixture, which has no lines.
        let Ok(text) = fs::read_to_string(Path::new(ROOT).join(&file)) else {
            continue;
        };
        lines.extend(
            (1..)
                .zip(text.lines())
                .map(|(number, line)| (file.clone(), number, line.to_owned())),
        );
    }
    lines
}

/// The places of lines that hold any of the `needles`.
fn places_of(needles: &[&str]) -> Vec<String> {
    lines()
        .into_iter()
        .filter(|(_, _, line)| needles.iter().any(|needle| line.contains(needle)))
        .map(|(file, number, line)| format!("{}:{number}: {line}", file.display()))
        .collect()
}

/// Where the links of a line of Markdown lead: what stands in `](…)`, without a title.
fn links(line: &str) -> Vec<&str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .collect()
}

/// Whether a link leads out of the tree or to a heading of its own page.
fn is_elsewhere(link: &str) -> bool {
    link.contains("://") || link.starts_with('#') || link.starts_with("mailto:")
}

#[test]
fn no_file_in_git_is_large() {
    for file in files() {
        let bytes = fs::metadata(Path::new(ROOT).join(&file)).unwrap().len();
        assert!(
            bytes <= MAX_FILE_BYTES,
            "{} has {bytes} bytes",
            file.display()
        );
    }
}

#[test]
fn no_path_of_somebodys_machine_is_in_git() {
    let places = places_of(PRIVATE_PATHS);
    assert!(places.is_empty(), "{}", places.join("\n"));
}

#[test]
fn nothing_unfinished_and_no_sleeping_test_is_in_git() {
    let places = places_of(UNFINISHED);
    assert!(places.is_empty(), "{}", places.join("\n"));
}

#[test]
fn what_is_called_by_name_can_be_run() {
    for file in ["scripts/run", "scripts/test", ".ci/run"] {
        let mode = fs::metadata(Path::new(ROOT).join(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o111, 0o111, "{file}");
    }
}

#[test]
fn every_relative_link_in_the_docs_leads_to_a_file() {
    let mut n_links = 0;
    for (file, number, line) in lines() {
        if file.extension().is_none_or(|suffix| suffix != "md") {
            continue;
        }
        for link in links(&line).into_iter().filter(|link| !is_elsewhere(link)) {
            let path = link.split('#').next().unwrap();
            let target = Path::new(ROOT).join(&file).with_file_name(path);
            assert!(
                target.exists(),
                "{}:{number} links to {link}",
                file.display()
            );
            n_links += 1;
        }
    }
    assert!(n_links > 0, "no link was looked at");
}

#[test]
fn a_link_is_read_without_its_title_and_fragment_kinds_are_told_apart() {
    let line =
        r#"See [a](a.md#top "title"), ![b](img/b.png) and [c](https://example.org), [d](#d)."#;
    let relative: Vec<&str> = links(line)
        .into_iter()
        .filter(|link| !is_elsewhere(link))
        .collect();
    assert_eq!(relative, ["a.md#top", "img/b.png"]);
}
