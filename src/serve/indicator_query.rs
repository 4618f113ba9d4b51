//! Which number is meant: `service, mode, season, metric, tier`, with their defaults.

use super::query::Query;
use crate::domain::{Catalogue, Indicator, Metric, Mode, Season, ServiceName};

/// The names of the parameters.
pub(super) const NAMES: [&str; 5] = ["service", "mode", "season", "metric", "tier"];

/// Takes the indicator from a query.
pub(super) fn indicator(query: &mut Query, catalogue: &Catalogue) -> Indicator {
    let name = query.word("service").unwrap_or(ServiceName::Clinic);
    let service = catalogue.service(name);
    let tier = query.value("tier", |text| tiers(text, &service.tiers));
    Indicator {
        service: name,
        mode: query.word::<Mode>("mode").unwrap_or(service.default_mode),
        season: query.word("season").unwrap_or(Season::Dry),
        metric: query.word("metric").unwrap_or(Metric::Time),
        tier: tier.unwrap_or_else(|| service.default_tiers.clone()),
    }
}

/// Tiers separated by commas, sorted and without repeats.
fn tiers(text: &str, known: &[String]) -> Result<Vec<String>, String> {
    let mut tiers: Vec<String> = text.split(',').map(str::to_owned).collect();
    tiers.sort();
    tiers.dedup();
    match tiers.iter().find(|tier| !known.contains(tier)) {
        None => Ok(tiers),
        Some(_) if known.is_empty() => Err("this service has no tiers".to_owned()),
        Some(tier) => Err(format!("`{tier}` is not one of {}", known.join(", "))),
    }
}

/// The same indicator as a query: what to ask for to get it again.
pub(super) fn as_query(indicator: &Indicator) -> String {
    let mut query = format!(
        "service={}&mode={}&season={}&metric={}",
        indicator.service, indicator.mode, indicator.season, indicator.metric
    );
    if !indicator.tier.is_empty() {
        query.push_str("&tier=");
        query.push_str(&indicator.tier.join(","));
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_come_sorted_and_once() {
        let known = ["puskesmas", "pustu"].map(str::to_owned);
        assert_eq!(
            tiers("pustu,puskesmas,pustu", &known).unwrap(),
            ["puskesmas", "pustu"]
        );
    }

    #[test]
    fn a_tier_of_another_service_is_refused() {
        assert!(tiers("sd", &["puskesmas".to_owned()]).is_err());
        assert!(tiers("sd", &[]).is_err());
    }
}
