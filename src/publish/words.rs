//! Fixed words in two languages: one catalogue for what the server writes and for what runs in the browser.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::domain::Language;

type Catalogue = BTreeMap<String, String>;

static INDONESIAN: LazyLock<Catalogue> =
    LazyLock::new(|| parse(include_str!("../../web/src/words.id.json")));
static ENGLISH: LazyLock<Catalogue> =
    LazyLock::new(|| parse(include_str!("../../web/src/words.en.json")));

fn parse(text: &str) -> Catalogue {
    serde_json::from_str(text).expect("a test reads the built-in catalogues")
}

/// The words behind a key; the key itself, in brackets, where the catalogue has none, which tests look for.
pub fn word(language: Language, key: &str) -> String {
    let catalogue = match language {
        Language::Indonesian => &INDONESIAN,
        Language::English => &ENGLISH,
    };
    catalogue
        .get(key)
        .map_or_else(|| format!("[{key}]"), String::clone)
}

/// The words behind a key with each `{name}` replaced by its value; values are never looked at again.
pub fn filled(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    let words = word(language, key);
    let mut filled = String::with_capacity(words.len());
    let mut rest = words.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        let value = values.iter().find(|(each, _)| *each == name);
        filled.push_str(value.map_or(name, |(_, value)| value));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_catalogues_are_read_and_have_the_same_keys() {
        assert!(INDONESIAN.keys().eq(ENGLISH.keys()));
        assert_eq!(word(Language::Indonesian, "picture.people"), "jiwa");
        assert_eq!(word(Language::English, "picture.people"), "people");
    }

    #[test]
    fn an_unknown_key_is_shown_in_brackets() {
        assert_eq!(
            word(Language::English, "picture.nothing"),
            "[picture.nothing]"
        );
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        let values = [("run", "{version}"), ("version", "1")];
        let filled = filled(Language::English, "picture.version", &values);
        assert_eq!(filled, "Run {version} · Jangkau 1");
    }
}
