//! What a picture says, from the answer that it shows.

use std::collections::BTreeMap;

use super::{PictureWanted, look};
use crate::app::answer::{IndicatorAnswer, Row, Thousandths, split_source};
use crate::app::date_in_words;
use crate::domain::{Language, Metric, People, SAMPLE_SOURCE};
use crate::publish::words::{filled, word};
use crate::publish::{ClassMethod, Look, PictureLegendRow, PictureWords};

/// How much of a run's id tells it apart.
const RUN_ID_SHOWN: usize = 8;

/// The texts of one picture.
pub(super) struct Texts<'a> {
    pub(super) answer: &'a IndicatorAnswer,
    pub(super) wanted: PictureWanted,
}

impl Texts<'_> {
    fn word(&self, key: &str) -> String {
        word(self.wanted.language, key)
    }

    fn filled(&self, key: &str, values: &[(&str, &str)]) -> String {
        filled(self.wanted.language, key, values)
    }

    /// The headline without its source, which the rule then names.
    pub(super) fn headline_and_rule(&self) -> (String, String) {
        let language = self.wanted.language;
        let sentences = self.answer.sentences.of(language);
        let headline = sentences.first().map_or("", String::as_str);
        (
            split_source(headline).0.to_owned(),
            rule_in_words(self.answer, self.wanted.method, language),
        )
    }

    pub(super) fn description(&self) -> String {
        let n_villages = self.answer.rows.len().to_string();
        self.filled("picture.description", &[("n", &n_villages)])
    }

    pub(super) fn words(&self, has_settlements: bool, has_facilities: bool) -> PictureWords {
        let legend = match self.answer.rule.metric {
            Metric::Time => "picture.legend.time",
            Metric::Distance => "picture.legend.distance",
        };
        let facility = self.answer.facility_in_words(self.wanted.language);
        PictureWords {
            legend: self.filled(legend, &[("facility", &facility)]),
            villages: self.word("picture.villages"),
            people: self.word("picture.people"),
            settlements: has_settlements.then(|| self.word("picture.settlements")),
            facilities: has_facilities.then(|| self.word("picture.facilities")),
            kecamatan: self.word("picture.kecamatan"),
            north: self.word("picture.north"),
            sample: self.word("picture.sample"),
        }
    }

    /// Every class; of the states those that anybody is in.
    pub(super) fn legend(&self) -> Vec<PictureLegendRow> {
        let row = |look: Look, label: &str, villages: usize, people: Option<Thousandths>| {
            let language = self.wanted.language;
            PictureLegendRow {
                look,
                label: label.to_owned(),
                villages: villages.to_string(),
                people: people.map(|people| people.people_in_words(language)),
            }
        };
        let classes = self.answer.classes.iter().map(|class| {
            let look = Look::Class {
                letter: class.letter.clone(),
                colour: class.colour,
            };
            row(look, &class.label, class.villages, class.people)
        });
        let is_anybody_in = |villages: usize, people: Option<Thousandths>| {
            0 < villages || people.is_some_and(|people| 0 < people.0)
        };
        let states = self
            .answer
            .states
            .iter()
            .filter(|state| is_anybody_in(state.villages, state.people))
            .map(|state| {
                let look = look(self.answer, state.state, state.letter);
                row(look, state.label, state.villages, state.people)
            });
        classes.chain(states).collect()
    }

    pub(super) fn sources(&self) -> String {
        sources_in_words(self.answer, self.wanted.language)
    }

    pub(super) fn date(&self) -> String {
        let newest = self.answer.inputs.iter().map(|input| &input.made_at).max();
        let date = newest.map_or_else(String::new, |time| {
            date_in_words(time, self.wanted.language)
        });
        self.filled("picture.date", &[("date", &date)])
    }

    pub(super) fn version(&self) -> String {
        let run = self.answer.rule.run_id.to_string();
        let shown: String = run.chars().take(RUN_ID_SHOWN).collect();
        let values = [
            ("run", shown.as_str()),
            ("version", env!("CARGO_PKG_VERSION")),
        ];
        let version = self.filled("picture.version", &values);
        if self.answer.rule.stale {
            format!("{version} · {}", self.word("picture.stale"))
        } else {
            version
        }
    }
}

/// `Alfa (Kec. Hulu): C, 45 menit`
pub(super) fn title(answer: &IndicatorAnswer, row: &Row, language: Language) -> String {
    let place = place_in_words(row);
    let state = answer
        .states
        .iter()
        .find(|state| state.state == row.state)
        .map(|state| state.label);
    let value = row
        .value
        .map(|value| value.cost_in_words(answer.rule.metric, language));
    let said: Vec<String> = [Some(row.class.clone()), state.map(str::to_owned), value]
        .into_iter()
        .flatten()
        .collect();
    format!("{place}: {}", said.join(", "))
}

/// A village with its kecamatan, without which its name is often not its own.
pub fn place_in_words(row: &Row) -> String {
    let name = row.name.as_deref().unwrap_or(&row.code);
    match &row.kecamatan {
        Some(kecamatan) => format!("{name} (Kec. {kecamatan})"),
        None => name.to_owned(),
    }
}

/// How classes were made: `ambang kebijakan`.
pub fn classes_in_words(method: ClassMethod, language: Language) -> String {
    let key = ClassMethod::ALL
        .iter()
        .find(|(_, each)| *each == method)
        .map_or("policy", |(key, _)| key);
    word(language, &format!("picture.classes.{key}"))
}

/// The rule behind the numbers in one line.
pub fn rule_in_words(answer: &IndicatorAnswer, method: ClassMethod, language: Language) -> String {
    let rule = &answer.rule;
    let values = [
        ("conditions", answer.conditions_in_words(language)),
        ("cutoff", answer.cutoff_in_words(language)),
        ("radius", number_in_words(rule.snap_radius_m, language)),
        ("factor", number_in_words(rule.off_road_factor, language)),
        ("walking", number_in_words(rule.walking_speed_kmh, language)),
        ("classes", classes_in_words(method, language)),
        ("population", answer.population_in_words(language)),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    filled(language, "picture.rule", &values)
}

/// Who supplied which data: `Sumber: bps (desa), osm (jalan, fasilitas kesehatan).`
pub fn sources_in_words(answer: &IndicatorAnswer, language: Language) -> String {
    let mut layers_of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for input in &answer.inputs {
        let layer = word(language, &format!("picture.layer.{}", input.layer));
        for source in &input.sources {
            let supplier = match source.as_str() {
                SAMPLE_SOURCE => word(language, "picture.source.sample"),
                source => source.to_owned(),
            };
            layers_of.entry(supplier).or_default().push(layer.clone());
        }
    }
    let suppliers: Vec<String> = layers_of
        .into_iter()
        .map(|(supplier, layers)| format!("{supplier} ({})", layers.join(", ")))
        .collect();
    filled(
        language,
        "picture.source",
        &[("sources", &suppliers.join(", "))],
    )
}

/// A number with at most one decimal, as the language writes it.
pub fn number_in_words(value: f64, language: Language) -> String {
    let tenths = (value * 10.0).round();
    let whole = Thousandths::from(People::from_count((tenths / 10.0).trunc()));
    let whole = whole.people_in_words(language);
    let mark = match language {
        Language::Indonesian => ',',
        Language::English => '.',
    };
    match format!("{:.0}", (tenths % 10.0).abs()).as_str() {
        "0" => whole,
        tenth => format!("{whole}{mark}{tenth}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_does() {
        assert_eq!(number_in_words(2000.0, Language::Indonesian), "2.000");
        assert_eq!(number_in_words(4.5, Language::Indonesian), "4,5");
        assert_eq!(number_in_words(4.5, Language::English), "4.5");
        assert_eq!(number_in_words(1.99, Language::English), "2");
    }
}
