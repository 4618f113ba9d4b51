//! A rule in words: the need, how and when people travel, where the number of people comes from.

use super::IndicatorAnswer;
use super::find::CATALOGUE;
use super::indicator_answer::PopulationOrigin;
use super::labels::cost;
use crate::app::date_in_words;
use crate::domain::{
    Catalogue, Language, Metric, Millimetres, Milliseconds, Mode, PopulationSource, Rule, Season,
};

impl IndicatorAnswer {
    /// What is reached: `fasilitas kesehatan (puskesmas, pustu, rumah sakit)`.
    pub fn facility_in_words(&self, language: Language) -> String {
        facility(&self.rule, &CATALOGUE, language)
    }

    /// How and when: `dengan sepeda motor pada musim kemarau, waktu tempuh menurut model`.
    pub fn conditions_in_words(&self, language: Language) -> String {
        conditions(&self.rule, language)
    }

    /// Up to where people are within reach: `240 menit`.
    pub fn cutoff_in_words(&self, language: Language) -> String {
        let cutoff = match self.rule.metric {
            Metric::Time => Milliseconds::from_seconds(self.rule.cutoff).0,
            Metric::Distance => Millimetres::from_metres(self.rule.cutoff).0,
        };
        cost(cutoff, self.rule.metric, language)
    }

    /// Where the number of people comes from: `Penduduk: angka resmi desa, dimuat 24 November 2026`.
    pub fn population_in_words(&self, language: Language) -> String {
        let origin = PopulationOrigin::of(&self.rule, &self.inputs);
        population(&self.rule, origin, language)
    }
}

/// `fasilitas kesehatan (puskesmas, pustu, rumah sakit)`
pub(super) fn facility(rule: &Rule, catalogue: &Catalogue, language: Language) -> String {
    let service = catalogue.service(rule.service);
    let name = match language {
        Language::Indonesian => &service.name_id,
        Language::English => &service.name_en,
    };
    let mut text = name.to_lowercase();
    if !rule.tier.is_empty() {
        let mut tiers: Vec<String> = rule
            .tier
            .iter()
            .map(|tier| match (tier.as_str(), language) {
                ("rumah-sakit", Language::English) => "hospital".to_owned(),
                ("sd", Language::English) => "primary".to_owned(),
                ("smp", Language::English) => "junior secondary".to_owned(),
                ("sma", Language::English) => "senior secondary".to_owned(),
                ("sd", Language::Indonesian) => "SD/MI".to_owned(),
                ("smp", Language::Indonesian) => "SMP/MTs".to_owned(),
                ("sma", Language::Indonesian) => "SMA/SMK/MA".to_owned(),
                // Names in either language.
                _ => tier.replace('-', " "),
            })
            .collect();
        if 0 < rule.tier_unknown {
            tiers.push(match language {
                Language::Indonesian => format!("{} tanpa jenjang", rule.tier_unknown),
                Language::English => format!("{} of unknown tier", rule.tier_unknown),
            });
        }
        text = format!("{text} ({})", tiers.join(", "));
    }
    text
}

/// `dengan sepeda motor pada musim kemarau, waktu tempuh menurut model`
pub(super) fn conditions(rule: &Rule, language: Language) -> String {
    let mode = travel(rule, language);
    let season = match (rule.season, language) {
        (Season::Dry, Language::Indonesian) => "pada musim kemarau",
        (Season::Dry, Language::English) => "in the dry season",
        (Season::Wet, Language::Indonesian) => "pada musim hujan",
        (Season::Wet, Language::English) => "in the wet season",
    };
    let measure = match (rule.metric, language) {
        (Metric::Time, Language::Indonesian) => "waktu tempuh menurut model",
        (Metric::Time, Language::English) => "travel time by the model",
        (Metric::Distance, Language::Indonesian) => "jarak ditempuh menurut model",
        (Metric::Distance, Language::English) => "distance travelled by the model",
    };
    format!("{mode} {season}, {measure}")
}

/// `dengan sepeda motor`
pub(super) fn travel(rule: &Rule, language: Language) -> &'static str {
    match (rule.mode, language) {
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
    }
}

/// `Penduduk: angka resmi desa, dimuat 24 November 2026`
pub(super) fn population(
    rule: &Rule,
    origin: Option<PopulationOrigin<'_>>,
    language: Language,
) -> String {
    let mut source = match (rule.population_source, language) {
        (PopulationSource::Official, Language::Indonesian) => "Penduduk: angka resmi desa",
        (PopulationSource::Official, Language::English) => "Population: official village totals",
        (PopulationSource::Settlements, Language::Indonesian) => "Penduduk: jumlah permukiman",
        (PopulationSource::Settlements, Language::English) => "Population: sum of the settlements",
        (PopulationSource::Raster, Language::Indonesian) => "Penduduk: raster penduduk",
        (PopulationSource::Raster, Language::English) => "Population: population raster",
        (PopulationSource::None, Language::Indonesian) => "Jumlah penduduk tidak diketahui",
        (PopulationSource::None, Language::English) => "The number of people is unknown",
    }
    .to_owned();
    let Some(origin) = origin else {
        return source;
    };
    if let Some(producer) = origin.producer {
        source = format!("{source}, {producer}");
    }
    match (origin.date.or(rule.population_date.as_deref()), language) {
        (Some(date), _) => format!("{source}, {}", date_in_words(date, language)),
        (None, Language::Indonesian) => {
            let date = date_in_words(origin.loaded_on, language);
            format!("{source}, dimuat {date}")
        }
        (None, Language::English) => {
            let date = date_in_words(origin.loaded_on, language);
            format!("{source}, loaded {date}")
        }
    }
}
