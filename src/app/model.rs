//! A district as the engine sees it: people, roads and facilities of named dataset versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::AppError;
use super::demand::{Demand, SettlementPlace, VillagePlace};
use crate::domain::{
    Barrier, Crossing, DatasetVersionId, Facility, Indicator, Layer, LonLat, Road, Service, Status,
};
use crate::network::{
    Barriers, BuildOptions, BuildReport, CrossingPoint, Network, Profiles, RoadSegment, SnapChoice,
    Travel, Weights, build,
};
use crate::store::{Database, Keyed};

/// The dataset version of each layer that was ever imported.
pub(super) type Versions = BTreeMap<Layer, DatasetVersionId>;

/// A facility that can be reached.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FacilityPlace {
    pub(super) id: String,
    pub(super) facility: Facility,
}

/// A district as the engine sees it. Immutable once loaded.
pub(super) struct Model {
    pub(super) versions: Versions,
    pub(super) join_ends_m: Option<f64>,
    pub(super) demand: Demand,
    pub(super) build_report: BuildReport,
    facilities: BTreeMap<Layer, Vec<FacilityPlace>>,
    network: Arc<Network>,
    barriers: Arc<Barriers>,
    profiles: Profiles,
}

impl Model {
    /// Reads the layers of `versions` and builds the network, loose road ends joined within `join_ends_m`.
    pub(super) async fn load(
        database: &Database,
        versions: Versions,
        join_ends_m: Option<f64>,
    ) -> Result<Self, AppError> {
        let villages_version = *versions.get(&Layer::Villages).ok_or(AppError::NoVillages)?;
        let district = database.district().await?;
        let villages = database
            .villages(villages_version)
            .await?
            .into_iter()
            .filter(|village| {
                district
                    .as_ref()
                    .is_none_or(|district| district.code.contains(&village.code))
            })
            .map(|village| VillagePlace {
                code: village.code,
                population: village.population,
                surface_point: village.inside,
            })
            .collect();
        let settlements = match versions.get(&Layer::Settlements) {
            Some(version) => {
                database
                    .settlements(*version, Some(villages_version))
                    .await?
            }
            None => Vec::new(),
        };
        let settlements = settlements
            .into_iter()
            .map(|settlement| SettlementPlace {
                key: settlement.key,
                village: settlement.village,
                population: settlement.population,
                place: settlement.place,
            })
            .collect();
        let mut roads = Vec::new();
        if let Some(version) = versions.get(&Layer::Roads) {
            roads = database.roads(*version).await?;
        }
        let mut crossings = Vec::new();
        if let Some(version) = versions.get(&Layer::Crossings) {
            crossings = database.crossings(*version).await?;
        }
        let mut barriers = Vec::new();
        if let Some(version) = versions.get(&Layer::Barriers) {
            barriers = database.barriers(*version).await?;
        }
        let mut facilities = BTreeMap::new();
        for (layer, version) in versions.iter().filter(|(layer, _)| layer.is_facility()) {
            let read = database.facilities(*version).await?;
            let places = read.into_iter().map(|keyed| FacilityPlace {
                id: keyed.key,
                facility: keyed.record,
            });
            facilities.insert(*layer, places.collect());
        }
        let segments: Vec<RoadSegment> = roads.iter().flat_map(segments).collect();
        let crossings: Vec<CrossingPoint> = crossings.iter().map(crossing_point).collect();
        let (network, build_report) = build(
            &segments,
            &crossings,
            &BuildOptions {
                join_ends_within_m: join_ends_m,
            },
        );
        Ok(Self {
            versions,
            join_ends_m,
            demand: Demand::new(villages, settlements),
            build_report,
            facilities,
            network: Arc::new(network),
            barriers: Arc::new(Barriers::new(
                &barriers.iter().flat_map(barrier_lines).collect::<Vec<_>>(),
            )),
            profiles: Profiles::built_in(),
        })
    }

    /// Whether every layer that the service needs was imported.
    pub(super) fn has_inputs(&self, service: &Service) -> bool {
        [Layer::Villages, Layer::Roads, service.layer]
            .iter()
            .all(|layer| self.versions.contains_key(layer))
    }

    /// The facilities that count for an indicator, in order of id: functioning, and of a tier that counts or of none.
    pub(super) fn facilities(
        &self,
        service: &Service,
        indicator: &Indicator,
    ) -> Vec<&FacilityPlace> {
        let counts = |place: &&FacilityPlace| {
            let tier_counts = place
                .facility
                .tier
                .as_ref()
                .is_none_or(|tier| indicator.tier.is_empty() || indicator.tier.contains(tier));
            place.facility.status == Status::Functioning && tier_counts
        };
        self.facilities
            .get(&service.layer)
            .into_iter()
            .flatten()
            .filter(counts)
            .collect()
    }

    /// How trips of an indicator are made; none where no profile knows the mode.
    pub(super) fn travel(&self, indicator: &Indicator) -> Option<Travel> {
        let profile = self.profiles.profile(indicator.mode)?;
        let weights = Weights::new(&self.network, profile, indicator.season);
        Some(Travel::new(
            Arc::clone(&self.network),
            Arc::new(weights),
            Arc::clone(&self.barriers),
            indicator.metric,
            SnapChoice::Best,
        ))
    }
}

/// The parts of a road, each a segment under the road's id.
fn segments(road: &Keyed<Road>) -> impl Iterator<Item = RoadSegment> {
    let record = &road.record;
    record.line.0.iter().map(move |part| RoadSegment {
        id: road.key.clone(),
        line: places(part),
        class: record.class,
        surface: record.surface,
        condition: record.condition,
        one_way: record.one_way,
        is_bridge: record.is_bridge,
        season: record.season,
        max_speed_kmh: record.max_speed_kmh,
    })
}

fn crossing_point(crossing: &Keyed<Crossing>) -> CrossingPoint {
    let Crossing {
        kind,
        season,
        place,
    } = crossing.record;
    CrossingPoint {
        kind,
        season,
        place,
    }
}

fn barrier_lines(barrier: &Keyed<Barrier>) -> impl Iterator<Item = Vec<LonLat>> {
    barrier.record.line.0.iter().map(places)
}

fn places(line: &geo_types::LineString<f64>) -> Vec<LonLat> {
    line.coords()
        .map(|place| {
            LonLat::parse(place.x, place.y)
                .expect("stored lines were checked when they were imported")
        })
        .collect()
}
