//! Files in, files out: the program itself, on files of a few lines that each test writes.

mod access;
mod engine;
mod graph;
mod isochrone;
mod matrix;
mod route;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with files, and the program run in it.
pub(crate) struct Desk(TempDir);

/// What a run of the program said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// A road along the equator from longitude 0 to 0.05, in two lines that meet at 0.02; a branch north at 0.02;
    /// an island a degree away. Origins on each and far from all; facilities on the road and the branch.
    pub(crate) fn with_a_road() -> Self {
        let desk = Self::new();
        desk.write(
            "roads.geojson",
            &roads(&[
                ("west", "tertiary", &[(0.0, 0.0), (0.02, 0.0)]),
                ("east", "tertiary", &[(0.02, 0.0), (0.05, 0.0)]),
                (
                    "north",
                    "footway",
                    &[(0.02, 0.0), (0.02, 0.002), (0.02, 0.02)],
                ),
                ("island", "tertiary", &[(1.0, 1.0), (1.02, 1.0)]),
            ]),
        );
        desk.write(
            "origins.csv",
            "id,lon,lat,population\nhouse,0.001,0,10\nhut,0.018,0.001,20\nislander,1.01,1,30\nnobody,5,5,40\n",
        );
        desk.write(
            "facilities.csv",
            "id,lon,lat\nfar,0.049,0\nnear,0.02,0.015\n",
        );
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jangkau"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.0.path())
            .env_remove("DATABASE_URL")
            .env("RUST_LOG", "info");
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Said {
        said(&self.command(arguments).output().unwrap())
    }

    /// A run that must succeed, and its document.
    pub(crate) fn json(&self, arguments: &str) -> Value {
        let said = self.run(&format!("{arguments} --json"));
        assert_eq!(said.code, 0, "{}", said.err);
        serde_json::from_str(&said.out).unwrap()
    }

    /// A run that must succeed, and the rows of the CSV file it writes.
    pub(crate) fn rows(&self, arguments: &str) -> Vec<BTreeMap<String, String>> {
        let said = self.run(&format!("{arguments} --out rows.csv"));
        assert_eq!(said.code, 0, "{}", said.err);
        read_rows(&self.path("rows.csv"))
    }
}

pub(crate) fn said(output: &Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

/// Id, class, vertices.
pub(crate) type Line<'a> = (&'a str, &'a str, &'a [(f64, f64)]);

/// Lines as GeoJSON.
pub(crate) fn roads(lines: &[Line<'_>]) -> String {
    let features: Vec<String> = lines
        .iter()
        .map(|(id, class, line)| {
            let vertices: Vec<String> = line
                .iter()
                .map(|(lon, lat)| format!("[{lon},{lat}]"))
                .collect();
            format!(
                r#"{{"type":"Feature","properties":{{"id":"{id}","class":"{class}"}},"geometry":{{"type":"LineString","coordinates":[{}]}}}}"#,
                vertices.join(",")
            )
        })
        .collect();
    let mut text = String::new();
    write!(
        text,
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    )
    .unwrap();
    text
}

/// Records of a CSV file without quotes, by heading.
pub(crate) fn read_rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let heading: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let values = line.split(',').map(str::to_owned);
            heading
                .iter()
                .map(|name| (*name).to_owned())
                .zip(values)
                .collect()
        })
        .collect()
}
