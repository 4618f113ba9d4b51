//! The map in sentences, in both languages: how many cannot, how far for most, who is farthest, who is most.
//!
//! Each sentence may be copied out alone: it names the need, how and when people travel, that a model says so, and
//! where the number of people comes from. A village is named with its kecamatan.
//! They speak of villages whatever the rows stand for.

use serde::Serialize;

use super::groups::Group;
use super::indicator_answer::PopulationOrigin;
use super::labels::{cost, whole};
use super::{DistrictValue, SeasonChange, Thousandths, spoken_rule};
use crate::domain::{Catalogue, Language, People, PopulationSource, ReachState, Rule};
use crate::store::reads::RunInputVersion;

/// Sentences in both languages, the headline first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sentences {
    /// In Bahasa Indonesia.
    pub id: Vec<String>,
    /// In English.
    pub en: Vec<String>,
}

impl Sentences {
    /// Those of a language.
    pub fn of(&self, language: Language) -> &[String] {
        match language {
            Language::Indonesian => &self.id,
            Language::English => &self.en,
        }
    }
}

/// A sentence without what it says in brackets of its sources, and that: `(Penduduk: …)`.
pub fn split_source(sentence: &str) -> (&str, Option<&str>) {
    match sentence.rfind(" (") {
        Some(place) if sentence.ends_with(".)") => (
            &sentence[..place],
            Some(sentence[place + 2..].trim_end_matches(')')),
        ),
        _ => (sentence, None),
    }
}

/// What the sentences are about.
pub(super) struct Facts<'a> {
    pub(super) rule: &'a Rule,
    pub(super) catalogue: &'a Catalogue,
    pub(super) villages: &'a [Group],
    /// The policy threshold of the headline, in the metric's engine unit.
    pub(super) threshold: u32,
    pub(super) district: &'a DistrictValue,
    /// None where the other season was not computed, or people are unknown.
    pub(super) season_change: Option<&'a SeasonChange>,
    pub(super) is_sample: bool,
    /// Where the number of people comes from.
    pub(super) population_origin: Option<PopulationOrigin<'a>>,
    /// The population raster that the run has seen.
    pub(super) cells: Option<&'a RunInputVersion>,
}

impl Sentences {
    pub(super) fn about(facts: &Facts<'_>) -> Self {
        Self {
            id: facts.sentences(Language::Indonesian),
            en: facts.sentences(Language::English),
        }
    }
}

impl Facts<'_> {
    fn sentences(&self, language: Language) -> Vec<String> {
        if let Some(nothing) = self.nothing(language) {
            return vec![nothing];
        }
        let sentences = [
            Some(self.headline(language)),
            Some(self.median(language)),
            self.farthest(language),
            self.most_people(language),
            self.without_path(language),
            self.lost_in_wet(language),
            self.lost_in_dry(language),
            self.placed_by_cells(language),
        ];
        let source = self.source(language);
        sentences
            .into_iter()
            .flatten()
            .map(|sentence| format!("{sentence} {source}"))
            .collect()
    }

    /// Where there is nothing to say: the one sentence that says why.
    fn nothing(&self, language: Language) -> Option<String> {
        if self.villages.is_empty() {
            return Some(match language {
                Language::Indonesian => "Belum ada desa yang dihitung.".to_owned(),
                Language::English => "No village has been computed yet.".to_owned(),
            });
        }
        let is_without_input = |village: &Group| village.state == ReachState::NoInput;
        self.villages.iter().all(is_without_input).then(|| {
            let facility = self.facility(language);
            match language {
                Language::Indonesian => {
                    format!("Belum bisa dihitung: data {facility} atau jalan belum dimuat.")
                }
                Language::English => {
                    format!("Cannot be computed yet: data of {facility} or roads are not loaded.")
                }
            }
        })
    }

    /// How people got to their places, where a raster says so.
    fn placed_by_cells(&self, language: Language) -> Option<String> {
        let origins = self.rule.origins?;
        let raster = self.cells?.sources.join(", ");
        let n = count(origins.cells as usize, language);
        let all = count(self.villages.len(), language);
        let is_official = self.rule.population_source == PopulationSource::Official;
        let sentence = match (language, is_official) {
            (Language::Indonesian, true) => format!(
                "Di {n} dari {all} desa penduduk ditempatkan menurut sel raster penduduk {raster}, dibagi menurut luas dan disesuaikan dengan jumlah resmi."
            ),
            (Language::Indonesian, false) => format!(
                "Di {n} dari {all} desa penduduk ditempatkan menurut sel raster penduduk {raster}, dibagi menurut luas."
            ),
            (Language::English, true) => format!(
                "People inside {n} of {all} villages are placed by the cells of the population raster {raster}, apportioned by area and rescaled to the official total."
            ),
            (Language::English, false) => format!(
                "People inside {n} of {all} villages are placed by the cells of the population raster {raster}, apportioned by area."
            ),
        };
        Some(sentence)
    }

    fn headline(&self, language: Language) -> String {
        let (conditions, facility) = (self.conditions(language), self.facility(language));
        let threshold = cost(self.threshold, self.rule.metric, language);
        match (self.district.people, language) {
            (Some(total), Language::Indonesian) => {
                let (n, all) = self.people_beyond(total, language);
                format!(
                    "{n} dari {all} jiwa tidak dapat mencapai {facility} dalam {threshold} {conditions}."
                )
            }
            (Some(total), Language::English) => {
                let (n, all) = self.people_beyond(total, language);
                format!(
                    "{n} of {all} people cannot reach a {facility} within {threshold} {conditions}."
                )
            }
            (None, Language::Indonesian) => {
                let (n, all) = self.villages_beyond(language);
                format!(
                    "Dari {n} dari {all} desa, {facility} tidak tercapai dalam {threshold} {conditions}."
                )
            }
            (None, Language::English) => {
                let (n, all) = self.villages_beyond(language);
                format!(
                    "From {n} of {all} villages a {facility} is not within {threshold} {conditions}."
                )
            }
        }
    }

    fn people_beyond(&self, total: Thousandths, language: Language) -> (String, String) {
        let near: People = self
            .villages
            .iter()
            .map(|village| village.people_near)
            .sum();
        (
            people(People(total.0) - near, language),
            people(People(total.0), language),
        )
    }

    fn villages_beyond(&self, language: Language) -> (String, String) {
        let is_near = |village: &&Group| {
            village.state == ReachState::Within
                && village.cost.is_some_and(|cost| cost <= self.threshold)
        };
        let n_near = self.villages.iter().filter(is_near).count();
        (
            count(self.villages.len() - n_near, language),
            count(self.villages.len(), language),
        )
    }

    fn median(&self, language: Language) -> String {
        let (conditions, facility) = (self.conditions(language), self.facility(language));
        let half = match (self.district.people, language) {
            (Some(_), Language::Indonesian) => "Separuh penduduk",
            (Some(_), Language::English) => "Half of the people",
            (None, Language::Indonesian) => "Separuh tempat yang dihitung",
            (None, Language::English) => "Half of the places counted",
        };
        let district = self.district_name(language);
        let median = self
            .district
            .value
            .and_then(|value| u32::try_from(value.0).ok())
            .map(|value| cost(value, self.rule.metric, language));
        match (median, language) {
            (Some(median), Language::Indonesian) => format!(
                "{half} {district} dapat mencapai {facility} dalam {median} atau kurang {conditions}."
            ),
            (Some(median), Language::English) => format!(
                "{half} in {district} can reach a {facility} within {median} or less {conditions}."
            ),
            (None, Language::Indonesian) => {
                format!(
                    "{half} {district} atau lebih tidak punya jalur ke {facility} {conditions}."
                )
            }
            (None, Language::English) => {
                format!("{half} in {district} or more have no path to a {facility} {conditions}.")
            }
        }
    }

    fn farthest(&self, language: Language) -> Option<String> {
        let farthest = self
            .villages
            .iter()
            .filter(|village| village.cost.is_some())
            .max_by(|a, b| a.cost.cmp(&b.cost).then_with(|| b.code.cmp(&a.code)))?;
        let value = cost(farthest.cost?, self.rule.metric, language);
        let (conditions, facility) = (self.conditions(language), self.facility(language));
        let place = place(farthest);
        Some(match language {
            Language::Indonesian => format!(
                "Desa yang terjauh dari {facility} di antara yang punya jalur: {place}; separuh warganya menempuh {value} atau lebih {conditions}."
            ),
            Language::English => format!(
                "The village farthest from a {facility} among those with a path: {place}; half of its people need {value} or more {conditions}."
            ),
        })
    }

    /// The village with most people beyond the threshold; none where nobody is, or their number is unknown.
    fn most_people(&self, language: Language) -> Option<String> {
        let beyond = |village: &Group| Some(village.people?.total() - village.people_near);
        let most = self
            .villages
            .iter()
            .filter(|village| beyond(village).is_some_and(|people| People::ZERO < people))
            .max_by(|a, b| beyond(a).cmp(&beyond(b)).then_with(|| b.code.cmp(&a.code)))?;
        let n_people = people(beyond(most)?, language);
        let (conditions, facility) = (self.conditions(language), self.facility(language));
        let threshold = cost(self.threshold, self.rule.metric, language);
        let place = place(most);
        Some(match language {
            Language::Indonesian => format!(
                "Desa dengan warga terbanyak di luar jangkauan: {place}, {n_people} jiwa tidak dapat mencapai {facility} dalam {threshold} {conditions}."
            ),
            Language::English => format!(
                "The village with most people out of reach: {place}, where {n_people} people cannot reach a {facility} within {threshold} {conditions}."
            ),
        })
    }

    /// Villages whose median person has no path or no road near by; none where there are none.
    fn without_path(&self, language: Language) -> Option<String> {
        const MAX_NAMED: usize = 3;
        let without: Vec<&Group> = self
            .villages
            .iter()
            .filter(|village| matches!(village.state, ReachState::NoPath | ReachState::Unsnapped))
            .collect();
        if without.is_empty() {
            return None;
        }
        let (conditions, facility) = (self.conditions(language), self.facility(language));
        let n_villages = count(without.len(), language);
        let mut names: Vec<String> = without
            .iter()
            .take(MAX_NAMED)
            .map(|village| place(village))
            .collect();
        if MAX_NAMED < without.len() {
            let n_more = count(without.len() - MAX_NAMED, language);
            names.push(match language {
                Language::Indonesian => format!("dan {n_more} lainnya"),
                Language::English => format!("and {n_more} more"),
            });
        }
        let names = names.join(", ");
        Some(match language {
            Language::Indonesian => format!(
                "Dari {n_villages} desa tidak ada jalur ke {facility} {conditions}: {names}."
            ),
            Language::English if without.len() == 1 => {
                format!("One village has no path to a {facility} {conditions}: {names}.")
            }
            Language::English => {
                format!("{n_villages} villages have no path to a {facility} {conditions}: {names}.")
            }
        })
    }

    /// Who is within the threshold in the dry season only; none where nobody is.
    fn lost_in_wet(&self, language: Language) -> Option<String> {
        let lost = self.season_change?.lost_in_wet;
        let (n, threshold, travel, facility) = self.lost(lost, language)?;
        Some(match language {
            Language::Indonesian => format!(
                "{n} jiwa yang pada musim kemarau dapat mencapai {facility} dalam {threshold} {travel} menurut model tidak lagi dapat pada musim hujan."
            ),
            Language::English => format!(
                "{n} people who can reach a {facility} within {threshold} {travel} in the dry season, by the model, no longer can in the wet season."
            ),
        })
    }

    /// Who is within the threshold in the wet season only; none where nobody is.
    fn lost_in_dry(&self, language: Language) -> Option<String> {
        let lost = self.season_change?.lost_in_dry;
        let (n, threshold, travel, facility) = self.lost(lost, language)?;
        Some(match language {
            Language::Indonesian => format!(
                "{n} jiwa yang pada musim hujan dapat mencapai {facility} dalam {threshold} {travel} menurut model tidak dapat pada musim kemarau."
            ),
            Language::English => format!(
                "{n} people who can reach a {facility} within {threshold} {travel} in the wet season, by the model, cannot in the dry season."
            ),
        })
    }

    /// People in words, threshold, way of travelling and facility; none where they are nobody.
    fn lost(
        &self,
        lost: Thousandths,
        language: Language,
    ) -> Option<(String, String, &'static str, String)> {
        let n = people(People(lost.0), language);
        (lost.0 > 0).then(|| {
            (
                n,
                cost(self.threshold, self.rule.metric, language),
                spoken_rule::travel(self.rule, language),
                self.facility(language),
            )
        })
    }

    fn district_name(&self, language: Language) -> String {
        match (&self.district.name, language) {
            (Some(name), _) => name.clone(),
            (None, Language::Indonesian) => "kabupaten ini".to_owned(),
            (None, Language::English) => "this district".to_owned(),
        }
    }

    fn facility(&self, language: Language) -> String {
        spoken_rule::facility(self.rule, self.catalogue, language)
    }

    fn conditions(&self, language: Language) -> String {
        spoken_rule::conditions(self.rule, language)
    }

    /// `(Penduduk: angka resmi desa, dimuat 2026-11-24.)`
    fn source(&self, language: Language) -> String {
        let source = spoken_rule::population(self.rule, self.population_origin, language);
        match (self.is_sample, language) {
            (false, _) => format!("({source}.)"),
            (true, Language::Indonesian) => format!("({source}. Data contoh, bukan data nyata.)"),
            (true, Language::English) => format!("({source}. Sample data, not real.)"),
        }
    }
}

/// `Alfa (Kec. Hulu)`
fn place(village: &Group) -> String {
    let name = village.name.as_deref().unwrap_or(&village.code);
    match &village.kecamatan {
        Some(kecamatan) => format!("{name} (Kec. {kecamatan})"),
        None => name.to_owned(),
    }
}

fn people(people: People, language: Language) -> String {
    whole((people.0 + 500) / 1000, language)
}

fn count(n: usize, language: Language) -> String {
    whole(i64::try_from(n).unwrap_or(i64::MAX), language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_and_its_source_come_apart() {
        assert_eq!(
            split_source("5 dari 9 jiwa (Kec. Hulu) tidak. (Penduduk: angka resmi desa.)"),
            (
                "5 dari 9 jiwa (Kec. Hulu) tidak.",
                Some("Penduduk: angka resmi desa.")
            )
        );
        assert_eq!(split_source("Belum ada desa."), ("Belum ada desa.", None));
    }
}
