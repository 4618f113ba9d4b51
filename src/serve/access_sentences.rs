//! The map in three sentences, in both languages: how many cannot, how far for most, who is farthest.

use serde::Serialize;

use super::access_groups::Group;
use super::access_labels::{cost, whole};
use crate::domain::{
    Catalogue, Language, Mode, PopulationSource, ReachState, Rule, Season, StatePeople,
};

/// Sentences in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Sentences {
    id: Vec<String>,
    en: Vec<String>,
}

/// What the sentences are about.
pub(super) struct Facts<'a> {
    pub(super) rule: &'a Rule,
    pub(super) catalogue: &'a Catalogue,
    pub(super) groups: &'a [Group],
    /// The policy threshold of the headline, in the metric's engine unit.
    pub(super) threshold: u32,
    /// People by state; none where their number is unknown.
    pub(super) people: Option<&'a StatePeople>,
    /// People within the threshold, in thousandths.
    pub(super) n_within_threshold: i64,
    /// Cost of the median person of all villages.
    pub(super) median_cost: Option<u32>,
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
        if self.groups.is_empty() {
            return vec![match language {
                Language::Indonesian => "Belum ada desa yang dihitung.".to_owned(),
                Language::English => "No village has been computed yet.".to_owned(),
            }];
        }
        let is_without_input = |group: &Group| group.state == ReachState::NoInput;
        if self.groups.iter().all(is_without_input) {
            let facility = self.facility(language);
            return vec![match language {
                Language::Indonesian => {
                    format!("Belum bisa dihitung: data {facility} atau jalan belum dimuat.")
                }
                Language::English => {
                    format!("Cannot be computed yet: data of {facility} or roads are not loaded.")
                }
            }];
        }
        [
            Some(self.headline(language)),
            self.median(language),
            self.farthest(language),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn headline(&self, language: Language) -> String {
        let rule = self.conditions(language);
        let facility = self.facility(language);
        let threshold = cost(self.threshold, self.rule.metric, language);
        let population = self.population(language);
        match (self.people.map(|people| people.total().0), language) {
            (Some(total), Language::Indonesian) => {
                let (n, all) = self.beyond_threshold(total, language);
                format!(
                    "{n} dari {all} jiwa tidak dapat mencapai {facility} dalam {threshold} {rule}. {population}."
                )
            }
            (Some(total), Language::English) => {
                let (n, all) = self.beyond_threshold(total, language);
                format!(
                    "{n} of {all} people cannot reach a {facility} within {threshold} {rule}. {population}."
                )
            }
            (None, Language::Indonesian) => {
                let (n, all) = self.groups_beyond_threshold(language);
                format!(
                    "Dari {n} dari {all} desa, {facility} tidak tercapai dalam {threshold} {rule}. {population}."
                )
            }
            (None, Language::English) => {
                let (n, all) = self.groups_beyond_threshold(language);
                format!(
                    "From {n} of {all} villages a {facility} is not within {threshold} {rule}. {population}."
                )
            }
        }
    }

    fn beyond_threshold(&self, total: i64, language: Language) -> (String, String) {
        let people = |thousandths: i64| whole((thousandths + 500) / 1000, language);
        (people(total - self.n_within_threshold), people(total))
    }

    fn groups_beyond_threshold(&self, language: Language) -> (String, String) {
        let is_near = |group: &&Group| {
            group.state == ReachState::Within
                && group.cost.is_some_and(|cost| cost <= self.threshold)
        };
        let n_near = self.groups.iter().filter(is_near).count();
        let number = |n: usize| whole(i64::try_from(n).unwrap_or(i64::MAX), language);
        (
            number(self.groups.len() - n_near),
            number(self.groups.len()),
        )
    }

    fn median(&self, language: Language) -> Option<String> {
        let median = cost(self.median_cost?, self.rule.metric, language);
        Some(match language {
            Language::Indonesian => {
                format!("Separuh penduduk mencapainya dalam {median} atau kurang.")
            }
            Language::English => format!("Half of the people reach it within {median} or less."),
        })
    }

    fn farthest(&self, language: Language) -> Option<String> {
        let farthest = self
            .groups
            .iter()
            .filter(|group| group.cost.is_some())
            .max_by(|a, b| a.cost.cmp(&b.cost).then_with(|| b.code.cmp(&a.code)))?;
        let value = cost(farthest.cost?, self.rule.metric, language);
        let name = farthest.name.as_deref().unwrap_or(&farthest.code);
        let place = match &farthest.kecamatan {
            Some(kecamatan) if Some(kecamatan) != farthest.name.as_ref() => {
                format!("{name} (Kec. {kecamatan})")
            }
            _ => name.to_owned(),
        };
        Some(match language {
            Language::Indonesian => format!("Yang terjauh: {place}, {value}."),
            Language::English => format!("The farthest: {place}, {value}."),
        })
    }

    /// `fasilitas kesehatan (puskesmas, pustu, rumah sakit)`
    fn facility(&self, language: Language) -> String {
        let service = self.catalogue.service(self.rule.service);
        let name = match language {
            Language::Indonesian => &service.name_id,
            Language::English => &service.name_en,
        };
        let mut text = name.to_lowercase();
        if !self.rule.tier.is_empty() {
            let mut tiers: Vec<String> = self
                .rule
                .tier
                .iter()
                .map(|tier| tier.replace('-', " "))
                .collect();
            if 0 < self.rule.tier_unknown {
                tiers.push(match language {
                    Language::Indonesian => format!("{} tanpa jenjang", self.rule.tier_unknown),
                    Language::English => format!("{} of unknown tier", self.rule.tier_unknown),
                });
            }
            text = format!("{text} ({})", tiers.join(", "));
        }
        text
    }

    /// `dengan sepeda motor pada musim kemarau`
    fn conditions(&self, language: Language) -> String {
        let mode = match (self.rule.mode, language) {
            (Mode::Foot, Language::Indonesian) => "dengan berjalan kaki",
            (Mode::Foot, Language::English) => "on foot",
            (Mode::Bicycle, Language::Indonesian) => "dengan sepeda",
            (Mode::Bicycle, Language::English) => "by bicycle",
            (Mode::Motorcycle, Language::Indonesian) => "dengan sepeda motor",
            (Mode::Motorcycle, Language::English) => "by motorcycle",
            (Mode::Car, Language::Indonesian) => "dengan mobil",
            (Mode::Car, Language::English) => "by car",
            (Mode::Ambulance, Language::Indonesian) => "dengan ambulans",
            (Mode::Ambulance, Language::English) => "by ambulance",
        };
        let season = match (self.rule.season, language) {
            (Season::Dry, Language::Indonesian) => "pada musim kemarau",
            (Season::Dry, Language::English) => "in the dry season",
            (Season::Wet, Language::Indonesian) => "pada musim hujan",
            (Season::Wet, Language::English) => "in the wet season",
        };
        format!("{mode} {season}")
    }

    fn population(&self, language: Language) -> String {
        let source = match (self.rule.population_source, language) {
            (PopulationSource::Official, Language::Indonesian) => "Penduduk: angka resmi desa",
            (PopulationSource::Official, Language::English) => {
                "Population: official village totals"
            }
            (PopulationSource::Settlements, Language::Indonesian) => "Penduduk: jumlah permukiman",
            (PopulationSource::Settlements, Language::English) => {
                "Population: sum of the settlements"
            }
            (PopulationSource::Raster, Language::Indonesian) => "Penduduk: raster penduduk",
            (PopulationSource::Raster, Language::English) => "Population: population raster",
            (PopulationSource::None, Language::Indonesian) => "Jumlah penduduk tidak diketahui",
            (PopulationSource::None, Language::English) => "The number of people is unknown",
        };
        match &self.rule.population_date {
            Some(date) => format!("{source}, {date}"),
            None => source.to_owned(),
        }
    }
}
