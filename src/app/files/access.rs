//! For every origin, its nearest facilities.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use serde::Serialize;
use serde_json::json;

use super::inputs::{InputReader, Place};
use super::output::{integer, metres, point, real, seconds, text};
use super::rule::Travels;
use super::snap_report::write_snap_report;
use super::{
    Cutoff, FileInput, FilesRule, HowToTravel, InputReport, Means, NetworkInputs, NetworkSummary,
    OutFile, threads,
};
use crate::access::{
    self, Journey, MAX_K, NearestOptions, Part, PointAccess, Rescue, RescueReach, Trip, nearest_k,
    rescue,
};
use crate::app::AppError;
use crate::domain::{LonLat, Millimetres, Milliseconds, People, ReachState};
use crate::network::Cancelled;
use crate::publish::{Column, Row, Shape, Value};

/// Which facilities, and who asks.
#[derive(Debug, Clone, PartialEq)]
pub struct FacilityChoice {
    /// Where trips begin.
    pub origins: FileInput,
    /// Where they end.
    pub facilities: FileInput,
    /// The largest cost that counts.
    pub cutoff: Option<Cutoff>,
}

/// The question of `jangkau access`.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessAsked {
    /// The roads.
    pub network: NetworkInputs,
    /// How trips are made.
    pub how: HowToTravel,
    /// Between what.
    pub between: FacilityChoice,
    /// Facilities for each origin, from 1 to [`MAX_K`](super::MAX_K).
    pub k: NonZeroUsize,
    /// Where the answer goes.
    pub out: OutFile,
    /// Where it is told how places are attached.
    pub snap_report: Option<PathBuf>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccessReport {
    /// The file.
    pub file: PathBuf,
    /// Its rows.
    pub n_rows: u64,
    /// Origins by state of their nearest facility.
    pub n_origins: BTreeMap<&'static str, u64>,
    /// People of the origins by that state; none where the origins have no column `population`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<BTreeMap<&'static str, f64>>,
    /// Facilities that are the nearest of some origin, with those who have it so.
    pub catchments: Vec<Catchment>,
    /// What was found in each input.
    pub inputs: Vec<InputReport>,
    /// The network.
    pub network: NetworkSummary,
    /// The rule of the answer.
    pub rule: FilesRule,
}

/// The origins whose nearest facility this is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Catchment {
    /// The facility.
    pub facility_id: String,
    /// How many.
    pub origins: u64,
    /// Their people; none where the origins have no column `population`.
    pub people: Option<f64>,
}

/// The last two are of emergencies only.
const COLUMNS: [Column; 10] = [
    text("origin_id"),
    integer("rank"),
    text("facility_id"),
    text("state"),
    real("time_s"),
    real("length_m"),
    real("origin_snap_m"),
    real("facility_snap_m"),
    real("carry_m"),
    real("carry_s"),
];

/// Writes the nearest facilities of every origin.
///
/// # Errors
/// A file is missing or refused, the request contradicts itself, the answer cannot be written, or somebody stopped.
pub fn find_access(asked: &AccessAsked, means: Means<'_>) -> Result<AccessReport, AppError> {
    asked.out.check()?;
    check_cutoff(&asked.how, asked.between.cutoff)?;
    let ready = Ready::read(&asked.network, &asked.how, &asked.between, means)?;
    means.stage("searching");
    let points = ready.nearest(asked, means)?;
    let rule = FilesRule {
        k: Some(asked.k.get()),
        ..ready.rule.clone()
    };
    means.stage("writing");
    let metadata = json!({ "rule": &rule });
    let mut file = asked
        .out
        .begin("access", Shape::Point, ready.columns(), &metadata)?;
    let mut n_rows = 0;
    for (origin, found) in ready.origins.iter().zip(&points) {
        means.go_on()?;
        for row in ready.rows(origin, found) {
            file.write(&row)?;
            n_rows += 1;
        }
    }
    if let Some(path) = &asked.snap_report {
        write_snap_report(&ready, path, means)?;
    }
    means.go_on()?;
    file.finish()?;
    let (n_origins, people) = by_state(&ready.origins, points.iter().map(|point| point.state));
    Ok(AccessReport {
        file: asked.out.path.clone(),
        n_rows,
        n_origins,
        people,
        catchments: catchments_of(&ready, &points),
        inputs: ready.inputs,
        network: ready.network,
        rule,
    })
}

/// Everything read, in the order that the engine wants: origins as in their file, facilities by id.
pub(super) struct Ready {
    pub(super) travels: Travels,
    pub(super) origins: Vec<Place>,
    pub(super) facilities: Vec<Place>,
    pub(super) inputs: Vec<InputReport>,
    pub(super) network: NetworkSummary,
    pub(super) rule: FilesRule,
}

impl Ready {
    pub(super) fn read(
        network: &NetworkInputs,
        how: &HowToTravel,
        between: &FacilityChoice,
        means: Means<'_>,
    ) -> Result<Self, AppError> {
        let profile = how.read_profile()?;
        let mut reader = InputReader::new(means);
        let parts = reader.network(network)?;
        let origins = reader.points("origins", &between.origins)?;
        let mut facilities = reader.points("facilities", &between.facilities)?;
        let inputs = reader.finish()?;
        facilities.sort_by(|a, b| a.id.cmp(&b.id));
        let built = parts.build(means)?;
        let summary = NetworkSummary::of(&built);
        let (travels, rule) = how.travels(built, &profile, means)?;
        Ok(Self {
            travels,
            origins,
            facilities,
            inputs,
            network: summary,
            rule: rule.with_cutoff(between.cutoff),
        })
    }

    fn nearest(&self, asked: &AccessAsked, means: Means<'_>) -> Result<Vec<Found>, AppError> {
        let options = NearestOptions {
            cutoff: asked.between.cutoff.map(Cutoff::in_engine),
            threads: threads(),
        };
        let (origins, facilities) = (places(&self.origins), places(&self.facilities));
        let (k, cancel) = (asked.k, means.cancel);
        match self.travels.journey() {
            Journey::Trip(travel) => {
                let points = nearest_k(travel, &facilities, &origins, k, options, cancel)?;
                Ok(points.into_iter().map(Found::from).collect())
            }
            Journey::Rescue(rescue) => {
                let answers = rescues(rescue, &facilities, &origins, k, options, cancel)?;
                let found = |answer| Found::of_rescue(answer, k.get(), options.cutoff);
                Ok(answers.into_iter().map(found).collect())
            }
        }
    }

    fn columns(&self) -> &'static [Column] {
        &COLUMNS[..COLUMNS.len() - if self.travels.is_rescue() { 0 } else { 2 }]
    }

    fn rows<'a>(&'a self, origin: &'a Place, found: &'a Found) -> impl Iterator<Item = Row> + 'a {
        let trips = found.trips.iter().map(Some);
        let nothing = found.trips.is_empty().then_some(None);
        let row = move |(rank, trip): (i64, Option<&FoundTrip>)| {
            let snaps = trip.and_then(|trip| trip.snaps);
            let carry = trip.and_then(|trip| trip.carry);
            let facility = trip.map(|trip| self.facilities[trip.facility as usize].id.clone());
            let mut values = vec![
                Value::Text(origin.id.clone()),
                Value::Integer(rank),
                Value::text(facility),
                Value::Text(found.state.to_string()),
                seconds(trip.map(|trip| trip.time)),
                metres(trip.map(|trip| trip.length)),
                metres(snaps.map(|[from, _]| from)),
                metres(snaps.map(|[_, to]| to)),
                metres(carry.map(|carry| carry.length)),
                seconds(carry.map(|carry| carry.time)),
            ];
            values.truncate(self.columns().len());
            Row {
                geometry: point(origin.at),
                values,
            }
        };
        (1..).zip(trips.chain(nothing)).map(row)
    }
}

/// The answer for one origin, of a trip or an emergency.
struct Found {
    state: ReachState,
    /// Empty unless the state is `Within`.
    trips: Vec<FoundTrip>,
}

struct FoundTrip {
    facility: u32,
    time: Milliseconds,
    length: Millimetres,
    snaps: Option<[Millimetres; 2]>,
    carry: Option<Part>,
}

impl From<PointAccess> for Found {
    fn from(point: PointAccess) -> Self {
        let trip = |trip: Trip| FoundTrip {
            facility: trip.facility,
            time: trip.time,
            length: trip.length,
            snaps: trip.snaps.map(|snaps| snaps.map(|snap| snap.distance)),
            carry: None,
        };
        Self {
            state: point.state,
            trips: point.trips.into_iter().map(trip).collect(),
        }
    }
}

impl Found {
    fn of_rescue(answer: RescueReach, k: usize, cutoff: Option<u32>) -> Self {
        let trips = answer.trips.into_iter().map(|trip| FoundTrip {
            facility: trip.facility,
            time: trip.total().time,
            length: trip.total().length,
            snaps: trip.snaps.map(|snaps| snaps.map(|snap| snap.distance)),
            carry: Some(trip.carry),
        });
        let is_within = |trip: &FoundTrip| cutoff.is_none_or(|cutoff| trip.time.0 <= cutoff);
        Self {
            state: answer.state,
            trips: trips.filter(is_within).take(k).collect(),
        }
    }
}

/// [`rescue`] for as many facilities as are asked for.
fn rescues(
    asked: Rescue<'_>,
    facilities: &[LonLat],
    patients: &[LonLat],
    k: NonZeroUsize,
    options: NearestOptions,
    cancel: &AtomicBool,
) -> Result<Vec<RescueReach>, Cancelled> {
    match k.get() {
        1 => rescue::<1>(asked, facilities, patients, options, cancel),
        2..=4 => rescue::<4>(asked, facilities, patients, options, cancel),
        _ => rescue::<MAX_K>(asked, facilities, patients, options, cancel),
    }
}

/// A cutoff limits what is minimised.
pub(super) fn check_cutoff(how: &HowToTravel, cutoff: Option<Cutoff>) -> Result<(), AppError> {
    match cutoff {
        Some(cutoff) if cutoff.metric() != how.metric => Err(AppError::Usage(format!(
            "--cutoff-{} limits a {}, but what is minimised is the {}",
            super::output::unit(cutoff.metric()),
            cutoff.metric(),
            how.metric
        ))),
        _ => Ok(()),
    }
}

pub(super) fn places(places: &[Place]) -> Vec<LonLat> {
    places.iter().map(|place| place.at).collect()
}

/// Origins and, where known, people in each state.
fn by_state(
    origins: &[Place],
    states: impl Iterator<Item = ReachState>,
) -> (
    BTreeMap<&'static str, u64>,
    Option<BTreeMap<&'static str, f64>>,
) {
    let mut n_origins = BTreeMap::new();
    let mut people: BTreeMap<&'static str, People> = BTreeMap::new();
    for (origin, state) in origins.iter().zip(states) {
        *n_origins.entry(state.as_str()).or_default() += 1;
        if let Some(here) = origin.people {
            *people.entry(state.as_str()).or_default() += here;
        }
    }
    let people = (!people.is_empty()).then(|| {
        let counts = people.into_iter();
        counts
            .map(|(state, people)| (state, people.to_count()))
            .collect()
    });
    (n_origins, people)
}

fn catchments_of(ready: &Ready, points: &[Found]) -> Vec<Catchment> {
    let nearest = points
        .iter()
        .map(|point| Some(point.trips.first()?.facility));
    let people = ready.origins.iter().map(|origin| origin.people);
    let catchment = |catchment: access::Catchment| Catchment {
        facility_id: ready.facilities[catchment.facility as usize].id.clone(),
        origins: catchment.n_points,
        people: catchment.people.map(People::to_count),
    };
    let catchments = access::catchments(nearest.zip(people));
    catchments.into_iter().map(catchment).collect()
}
