//! The words of `data/osm.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::{Condition, Layer, Status};

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
    pub(super) mapped: BTreeMap<Layer, MappedRules>,
    /// Tags that say that something no longer works, or is gone.
    pub(super) mapped_status: BTreeMap<Status, TagValues>,
}

/// Values by key; an element has one of them, or none.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct TagValues(pub(super) BTreeMap<String, Vec<String>>);

/// Which elements belong to a layer of places or barriers, and what they are.
#[derive(Debug)]
pub(super) struct MappedRules {
    /// An element with one of these belongs to it; `*` is any value that `but` does not list.
    pub(super) tags: TagValues,
    pub(super) but: TagValues,
    /// An element with one of these does not.
    pub(super) unless: TagValues,
    pub(super) tiers: Vec<TierRule>,
    pub(super) improved: TagValues,
    pub(super) unimproved: TagValues,
}

/// A tier, and by what it is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TierRule {
    pub(super) is: String,
    /// Lower-case words in a name.
    #[serde(default)]
    pub(super) names: Vec<String>,
    #[serde(default)]
    pub(super) tags: TagValues,
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
    mapped: BTreeMap<Layer, MappedFile>,
    mapped_status: BTreeMap<Status, TagValues>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappedFile {
    tags: TagValues,
    #[serde(default)]
    but: TagValues,
    #[serde(default)]
    unless: TagValues,
    #[serde(default)]
    tier: Vec<TierRule>,
    #[serde(default)]
    improved: ImprovedFile,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImprovedFile {
    yes: TagValues,
    no: TagValues,
}

impl From<MappedFile> for MappedRules {
    fn from(file: MappedFile) -> Self {
        Self {
            tags: file.tags,
            but: file.but,
            unless: file.unless,
            tiers: file.tier,
            improved: file.improved.yes,
            unimproved: file.improved.no,
        }
    }
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
            mapped: file
                .mapped
                .into_iter()
                .map(|(layer, rules)| (layer, rules.into()))
                .collect(),
            mapped_status: file.mapped_status,
        }
    }
}

fn by_value<T: Copy>(lists: impl IntoIterator<Item = (T, Vec<String>)>) -> BTreeMap<String, T> {
    let pairs = lists.into_iter();
    pairs
        .flat_map(|(meaning, values)| values.into_iter().map(move |value| (value, meaning)))
        .collect()
}
