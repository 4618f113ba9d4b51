//! A district as the engine sees it: people, roads and facilities of named dataset versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::AppError;
use super::demand::Demand;
use super::sections::surveyed;
use crate::domain::{
    Barrier, Catalogue, Crossing, DatasetVersionId, Facility, Indicator, Keyed, Layer, LonLat,
    Metric, Mode, Road, Season, Service, Status, VillageCode,
};
use crate::network::{
    Barriers, BuildOptions, BuildReport, CrossingPoint, Network, Profiles, RoadAttributes,
    RoadSegment, SnapChoice, Travel, Weights, build,
};
use crate::store::{CellInput, Database, SettlementInput, VillageInput};

/// The dataset version of each layer that was ever imported.
pub(super) type Versions = BTreeMap<Layer, DatasetVersionId>;

/// Everything that decides a [`Travel`] beside the roads.
type TravelKey = (Mode, Season, Metric);

/// A district as the engine sees it. Immutable once loaded.
pub(super) struct Model {
    pub(super) versions: Versions,
    pub(super) join_ends_m: Option<f64>,
    pub(super) demand: Demand,
    pub(super) build_report: BuildReport,
    /// What no walk off the road crosses.
    pub(super) barriers: Arc<Barriers>,
    network: Arc<Network>,
    facilities: BTreeMap<Layer, Vec<Keyed<Facility>>>,
    travels: BTreeMap<TravelKey, Travel>,
}

/// What a model is built from, as stored.
pub(super) struct Layers {
    pub(super) villages: Vec<VillageInput>,
    pub(super) settlements: Vec<SettlementInput>,
    pub(super) cells: Vec<CellInput>,
    pub(super) roads: Vec<Keyed<Road>>,
    pub(super) crossings: Vec<Keyed<Crossing>>,
    pub(super) barriers: Vec<Keyed<Barrier>>,
    pub(super) facilities: BTreeMap<Layer, Vec<Keyed<Facility>>>,
}

impl Layers {
    async fn read(database: &Database, versions: &Versions) -> Result<Self, AppError> {
        let villages_version = *versions.get(&Layer::Villages).ok_or(AppError::NoVillages)?;
        let district = database.district().await?;
        let mut villages = database.villages(villages_version).await?;
        villages.retain(|village| {
            district
                .as_ref()
                .is_none_or(|district| district.code.contains(&village.code))
        });
        let mut layers = Self {
            villages,
            settlements: Vec::new(),
            cells: Vec::new(),
            roads: Vec::new(),
            crossings: Vec::new(),
            barriers: Vec::new(),
            facilities: BTreeMap::new(),
        };
        for (layer, version) in versions {
            match layer {
                Layer::Villages
                | Layer::VillageOffices
                | Layer::Poverty
                | Layer::DeclaredValues
                | Layer::RoadSections
                | Layer::Context(_) => {}
                Layer::Population => {
                    let official = database.official_people(*version).await?;
                    for village in &mut layers.villages {
                        village.population =
                            official.get(&village.code).copied().or(village.population);
                    }
                }
                Layer::PopulationCells => {
                    let codes: Vec<&VillageCode> = layers
                        .villages
                        .iter()
                        .map(|village| &village.code)
                        .collect();
                    layers.cells = database
                        .population_cells(*version, villages_version, &codes)
                        .await?;
                }
                Layer::Settlements => {
                    layers.settlements = database
                        .settlements(*version, Some(villages_version))
                        .await?;
                }
                Layer::Roads => layers.roads = database.roads(*version).await?,
                Layer::Crossings => layers.crossings = database.crossings(*version).await?,
                Layer::Barriers => layers.barriers = database.barriers(*version).await?,
                Layer::Clinics | Layer::WaterPoints | Layer::Schools | Layer::Markets => {
                    layers
                        .facilities
                        .insert(*layer, database.facilities(*version).await?);
                }
            }
        }
        if let Some(version) = versions.get(&Layer::RoadSections) {
            let sections = database.road_sections(*version).await?;
            layers.roads = surveyed(layers.roads, &sections);
        }
        Ok(layers)
    }
}

impl Model {
    /// Reads the layers of `versions` and builds the network, loose road ends joined within `join_ends_m`.
    pub(super) async fn load(
        database: &Database,
        versions: Versions,
        join_ends_m: Option<f64>,
    ) -> Result<Self, AppError> {
        let layers = Layers::read(database, &versions).await?;
        tokio::task::spawn_blocking(move || Self::build(layers, versions, join_ends_m))
            .await
            .map_err(|cause| AppError::System {
                doing: "build the road network",
                cause: cause.to_string(),
            })
    }

    /// The model of what was read.
    pub(super) fn build(layers: Layers, versions: Versions, join_ends_m: Option<f64>) -> Self {
        let segments: Vec<RoadSegment> = layers.roads.iter().flat_map(segments).collect();
        let crossings: Vec<CrossingPoint> = layers.crossings.iter().map(crossing_point).collect();
        let options = BuildOptions {
            join_ends_within_m: join_ends_m,
            join_crossings: false,
        };
        let (network, build_report) = build(&segments, &crossings, &options);
        let lines: Vec<_> = layers.barriers.iter().flat_map(barrier_lines).collect();
        let (network, barriers) = (Arc::new(network), Arc::new(Barriers::new(&lines)));
        Self {
            versions,
            join_ends_m,
            demand: Demand::new(layers.villages, layers.settlements, &layers.cells),
            build_report,
            facilities: layers.facilities,
            travels: travels(&network, &barriers),
            barriers,
            network,
        }
    }

    /// Whether every layer that the service needs was imported.
    pub(super) fn has_inputs(&self, service: &Service) -> bool {
        [Layer::Villages, Layer::Roads, service.layer]
            .iter()
            .all(|layer| self.versions.contains_key(layer))
    }

    /// The road network.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// Every facility of a layer, in order of id, whether it counts or not.
    pub(super) fn all_facilities(&self, layer: Layer) -> &[Keyed<Facility>] {
        self.facilities.get(&layer).map_or(&[], Vec::as_slice)
    }

    /// The facilities that count for an indicator, in order of id: functioning, also in its season, and of a tier that
    /// counts or of none.
    pub(super) fn facilities(
        &self,
        service: &Service,
        indicator: &Indicator,
    ) -> Vec<&Keyed<Facility>> {
        let counts = |place: &&Keyed<Facility>| {
            let tier_counts = place
                .record
                .tier
                .as_ref()
                .is_none_or(|tier| indicator.tier.is_empty() || indicator.tier.contains(tier));
            let works_in_season = place
                .record
                .season
                .is_none_or(|works| works.allows(indicator.season));
            place.record.status == Status::Functioning && works_in_season && tier_counts
        };
        self.facilities
            .get(&service.layer)
            .into_iter()
            .flatten()
            .filter(counts)
            .collect()
    }

    /// How trips of an indicator are made; none where it is not one of the catalogue's.
    pub(super) fn travel(&self, indicator: &Indicator) -> Option<&Travel> {
        self.travels
            .get(&(indicator.mode, indicator.season, indicator.metric))
    }
}

/// One for each way of travelling that some indicator of the catalogue asks about.
fn travels(network: &Arc<Network>, barriers: &Arc<Barriers>) -> BTreeMap<TravelKey, Travel> {
    let profiles = Profiles::built_in();
    let mut travels = BTreeMap::new();
    for Indicator {
        mode,
        season,
        metric,
        ..
    } in Catalogue::built_in().indicators()
    {
        let Some(profile) = profiles.profile(mode) else {
            continue;
        };
        travels.entry((mode, season, metric)).or_insert_with(|| {
            let weights = Arc::new(Weights::new(network, profile, season));
            Travel::new(
                Arc::clone(network),
                weights,
                Arc::clone(barriers),
                metric,
                SnapChoice::Best,
            )
        });
    }
    travels
}

/// The parts of a road, each a segment under the road's id.
pub(super) fn segments(road: &Keyed<Road>) -> impl Iterator<Item = RoadSegment> {
    let record = &road.record;
    record.line.0.iter().map(move |part| RoadSegment {
        id: road.id.clone(),
        line: places(part),
        road: RoadAttributes {
            class: record.class,
            surface: record.surface,
            condition: record.condition,
            one_way: record.one_way,
            is_bridge: record.is_bridge,
            is_tunnel: record.is_tunnel,
            barred: record.barred,
            season: record.season,
            max_speed_kmh: record.max_speed_kmh,
        },
    })
}

pub(super) fn crossing_point(crossing: &Keyed<Crossing>) -> CrossingPoint {
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

pub(super) fn barrier_lines(barrier: &Keyed<Barrier>) -> impl Iterator<Item = Vec<LonLat>> {
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
