//! What a page shows before any script runs: an answer's words, numbers and picture, ready for the templates.

use super::indicator_query::as_query;
use crate::app::answer::{IndicatorAnswer, Row, Thousandths, Wanted, split_source};
use crate::app::picture::{classes_in_words, number_in_words};
use crate::domain::{Indicator, ReachState};
use crate::publish::palette::{Rgb, hatch};
use crate::publish::words::{filled, word};
use crate::publish::{ClassMethod, MapPicture, inline_map};

/// Villages that the table names; the downloads have them all.
const N_RANKED: usize = 20;

/// The first screen of a page.
pub(super) struct FirstScreen {
    pub(super) headline: String,
    /// What the headline says in brackets of its source.
    pub(super) headline_source: Option<String>,
    pub(super) is_stale: bool,
    pub(super) choices: Vec<Choice>,
    pub(super) legend_title: String,
    pub(super) legend: Vec<LegendRow>,
    pub(super) n_villages: String,
    pub(super) n_people: String,
    pub(super) sentences: Vec<String>,
    pub(super) rule: String,
    pub(super) how: Vec<String>,
    pub(super) ranking: Vec<RankedRow>,
    pub(super) ranking_caption: String,
    /// Head of the last column.
    pub(super) beyond: String,
    pub(super) download_all: String,
    pub(super) csv: String,
    pub(super) xlsx: String,
    pub(super) geojson: String,
    pub(super) svg: String,
    pub(super) png: String,
    /// An `<svg>` element whose texts are escaped; none where no village has an outline.
    pub(super) map: Option<String>,
    pub(super) sources: String,
    pub(super) date: String,
    pub(super) version: String,
}

/// A parameter that the page's form offers.
pub(super) struct Choice {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) options: Vec<ChoiceOption>,
}

/// One value of a parameter.
pub(super) struct ChoiceOption {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_chosen: bool,
}

/// The mark of a class or state.
#[derive(Debug, Clone)]
pub(super) struct Swatch {
    pub(super) letter: String,
    pub(super) fill: String,
    pub(super) ink: String,
    pub(super) is_hatched: bool,
}

/// A class or state with its counts.
pub(super) struct LegendRow {
    pub(super) swatch: Swatch,
    /// The attribute that names it: `data-class` or `data-state`.
    pub(super) mark: &'static str,
    pub(super) key: String,
    pub(super) label: String,
    pub(super) villages: String,
    pub(super) people: String,
    pub(super) is_empty: bool,
}

/// A village of the table.
pub(super) struct RankedRow {
    pub(super) rank: usize,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) kecamatan: String,
    pub(super) value: String,
    pub(super) swatch: Swatch,
    pub(super) people: String,
    pub(super) beyond: String,
}

/// An answer on its way to a page.
struct Speaker<'a> {
    answer: &'a IndicatorAnswer,
    wanted: &'a Wanted,
}

impl FirstScreen {
    /// The screen of an answer whose rows are villages, with its picture.
    pub(super) fn new(answer: &IndicatorAnswer, picture: MapPicture, wanted: &Wanted) -> Self {
        let speaker = Speaker { answer, wanted };
        let language = wanted.language;
        let (_, source) = split_source(answer.sentences.of(language).first().map_or("", |s| s));
        let source = source.map(str::to_owned);
        let ranking: Vec<RankedRow> = answer
            .rows
            .iter()
            .take(N_RANKED)
            .map(|row| speaker.ranked(row))
            .collect();
        let n_ranked = ranking.len().to_string();
        let n_villages = speaker.count(answer.rows.len());
        let threshold = answer.threshold.cost_in_words(answer.rule.metric, language);
        let query = asked(answer, wanted);
        let of_all = |form: &str| format!("/access?{query}&f={form}");
        Self {
            choices: speaker.choices(),
            legend: speaker.legend(),
            n_people: speaker.people(answer.people.total),
            sentences: speaker.sentences(),
            how: speaker.how(),
            ranking_caption: filled(language, "page.ranking", &[("n", &n_ranked)]),
            beyond: filled(language, "page.beyond", &[("threshold", &threshold)]),
            download_all: filled(language, "page.all", &[("n", &n_villages)]),
            csv: of_all("csv"),
            xlsx: of_all("xlsx"),
            geojson: of_all("geojson"),
            svg: format!("/map.svg?{query}"),
            png: format!("/map.png?{query}"),
            map: inline_map(&picture),
            is_stale: answer.rule.stale,
            headline_source: source,
            headline: picture.headline,
            legend_title: picture.words.legend,
            rule: picture.rule,
            sources: picture.source,
            date: picture.date,
            version: picture.version,
            ranking,
            n_villages,
        }
    }
}

/// What asks for the same numbers again, in the same language.
pub(super) fn asked(answer: &IndicatorAnswer, wanted: &Wanted) -> String {
    let rule = &answer.rule;
    let indicator = Indicator {
        service: rule.service,
        mode: rule.mode,
        season: rule.season,
        metric: rule.metric,
        tier: rule.tier.clone(),
    };
    let mut query = as_query(&indicator);
    let usual = Wanted::default();
    if wanted.method != usual.method {
        query.push_str("&classes=");
        query.push_str(method_word(wanted.method));
    }
    let n_classes = if wanted.n_classes == usual.n_classes {
        String::new()
    } else {
        format!("&n={}", wanted.n_classes)
    };
    format!("{query}{n_classes}&lang={}", wanted.language)
}

fn method_word(method: ClassMethod) -> &'static str {
    let mut words = ClassMethod::ALL.iter();
    words
        .find(|(_, each)| *each == method)
        .map_or("policy", |(word, _)| word)
}

impl Speaker<'_> {
    fn word(&self, key: &str) -> String {
        word(self.wanted.language, key)
    }

    fn filled(&self, key: &str, values: &[(&str, &str)]) -> String {
        filled(self.wanted.language, key, values)
    }

    fn count(&self, n: usize) -> String {
        number_in_words(n as f64, self.wanted.language)
    }

    fn people(&self, people: Option<Thousandths>) -> String {
        people.map_or_else(
            || self.word("page.unknown"),
            |people| people.people_in_words(self.wanted.language),
        )
    }

    /// The sentences after the headline, their source left out: it stands there.
    fn sentences(&self) -> Vec<String> {
        let sentences = self.answer.sentences.of(self.wanted.language);
        sentences
            .iter()
            .skip(1)
            .map(|sentence| split_source(sentence).0.to_owned())
            .collect()
    }

    fn legend(&self) -> Vec<LegendRow> {
        let is_nobody = |people: Option<Thousandths>| people.is_none_or(|people| people.0 == 0);
        let classes = self.answer.classes.iter().map(|class| LegendRow {
            swatch: class_swatch(&class.letter, class.colour),
            mark: "data-class",
            key: class.letter.clone(),
            label: class.label.clone(),
            villages: self.count(class.villages),
            people: self.people(class.people),
            is_empty: class.villages == 0 && is_nobody(class.people),
        });
        let states = self.answer.states.iter().map(|state| LegendRow {
            swatch: state_swatch(state.state),
            mark: "data-state",
            key: state.state.to_string(),
            label: state.label.to_owned(),
            villages: self.count(state.villages),
            people: self.people(state.people),
            is_empty: state.villages == 0 && is_nobody(state.people),
        });
        classes.chain(states).collect()
    }

    fn ranked(&self, row: &Row) -> RankedRow {
        let class = self
            .answer
            .classes
            .iter()
            .find(|class| class.letter == row.class);
        let state = self
            .answer
            .states
            .iter()
            .find(|state| state.state == row.state);
        let value = row
            .value
            .map(|value| value.cost_in_words(self.answer.rule.metric, self.wanted.language));
        RankedRow {
            rank: row.rank,
            code: row.code.clone(),
            name: row.name.clone().unwrap_or_else(|| row.code.clone()),
            kecamatan: row.kecamatan.clone().unwrap_or_else(|| "–".to_owned()),
            value: value
                .or_else(|| state.map(|state| state.label.to_owned()))
                .unwrap_or_else(|| "–".to_owned()),
            swatch: match class {
                Some(class) if row.state == ReachState::Within => {
                    class_swatch(&class.letter, class.colour)
                }
                _ => state_swatch(row.state),
            },
            people: self.people(row.people),
            beyond: self.people(row.people_beyond),
        }
    }

    /// The rule spelled out, a sentence a line.
    fn how(&self) -> Vec<String> {
        let (answer, language) = (self.answer, self.wanted.language);
        let rule = &answer.rule;
        let number = |value| number_in_words(value, language);
        let mut lines = vec![
            self.filled(
                "page.how.facility",
                &[("facility", &answer.facility_in_words(language))],
            ),
            self.filled(
                "page.how.travel",
                &[("conditions", &answer.conditions_in_words(language))],
            ),
            self.filled(
                "page.how.snap",
                &[
                    ("radius", &number(rule.snap_radius_m)),
                    ("factor", &number(rule.off_road_factor)),
                    ("walking", &number(rule.walking_speed_kmh)),
                ],
            ),
        ];
        if let Some(join_ends_m) = rule.join_ends_m {
            lines.push(self.filled("page.how.join", &[("join", &number(join_ends_m))]));
        }
        let classes = classes_in_words(self.wanted.method, language);
        lines.extend([
            self.filled(
                "page.how.cutoff",
                &[("cutoff", &answer.cutoff_in_words(language))],
            ),
            self.word("page.how.value"),
            self.filled("page.how.classes", &[("classes", &classes)]),
            format!("{}.", answer.population_in_words(language)),
        ]);
        if 0 < answer.unassigned.settlements {
            let values = [
                ("n", answer.unassigned.settlements.to_string()),
                ("people", self.people(answer.unassigned.people)),
            ];
            let values = values
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            lines.push(self.filled("page.how.unassigned", &values));
        }
        lines
    }

    /// What the form offers: every word that some computed indicator has.
    fn choices(&self) -> Vec<Choice> {
        let rule = &self.answer.rule;
        let of = |name, label, prefix: &str, chosen: &str, read: fn(&Indicator) -> &'static str| {
            let mut values: Vec<&'static str> = self.answer.available.iter().map(read).collect();
            values.sort_unstable();
            values.dedup();
            Choice {
                name,
                label: self.word(label),
                options: values
                    .into_iter()
                    .map(|value| self.option(prefix, value, chosen))
                    .collect(),
            }
        };
        let methods = ClassMethod::ALL
            .iter()
            .map(|(value, _)| self.option("classes", value, method_word(self.wanted.method)));
        vec![
            of(
                "service",
                "page.need",
                "service",
                rule.service.as_str(),
                |each| each.service.as_str(),
            ),
            of("mode", "page.mode", "mode", rule.mode.as_str(), |each| {
                each.mode.as_str()
            }),
            of(
                "season",
                "page.season",
                "page.season",
                rule.season.as_str(),
                |each| each.season.as_str(),
            ),
            of(
                "metric",
                "page.metric",
                "metric",
                rule.metric.as_str(),
                |each| each.metric.as_str(),
            ),
            Choice {
                name: "classes",
                label: self.word("page.classes"),
                options: methods.collect(),
            },
        ]
    }

    fn option(&self, prefix: &str, value: &str, chosen: &str) -> ChoiceOption {
        ChoiceOption {
            label: self.word(&format!("{prefix}.{value}")),
            is_chosen: value == chosen,
            value: value.to_owned(),
        }
    }
}

fn class_swatch(letter: &str, colour: Rgb) -> Swatch {
    Swatch {
        letter: letter.to_owned(),
        fill: colour.to_string(),
        ink: colour.ink().to_string(),
        is_hatched: false,
    }
}

fn state_swatch(state: ReachState) -> Swatch {
    let hatch = hatch(state);
    Swatch {
        letter: hatch.map_or("", |hatch| hatch.sign).to_owned(),
        fill: hatch.map_or_else(|| "none".to_owned(), |hatch| format!("url(#{})", hatch.id)),
        ink: Rgb::BLACK.to_string(),
        is_hatched: true,
    }
}
