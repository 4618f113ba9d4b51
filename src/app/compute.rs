//! Runs: what is missing for the active data is computed and made current.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use serde::Serialize;

use super::AppError;
use super::model::{Model, Versions};
use super::quality::{FaultCounts, save_faults};
use super::run_id::{RunInputs, run_id};
use crate::access::{
    NearestOptions, PointResult as PointHere, nearest, people_within, roll_up, way_back,
};
use crate::domain::{
    Catalogue, DatasetVersion, Facility, Indicator, Keyed, Layer, LonLat, Metric, Millimetres,
    Milliseconds, Nearest, PointReach, ReachState, Rule, RunId, Service, Standard, StandardUnit,
    StatePeople,
};
use crate::network::{Travel, known_share};
use crate::store::{Database, Found, NewRun, PointResult, RunInput, StandardPeople, VillageResult};

pub(super) const DATA_FILES: [&str; 3] = [
    include_str!("../../data/services.toml"),
    include_str!("../../data/standards.toml"),
    include_str!("../../data/profiles.toml"),
];

/// What `compute` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComputeReport {
    /// Indicators and their runs, in order of computing.
    pub runs: Vec<ComputedRun>,
    /// Nodes of the road network; none where nothing had to be computed.
    pub n_nodes: Option<u32>,
    /// Loose road ends that were joined; none where nothing had to be computed.
    pub n_joined_ends: Option<u32>,
    /// Parts of the road network that no road joins; none where nothing had to be computed.
    pub n_components: Option<u32>,
    /// What is wrong with the data, by kind; none where that was known.
    pub faults: Option<FaultCounts>,
}

/// One indicator of a [`ComputeReport`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComputedRun {
    /// Short name of the indicator.
    pub indicator: String,
    /// Its run.
    pub run: RunId,
    /// Whether it was computed now: otherwise the same inputs had given it before.
    pub is_new: bool,
}

/// Computes every indicator of the catalogue whose run is missing or stale for the active data.
///
/// `made_by` is noted in the audit trail. With `join_ends_m`, loose road ends are joined within that distance, and every indicator is computed so.
///
/// # Errors
/// No villages are imported, the database fails, or `cancel` was raised; runs finished before stay.
pub async fn compute(
    database: &Database,
    join_ends_m: Option<f64>,
    made_by: &str,
    stage: &(dyn Fn(&str) + Send + Sync),
    cancel: Arc<AtomicBool>,
) -> Result<ComputeReport, AppError> {
    let catalogue = Catalogue::built_in();
    let missing = match join_ends_m {
        Some(_) => catalogue.indicators(),
        None => database.missing_runs(&catalogue.indicators()).await?,
    };
    let mut report = ComputeReport {
        runs: Vec::new(),
        n_nodes: None,
        n_joined_ends: None,
        n_components: None,
        faults: None,
    };
    let faults = database.find_fault_list().await?;
    let faults_are_known = join_ends_m.is_none() && faults.is_some_and(|list| !list.is_stale);
    if missing.is_empty() && faults_are_known {
        return Ok(report);
    }
    let active = database.active_versions().await?;
    let versions: Versions = active
        .iter()
        .map(|version| (version.layer, version.id))
        .collect();
    stage("reading the layers, building the road network");
    let model = Arc::new(Model::load(database, versions, join_ends_m).await?);
    report.n_nodes = Some(model.build_report.n_nodes);
    report.n_joined_ends = Some(model.build_report.n_joined_ends);
    report.n_components = Some(model.build_report.n_components);
    for indicator in missing {
        stage(&indicator.to_string());
        let name = indicator.to_string();
        let service = catalogue.service(indicator.service).clone();
        let standards: Vec<Standard> = catalogue.standards(indicator.service).cloned().collect();
        let id = id_of(&indicator, &service, &active, join_ends_m);
        let (model, cancel) = (Arc::clone(&model), Arc::clone(&cancel));
        let is_sample = needed(&service)
            .iter()
            .any(|layer| active.iter().any(|v| v.layer == *layer && v.is_sample));
        let run = tokio::task::spawn_blocking(move || {
            let task = Task {
                model: &model,
                indicator: &indicator,
                service: &service,
                standards: &standards,
            };
            task.run(id, is_sample, &cancel)
        })
        .await
        .map_err(|cause| AppError::System {
            doing: "compute",
            cause: cause.to_string(),
        })??;
        let is_new = database.save_run(&run, made_by).await?;
        report.runs.push(ComputedRun {
            indicator: name,
            run: run.rule.run_id.clone(),
            is_new,
        });
    }
    if !faults_are_known {
        stage("looking for faults in the data");
        report.faults = Some(save_faults(database, model, &active, cancel).await?);
    }
    Ok(report)
}

/// The layers whose content decides the numbers of a service.
fn needed(service: &Service) -> [Layer; 9] {
    [
        Layer::Villages,
        Layer::Population,
        Layer::Settlements,
        Layer::PopulationCells,
        Layer::Roads,
        Layer::RoadSections,
        Layer::Crossings,
        Layer::Barriers,
        service.layer,
    ]
}

fn id_of(
    indicator: &Indicator,
    service: &Service,
    active: &[DatasetVersion],
    join_ends_m: Option<f64>,
) -> RunId {
    let content = |layer: Layer| {
        let version = active.iter().find(|version| version.layer == layer);
        (layer, version.map(|version| version.content_hash.clone()))
    };
    // A layer that was introduced later counts only where it is there: the ids of runs without it stay what they were.
    let counts = |(layer, content): &(Layer, Option<String>)| {
        let came_later = matches!(
            layer,
            Layer::Population | Layer::RoadSections | Layer::PopulationCells
        );
        !came_later || content.is_some()
    };
    let layers: BTreeMap<Layer, Option<String>> = needed(service)
        .into_iter()
        .map(content)
        .filter(counts)
        .collect();
    let parameters: Vec<(&str, String)> = join_ends_m
        .map(|metres| ("join_ends_m", metres.to_string()))
        .into_iter()
        .collect();
    run_id(&RunInputs {
        indicator,
        layers: &layers,
        data_files: &DATA_FILES,
        parameters: &parameters,
    })
}

/// One run to compute.
struct Task<'a> {
    model: &'a Model,
    indicator: &'a Indicator,
    service: &'a Service,
    standards: &'a [Standard],
}

impl Task<'_> {
    fn run(&self, id: RunId, is_sample: bool, cancel: &AtomicBool) -> Result<NewRun, AppError> {
        let demand = &self.model.demand;
        let places: Vec<LonLat> = demand.points.iter().map(|point| point.place).collect();
        let facilities = self.model.facilities(self.service, self.indicator);
        let travel = self
            .model
            .travel(self.indicator)
            .ok_or_else(|| AppError::System {
                doing: "compute",
                cause: format!("nothing is known of {}", self.indicator),
            })?;
        let has_inputs = self.model.has_inputs(self.service);
        let reaches = if has_inputs {
            let places_of = facility_places(&facilities);
            let options = NearestOptions {
                cutoff: Some(self.service.cutoff(self.indicator.metric)),
                threads: threads(),
            };
            nearest(travel, &places_of, &places, options, cancel)?.points
        } else {
            vec![
                PointReach {
                    state: ReachState::NoInput,
                    nearest: None,
                    second: None
                };
                places.len()
            ]
        };
        let points: Vec<PointHere<'_>> = demand
            .points
            .iter()
            .zip(&reaches)
            .map(|(point, reach)| PointHere {
                key: &point.key,
                people: point.people,
                reach: *reach,
            })
            .collect();
        let mut standard_costs = Vec::new();
        for standard in self
            .standards
            .iter()
            .filter(|standard| has_inputs && self.applies(standard))
        {
            standard_costs.push((
                standard,
                self.standard_costs(standard, travel, &places, &reaches, cancel)?,
            ));
        }
        let villages = self.villages(&points, &standard_costs, &facilities);
        let stored = |nearest: Option<Nearest>| nearest.map(|nearest| found(nearest, &facilities));
        let standards_met = |point: usize| {
            let met = standard_costs.iter().filter(|(standard, costs)| {
                costs[point].is_some_and(|cost| cost <= threshold(standard))
            });
            met.map(|(standard, _)| standard.id.clone()).collect()
        };
        let points = demand
            .points
            .iter()
            .zip(&reaches)
            .enumerate()
            .map(|(index, (point, reach))| PointResult {
                point: point.key.clone(),
                village: Some(demand.villages[point.village].code.clone()),
                people: point.people,
                state: reach.state,
                nearest: stored(reach.nearest),
                second: stored(reach.second),
                standards: standards_met(index),
                place: point.place,
            })
            .collect();
        Ok(NewRun {
            rule: self.rule(id, travel, &facilities),
            is_sample,
            inputs: needed(self.service)
                .into_iter()
                .map(|layer| RunInput {
                    layer,
                    version: self.model.versions.get(&layer).copied(),
                })
                .collect(),
            unassigned_settlements: demand.unassigned.n_settlements as u64,
            unassigned_people: Some(demand.unassigned.people),
            unassigned_cell_people: demand.unassigned.cell_people,
            villages,
            points,
        })
    }

    /// Everything that decides the numbers besides the data.
    fn rule(&self, id: RunId, travel: &Travel, facilities: &[&Keyed<Facility>]) -> Rule {
        let rules = &travel.weights.profile.rules;
        let cutoff = self.service.cutoff(self.indicator.metric);
        let has_tiers = !self.service.tiers.is_empty();
        let is_unknown = |place: &&&Keyed<Facility>| has_tiers && place.record.tier.is_none();
        let n_unknown = facilities.iter().filter(is_unknown).count();
        Rule {
            service: self.indicator.service,
            tier: self.indicator.tier.clone(),
            tier_unknown: u32::try_from(n_unknown).expect("facilities are counted in u32"),
            mode: self.indicator.mode,
            season: self.indicator.season,
            metric: self.indicator.metric,
            cutoff: match self.indicator.metric {
                Metric::Time => Milliseconds(cutoff).to_seconds(),
                Metric::Distance => Millimetres(cutoff).to_metres(),
            },
            snap_radius_m: rules.snap_radius.to_metres(),
            off_road_factor: rules.off_road_factor,
            walking_speed_kmh: f64::from(rules.walking_m_per_h) / 1000.0,
            ferry_wait_s: Some(rules.ferry_wait.to_seconds()),
            known_share: known_share(&travel.network, &travel.weights),
            join_ends_m: self.model.join_ends_m,
            population_source: self.model.demand.population_source(),
            population_date: None,
            origins: self.model.demand.origins(),
            run_id: id,
            stale: false,
        }
    }

    /// Whether a threshold is in the quantity that this run minimises.
    fn applies(&self, standard: &Standard) -> bool {
        match standard.unit {
            StandardUnit::Minutes => self.indicator.metric == Metric::Time,
            StandardUnit::Metres => self.indicator.metric == Metric::Distance,
        }
    }

    /// What each point pays under a standard, in the engine's unit; none where it cannot be met at any threshold.
    fn standard_costs(
        &self,
        standard: &Standard,
        travel: &Travel,
        places: &[LonLat],
        reaches: &[PointReach],
        cancel: &AtomicBool,
    ) -> Result<Vec<Option<u32>>, AppError> {
        let cost = |nearest: Nearest| match self.indicator.metric {
            Metric::Time => nearest.time.0,
            Metric::Distance => nearest.length.0,
        };
        if !standard.round_trip && !standard.improved_only {
            return Ok(reaches
                .iter()
                .map(|reach| reach.nearest.map(cost))
                .collect());
        }
        let facilities: Vec<&Keyed<Facility>> = self
            .model
            .facilities(self.service, self.indicator)
            .into_iter()
            .filter(|place| !standard.improved_only || place.record.improved == Some(true))
            .collect();
        let facility_places = facility_places(&facilities);
        let options = NearestOptions {
            cutoff: None,
            threads: threads(),
        };
        let there = nearest(travel, &facility_places, places, options, cancel)?.points;
        if !standard.round_trip {
            return Ok(there.iter().map(|reach| reach.nearest.map(cost)).collect());
        }
        let back = way_back(travel, &facility_places, places, &there, cancel)?;
        let total = |(there, back): (&PointReach, Option<Nearest>)| {
            let there = there.nearest?;
            let queue_min = facilities[there.facility as usize]
                .record
                .queue_min
                .unwrap_or_default();
            let queue = Milliseconds::from_seconds(queue_min * 60.0).0;
            Some(
                cost(there)
                    .saturating_add(queue)
                    .saturating_add(cost(back?)),
            )
        };
        Ok(there.iter().zip(back).map(total).collect())
    }

    fn villages(
        &self,
        points: &[PointHere<'_>],
        standard_costs: &[(&Standard, Vec<Option<u32>>)],
        facilities: &[&Keyed<Facility>],
    ) -> Vec<VillageResult> {
        let demand = &self.model.demand;
        let areas = roll_up(
            points,
            demand.villages.len(),
            |point| Some(demand.points[point].village),
            self.indicator.metric,
        );
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); demand.villages.len()];
        for (index, point) in demand.points.iter().enumerate() {
            members[point.village].push(index);
        }
        let stored = |nearest: Option<Nearest>| nearest.map(|nearest| found(nearest, facilities));
        demand
            .villages
            .iter()
            .zip(areas)
            .zip(members)
            .filter_map(|((village, area), members)| {
                let area = area?;
                let median = &points[area.median_point];
                let people: Option<StatePeople> = area.people;
                let standards = standard_costs.iter().map(|(standard, costs)| {
                    let here: Vec<PointHere<'_>> =
                        members.iter().map(|point| points[*point]).collect();
                    let costs: Vec<Option<u32>> =
                        members.iter().map(|point| costs[*point]).collect();
                    StandardPeople {
                        id: standard.id.clone(),
                        threshold: standard.threshold,
                        unit: standard.unit,
                        people_within: people_within(&here, &costs, threshold(standard)),
                    }
                });
                Some(VillageResult {
                    village: village.code.clone(),
                    state: median.reach.state,
                    median_point: median.key.to_owned(),
                    nearest: stored(median.reach.nearest),
                    second: stored(median.reach.second),
                    population_source: village.source,
                    population: village.people,
                    people,
                    standards: standards.collect(),
                })
            })
            .collect()
    }
}

/// A standard's threshold in the engine's unit.
fn threshold(standard: &Standard) -> u32 {
    match standard.unit {
        StandardUnit::Minutes => Milliseconds::from_seconds(f64::from(standard.threshold) * 60.0).0,
        StandardUnit::Metres => Millimetres::from_metres(f64::from(standard.threshold)).0,
    }
}

fn facility_places(facilities: &[&Keyed<Facility>]) -> Vec<LonLat> {
    facilities.iter().map(|place| place.record.place).collect()
}

fn found(nearest: Nearest, facilities: &[&Keyed<Facility>]) -> Found {
    Found {
        facility: facilities[nearest.facility as usize].id.clone(),
        time: nearest.time,
        length: nearest.length,
    }
}

pub(super) fn threads() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}
