//! Layers: what a dataset is about.

use std::fmt;
use std::str::FromStr;

use arrayvec::ArrayString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::words::UnknownWord;

/// The longest name of a context layer; what is named after it must stay short enough for a table's name.
const MAX_CONTEXT_NAME: usize = 30;

/// Names that addresses and answers already use for something else.
const TAKEN_NAMES: [&str; 6] = ["access", "any", "data-quality", "kecamatan", "layer", "osm"];

/// A layer that Jangkau knows how to read and store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Areas of villages, polygons.
    Villages,
    /// The road network, lines.
    Roads,
    /// Health facilities of any tier, points.
    Clinics,
    /// Water points, points.
    WaterPoints,
    /// Schools of any level, points.
    Schools,
    /// Where people live, points.
    Settlements,
    /// Rivers and other lines that nobody crosses on foot except at a crossing.
    Barriers,
    /// Bridges, fords and ferries, points.
    Crossings,
    /// Markets, points.
    Markets,
    /// Offices of villages, points.
    VillageOffices,
    /// Official numbers of people by village; without geometry.
    Population,
    /// Numbers of poor people by village; without geometry.
    Poverty,
    /// What villages declared in a questionnaire; without geometry.
    DeclaredValues,
    /// Surface and condition of roads by their stations (*STA*); without geometry.
    RoadSections,
    /// Inhabited cells of a population raster, polygons.
    PopulationCells,
    /// Anything else that helps to read the map, of any geometry.
    Context(ContextName),
}

/// What the records of a layer are: several layers may have records of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the record it names")]
pub enum RecordKind {
    Village,
    Road,
    Facility,
    Settlement,
    VillageOffice,
    Barrier,
    Crossing,
    VillageValues,
    RoadSection,
    PopulationCell,
    ContextFeature,
}

impl Layer {
    /// Every layer but those of context, in the order in which they were introduced.
    pub const ALL: &'static [Self] = &[
        Self::Villages,
        Self::Roads,
        Self::Clinics,
        Self::WaterPoints,
        Self::Schools,
        Self::Settlements,
        Self::Barriers,
        Self::Crossings,
        Self::Markets,
        Self::VillageOffices,
        Self::Population,
        Self::Poverty,
        Self::DeclaredValues,
        Self::RoadSections,
        Self::PopulationCells,
    ];

    /// The name as written in files, addresses and tables.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Context(name) => name.as_str(),
            known => known.known_name().unwrap_or_default(),
        }
    }

    /// The name of a layer that is not of context.
    pub const fn known_name(self) -> Option<&'static str> {
        Some(match self {
            Self::Villages => "villages",
            Self::Roads => "roads",
            Self::Clinics => "clinics",
            Self::WaterPoints => "water-points",
            Self::Schools => "schools",
            Self::Settlements => "settlements",
            Self::Barriers => "barriers",
            Self::Crossings => "crossings",
            Self::Markets => "markets",
            Self::VillageOffices => "village-offices",
            Self::Population => "population",
            Self::Poverty => "poverty",
            Self::DeclaredValues => "declared-values",
            Self::RoadSections => "road-sections",
            Self::PopulationCells => "population-cells",
            Self::Context(_) => return None,
        })
    }

    /// What its records are.
    pub const fn kind(self) -> RecordKind {
        match self {
            Self::Villages => RecordKind::Village,
            Self::Roads => RecordKind::Road,
            Self::Clinics | Self::WaterPoints | Self::Schools | Self::Markets => {
                RecordKind::Facility
            }
            Self::Settlements => RecordKind::Settlement,
            Self::VillageOffices => RecordKind::VillageOffice,
            Self::Barriers => RecordKind::Barrier,
            Self::Crossings => RecordKind::Crossing,
            Self::Population | Self::Poverty | Self::DeclaredValues => RecordKind::VillageValues,
            Self::RoadSections => RecordKind::RoadSection,
            Self::PopulationCells => RecordKind::PopulationCell,
            Self::Context(_) => RecordKind::ContextFeature,
        }
    }

    /// Whether its records are [`Facility`](super::Facility)s.
    pub fn is_facility(self) -> bool {
        self.kind() == RecordKind::Facility
    }

    /// Whether its records lie somewhere; those of tables do not.
    pub fn has_geometry(self) -> bool {
        !matches!(
            self.kind(),
            RecordKind::VillageValues | RecordKind::RoadSection
        )
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Layer {
    type Err = UnknownWord;

    /// A known name, else that of a context layer.
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .iter()
            .copied()
            .find(|layer| layer.as_str() == word)
            .or_else(|| ContextName::parse(word).map(Self::Context))
            .ok_or_else(|| {
                let known: Vec<&str> = Self::ALL.iter().map(Self::as_str).collect();
                UnknownWord {
                    what: "layer",
                    word: word.to_owned(),
                    expected: format!(
                        "{}, or a name of small letters, digits and hyphens for context",
                        known.join(", ")
                    ),
                }
            })
    }
}

impl Serialize for Layer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Layer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The name of a context layer: 2 to 30 small letters, digits and single hyphens, a letter first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContextName(ArrayString<MAX_CONTEXT_NAME>);

impl ContextName {
    /// A name, if it is one and nothing else is called so.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let is_name = plain
            && text.len() >= 2
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && !text.ends_with('-')
            && !text.contains("--")
            && !TAKEN_NAMES.contains(&text)
            && !Layer::ALL.iter().any(|layer| layer.as_str() == text);
        is_name
            .then(|| ArrayString::from(text).ok().map(Self))
            .flatten()
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_is_read_as_it_is_written() {
        for layer in Layer::ALL {
            assert_eq!(layer.to_string().parse::<Layer>().unwrap(), *layer);
            let json = serde_json::to_string(layer).unwrap();
            assert_eq!(serde_json::from_str::<Layer>(&json).unwrap(), *layer);
        }
    }

    #[test]
    fn a_plain_name_is_a_context_layer_and_nothing_else_is() {
        let forest: Layer = "hutan-lindung-2".parse().unwrap();
        assert!(matches!(forest, Layer::Context(_)));
        assert_eq!(forest.as_str(), "hutan-lindung-2");
        for bad in [
            "",
            "a",
            "Hutan",
            "2-hutan",
            "hutan_lindung",
            "hutan--lindung",
            "hutan-",
            "access",
            "x;drop table",
            &"a".repeat(31),
        ] {
            assert!(bad.parse::<Layer>().is_err(), "{bad}");
        }
    }
}
