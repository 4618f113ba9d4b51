//! Services and standards, read from `data/services.toml` and `data/standards.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::words::words;
use super::{Indicator, Layer, Metric, Millimetres, Milliseconds, Mode, Season, ServiceName};

const SERVICES: &str = include_str!("../../data/services.toml");
const STANDARDS: &str = include_str!("../../data/standards.toml");

words!(
    /// What a standard's threshold is counted in.
    StandardUnit, "standard unit", {
        /// Minutes, compared with the time of a path.
        Minutes = "min",
        /// Metres, compared with the length of a path.
        Metres = "m",
    }
);

/// A need and what answers it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The layer whose facilities answer it.
    pub layer: Layer,
    /// The mode meant when none is named.
    pub default_mode: Mode,
    /// Every tier of the layer, best equipped first; empty where facilities have no tiers.
    pub tiers: Vec<String>,
    /// Tiers that count when none is named, sorted.
    pub default_tiers: Vec<String>,
    /// Largest time that is `within`, in seconds.
    pub cutoff_s: u32,
    /// Largest length that is `within`, in metres.
    pub cutoff_m: u32,
    /// Its name in Bahasa Indonesia.
    pub name_id: String,
    /// Its name in English.
    pub name_en: String,
}

/// Tiers that a service does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TierError {
    /// Its facilities have no tiers.
    #[error("this service has no tiers")]
    None,
    /// One of them is not its.
    #[error("`{tier}` is not one of {}", known.join(", "))]
    Unknown {
        /// What was asked for.
        tier: String,
        /// What there is.
        known: Vec<String>,
    },
}

/// Which number is meant; what is left out has a default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndicatorChoice {
    /// The need; clinic.
    pub service: Option<ServiceName>,
    /// How people travel; the service's default.
    pub mode: Option<Mode>,
    /// When; the dry season.
    pub season: Option<Season>,
    /// What is minimised; time.
    pub metric: Option<Metric>,
    /// Tiers that count, as [`Service::parse_tiers`] gives them; the service's default.
    pub tier: Option<Vec<String>>,
}

impl Service {
    /// Tiers separated by commas, sorted and without repeats.
    ///
    /// # Errors
    /// The service has no tiers, or not one of these.
    pub fn parse_tiers(&self, text: &str) -> Result<Vec<String>, TierError> {
        let mut tiers: Vec<String> = text.split(',').map(str::to_owned).collect();
        tiers.sort();
        tiers.dedup();
        match tiers.iter().find(|tier| !self.tiers.contains(tier)) {
            None => Ok(tiers),
            Some(_) if self.tiers.is_empty() => Err(TierError::None),
            Some(tier) => Err(TierError::Unknown {
                tier: tier.clone(),
                known: self.tiers.clone(),
            }),
        }
    }

    /// The cutoff in the engine's unit of the metric: milliseconds or millimetres.
    pub fn cutoff(&self, metric: Metric) -> u32 {
        match metric {
            Metric::Time => Milliseconds::from_seconds(f64::from(self.cutoff_s)).0,
            Metric::Distance => Millimetres::from_metres(f64::from(self.cutoff_m)).0,
        }
    }
}

/// A threshold that policy names; a cost equal to it meets it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Stable name, such as `health-60`.
    pub id: String,
    /// The service it is about.
    pub service: ServiceName,
    /// The largest cost that meets it, in `unit`.
    pub threshold: u32,
    /// Minutes or metres.
    pub unit: StandardUnit,
    /// Whether there and back counts, with the queue at the facility.
    #[serde(default)]
    pub round_trip: bool,
    /// Whether only facilities that are known to be improved count.
    #[serde(default)]
    pub improved_only: bool,
    /// In force, repealed or unchecked.
    pub status: String,
    /// Who says so.
    pub source: String,
}

/// All services and standards.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    services: BTreeMap<ServiceName, Service>,
    standards: Vec<Standard>,
}

/// A data file that does not say what it must.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Not TOML, or a missing, unknown or ill-typed key.
    #[error("cannot read {file}: {cause}")]
    Unreadable {
        /// Which file.
        file: &'static str,
        /// Where and why.
        cause: toml::de::Error,
    },
    /// A service without an entry.
    #[error("data/services.toml has no section [{0}]")]
    MissingService(ServiceName),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StandardsFile {
    standard: Vec<Standard>,
}

impl Catalogue {
    /// The catalogue that is part of the program.
    #[expect(clippy::missing_panics_doc, reason = "a test reads the built-in files")]
    pub fn built_in() -> Self {
        Self::parse(SERVICES, STANDARDS).expect("a test reads the built-in data files")
    }

    /// A catalogue from the texts of the two files.
    ///
    /// # Errors
    /// Either text is not what the file's head describes.
    pub fn parse(services: &str, standards: &str) -> Result<Self, CatalogueError> {
        let services: BTreeMap<ServiceName, Service> =
            toml::from_str(services).map_err(|cause| CatalogueError::Unreadable {
                file: "data/services.toml",
                cause,
            })?;
        if let Some(missing) = ServiceName::ALL
            .iter()
            .find(|name| !services.contains_key(name))
        {
            return Err(CatalogueError::MissingService(*missing));
        }
        let standards: StandardsFile =
            toml::from_str(standards).map_err(|cause| CatalogueError::Unreadable {
                file: "data/standards.toml",
                cause,
            })?;
        Ok(Self {
            services,
            standards: standards.standard,
        })
    }

    /// The service of a name.
    pub fn service(&self, name: ServiceName) -> &Service {
        &self.services[&name]
    }

    /// The indicator that is meant, with its defaults.
    pub fn indicator(&self, choice: IndicatorChoice) -> Indicator {
        let name = choice.service.unwrap_or(ServiceName::Clinic);
        let service = self.service(name);
        Indicator {
            service: name,
            mode: choice.mode.unwrap_or(service.default_mode),
            season: choice.season.unwrap_or(Season::Dry),
            metric: choice.metric.unwrap_or(Metric::Time),
            tier: choice.tier.unwrap_or_else(|| service.default_tiers.clone()),
        }
    }

    /// The standards of a service, in the file's order.
    pub fn standards(&self, name: ServiceName) -> impl Iterator<Item = &Standard> {
        self.standards
            .iter()
            .filter(move |standard| standard.service == name)
    }

    /// The indicators that `compute` makes: every service, on foot and by motorcycle, in the dry and in the wet season,
    /// by time and by distance, with the service's default tiers.
    pub fn indicators(&self) -> Vec<Indicator> {
        let mut indicators = Vec::new();
        for (name, service) in &self.services {
            for mode in [Mode::Foot, Mode::Motorcycle] {
                for season in Season::ALL {
                    for metric in [Metric::Time, Metric::Distance] {
                        let tier = service.default_tiers.clone();
                        indicators.push(Indicator {
                            service: *name,
                            mode,
                            season: *season,
                            metric,
                            tier,
                        });
                    }
                }
            }
        }
        indicators
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_files_name_every_service() {
        let catalogue = Catalogue::built_in();
        assert_eq!(
            catalogue.indicators().len(),
            ServiceName::ALL.len() * 2 * 2 * 2
        );
    }

    #[test]
    fn tiers_come_sorted_and_once() {
        let catalogue = Catalogue::built_in();
        let tiers = |service, text| catalogue.service(service).parse_tiers(text);
        assert_eq!(
            tiers(ServiceName::Clinic, "pustu,puskesmas,pustu").unwrap(),
            ["puskesmas", "pustu"]
        );
    }

    #[test]
    fn a_tier_of_another_service_is_refused() {
        let catalogue = Catalogue::built_in();
        let tiers = |service, text| catalogue.service(service).parse_tiers(text);
        assert!(matches!(
            tiers(ServiceName::Clinic, "sd"),
            Err(TierError::Unknown { .. })
        ));
        assert_eq!(tiers(ServiceName::Water, "sd"), Err(TierError::None));
    }

    #[test]
    fn a_tier_that_counts_is_a_tier_of_the_service() {
        let catalogue = Catalogue::built_in();
        for name in ServiceName::ALL {
            let service = catalogue.service(*name);
            assert!(
                service
                    .default_tiers
                    .iter()
                    .all(|tier| service.tiers.contains(tier))
            );
            assert!(service.default_tiers.is_sorted());
        }
    }
}
