//! What columns and values are called elsewhere: `data/synonyms.toml` and `data/road-classes.toml`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::{
    Condition, CrossingKind, Layer, Mode, OneWay, RoadClass, SeasonAccess, Status, Surface, folded,
};

use super::values::Hemisphere;

/// The synonyms that are part of the program.
pub(super) static SYNONYMS: LazyLock<Synonyms> = LazyLock::new(|| {
    let synonyms = include_str!("../../data/synonyms.toml");
    let road_classes = include_str!("../../data/road-classes.toml");
    Synonyms::parse(synonyms, road_classes).expect("a test reads the built-in data files")
});

/// A value as it is looked up in a list of words: lower case, single blanks for blanks and underscores.
pub(super) fn folded_word(value: &str) -> Cow<'_, str> {
    // Most values are written as they are listed.
    let is_folded =
        |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase() && byte != b'_';
    if value.bytes().all(is_folded) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(folded_characters(value).collect())
}

fn folded_characters(value: &str) -> impl Iterator<Item = char> + '_ {
    value
        .split(|character: char| character.is_whitespace() || character == '_')
        .filter(|part| !part.is_empty())
        .enumerate()
        .flat_map(|(position, part)| {
            let blank = (0 < position).then_some(' ');
            blank
                .into_iter()
                .chain(part.chars().flat_map(char::to_lowercase))
        })
}

/// The parts of a heading in two languages, or of a question in a group: of `Nama desa (name)`, `Nama / Name` and
/// `lokasi/titik_gps` each, as [`folded`].
pub(super) fn heading_parts(name: &str) -> Vec<String> {
    let parts = name.split(['(', ')', '/']).map(folded);
    parts.filter(|part| !part.is_empty()).collect()
}

/// Values of one field: from what is written elsewhere to what it means here, none where it means nothing of ours.
pub(super) type Words<T> = HashMap<String, Option<T>>;

/// Everything the two files say.
pub(super) struct Synonyms {
    columns: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    empty: Vec<String>,
    personal: Vec<String>,
    pub(super) road_class: Words<RoadClass>,
    pub(super) surface: Words<Surface>,
    pub(super) condition: Words<Condition>,
    pub(super) one_way: Words<OneWay>,
    pub(super) season: Words<SeasonAccess>,
    pub(super) status: Words<Status>,
    pub(super) clinic_tier: Words<String>,
    pub(super) school_tier: Words<String>,
    pub(super) crossing_kind: Words<CrossingKind>,
    pub(super) yes_no: Words<bool>,
    pub(super) mode: Words<Mode>,
    pub(super) hemisphere: Words<Hemisphere>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SynonymsFile {
    columns: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    words: WordsFile,
    personal: Personal,
}

#[derive(Deserialize)]
struct Personal {
    names: Vec<String>,
}

/// Our word, and theirs.
pub(super) type WordList = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsFile {
    empty: Vec<String>,
    status: WordList,
    clinic_tier: WordList,
    school_tier: WordList,
    surface: WordList,
    condition: WordList,
    one_way: WordList,
    season: WordList,
    crossing_kind: WordList,
    yes_no: WordList,
    mode: WordList,
    hemisphere: WordList,
}

impl Synonyms {
    fn parse(synonyms: &str, road_classes: &str) -> Result<Self, String> {
        let file: SynonymsFile = toml::from_str(synonyms).map_err(|cause| cause.to_string())?;
        let road_classes: WordList =
            toml::from_str(road_classes).map_err(|cause| cause.to_string())?;
        let words = file.words;
        Ok(Self {
            columns: file.columns,
            empty: words.empty,
            personal: file
                .personal
                .names
                .iter()
                .map(|name| folded(name))
                .collect(),
            road_class: closed_list(road_classes)?,
            surface: closed_list(words.surface)?,
            condition: closed_list(words.condition)?,
            one_way: closed_list(words.one_way)?,
            season: closed_list(words.season)?,
            status: closed_list(words.status)?,
            clinic_tier: open_list(words.clinic_tier)?,
            school_tier: open_list(words.school_tier)?,
            crossing_kind: closed_list(words.crossing_kind)?,
            yes_no: closed_list(words.yes_no)?,
            mode: closed_list(words.mode)?,
            hemisphere: closed_list(words.hemisphere)?,
        })
    }

    /// The folded names of a field's column, best first; its own name is the first.
    pub(super) fn columns(&self, layer: Layer, field: &str) -> Vec<String> {
        let listed = self
            .listed(layer.known_name().unwrap_or("context"), field)
            .chain(self.listed("any", field));
        std::iter::once(folded(field)).chain(listed).collect()
    }

    /// The folded names of a column that may be in any table, such as `accuracy`, best first; its own name is the first.
    pub(super) fn columns_of_any(&self, field: &str) -> Vec<String> {
        std::iter::once(folded(field))
            .chain(self.listed("any", field))
            .collect()
    }

    fn listed(&self, section: &str, field: &str) -> impl Iterator<Item = String> {
        let names = self
            .columns
            .get(section)
            .and_then(|fields| fields.get(field));
        names.into_iter().flatten().map(|name| folded(name))
    }

    /// Whether a text stands for no value.
    pub(super) fn is_empty(&self, text: &str) -> bool {
        let is_called = |word: &String| folded_characters(text).eq(word.chars());
        text.trim().len() <= 16 && self.empty.iter().any(is_called)
    }

    /// Whether a column of this name holds personal data.
    pub(super) fn is_personal(&self, column: &str) -> bool {
        self.personal.contains(&folded(column))
    }
}

/// A list of `data/synonyms.toml`, or `road-classes`, as it is written: our word, and theirs; none where there is no such
/// list.
pub(super) fn word_list(name: &str) -> Option<WordList> {
    if name == "road-classes" {
        return toml::from_str(include_str!("../../data/road-classes.toml")).ok();
    }
    let file: toml::Value = toml::from_str(include_str!("../../data/synonyms.toml")).ok()?;
    file.get("words")?.get(name)?.clone().try_into().ok()
}

/// Words of a list whose meanings are all ours.
fn closed_list<T: FromStr + Clone>(list: WordList) -> Result<Words<T>, String> {
    filled(list, |word| word.parse().ok().map(Some))
}

/// Words of a list whose meanings are texts; `none` is the known absence of one.
fn open_list(list: WordList) -> Result<Words<String>, String> {
    filled(list, |word| Some((word != "none").then(|| word.to_owned())))
}

fn filled<T: Clone>(
    list: WordList,
    meaning: impl Fn(&str) -> Option<Option<T>>,
) -> Result<Words<T>, String> {
    let mut words = Words::new();
    for (ours, theirs) in list {
        let meaning = meaning(&ours).ok_or_else(|| format!("`{ours}` is no word of its list"))?;
        for word in theirs.iter().chain([&ours]) {
            if words
                .insert(folded_word(word).into_owned(), meaning.clone())
                .is_some()
            {
                return Err(format!("`{word}` is listed twice"));
            }
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_files_know_every_word_of_ours() {
        assert!(
            RoadClass::ALL
                .iter()
                .all(|class| SYNONYMS.road_class[&*folded_word(class.as_str())] == Some(*class))
        );
        assert_eq!(SYNONYMS.surface["aspal"], Some(Surface::Paved));
        assert_eq!(SYNONYMS.one_way["-1"], Some(OneWay::Backward));
        assert_eq!(SYNONYMS.clinic_tier["klinik"], None);
    }

    #[test]
    fn a_field_is_called_by_its_own_name_first() {
        let names = SYNONYMS.columns(Layer::Villages, "code");
        assert_eq!(names[0], "code");
        assert!(names.contains(&"kdepum".to_owned()));
        assert!(!names.contains(&"kdcpum".to_owned()));
    }

    #[test]
    fn a_word_listed_under_two_meanings_is_refused() {
        let list = toml::from_str("good = ['baik']\nfair = ['Baik']").unwrap();
        assert!(closed_list::<Condition>(list).is_err());
    }
}
