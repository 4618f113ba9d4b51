//! The words of `data/osm.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::Condition;

/// The rules that are part of the program.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str::<RulesFile>(include_str!("../../../../data/osm.toml"))
        .expect("a test reads the built-in data file")
        .into()
});

/// Everything the file says, by the value of a tag.
pub(super) struct Rules {
    pub(super) smoothness: BTreeMap<String, Condition>,
    pub(super) tracktype: BTreeMap<String, Condition>,
    pub(super) access: BTreeMap<String, Access>,
    pub(super) no_road: BTreeSet<String>,
}

/// What a value of an access tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Closes the road to the mode.
    Barring,
    /// Opens it.
    Inviting,
    /// Neither.
    Silent,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    smoothness: BTreeMap<Condition, Vec<String>>,
    tracktype: BTreeMap<Condition, Vec<String>>,
    access: AccessFile,
    highway: HighwayFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessFile {
    barring: Vec<String>,
    inviting: Vec<String>,
    silent: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HighwayFile {
    no_road: BTreeSet<String>,
}

impl From<RulesFile> for Rules {
    fn from(file: RulesFile) -> Self {
        let AccessFile {
            barring,
            inviting,
            silent,
        } = file.access;
        let access = [
            (Access::Barring, barring),
            (Access::Inviting, inviting),
            (Access::Silent, silent),
        ];
        Self {
            smoothness: by_value(file.smoothness),
            tracktype: by_value(file.tracktype),
            access: by_value(access),
            no_road: file.highway.no_road,
        }
    }
}

fn by_value<T: Copy>(lists: impl IntoIterator<Item = (T, Vec<String>)>) -> BTreeMap<String, T> {
    let pairs = lists.into_iter();
    pairs
        .flat_map(|(meaning, values)| values.into_iter().map(move |value| (value, meaning)))
        .collect()
}
