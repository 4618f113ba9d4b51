//! Which number is meant: `service, mode, season, metric, tier`, with their defaults.

use super::query::Query;
use crate::domain::{Catalogue, Indicator, IndicatorChoice, ServiceName};

/// The names of the parameters.
pub(super) const NAMES: [&str; 5] = ["service", "mode", "season", "metric", "tier"];

/// Takes the indicator from a query.
pub(super) fn indicator(query: &mut Query, catalogue: &Catalogue) -> Indicator {
    let service: Option<ServiceName> = query.word("service");
    let of_service = catalogue.service(service.unwrap_or(ServiceName::Clinic));
    let tier = query.value("tier", |text| {
        of_service
            .parse_tiers(text)
            .map_err(|cause| cause.to_string())
    });
    catalogue.indicator(IndicatorChoice {
        service,
        mode: query.word("mode"),
        season: query.word("season"),
        metric: query.word("metric"),
        tier,
    })
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
