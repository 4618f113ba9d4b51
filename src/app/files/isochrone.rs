//! What is reached from one place.

use std::path::PathBuf;

use geo_types::{LineString, MultiPolygon};
use serde::Serialize;
use serde_json::json;

use super::inputs::{InputReader, Place};
use super::output::{real, text, unit};
use super::{
    Cutoff, FileInput, FilesRule, HowToTravel, InputReport, Means, NetworkInputs, NetworkSummary,
    OutFile, OutForm, threads,
};
use crate::access::{Isochrone, Spread, isochrone};
use crate::app::AppError;
use crate::domain::{LonLat, People};
use crate::network::local_distance_m;
use crate::publish::{Column, Row, Shape, Value};

/// The most cutoffs of one question.
pub const MAX_CUTOFFS: usize = 24;

/// The question of `jangkau isochrone`.
#[derive(Debug, Clone, PartialEq)]
pub struct IsochroneAsked {
    /// The roads.
    pub network: NetworkInputs,
    /// How people travel; the metric is that of the cutoffs.
    pub how: HowToTravel,
    /// Where they start.
    pub from: LonLat,
    /// How far they go; all of one metric.
    pub cutoffs: Vec<Cutoff>,
    /// Where the areas go.
    pub out: OutFile,
    /// Where the stretches of road go.
    pub edges: Option<OutFile>,
    /// Points with people, who are counted.
    pub people: Option<FileInput>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IsochroneReport {
    /// The file with the areas.
    pub file: PathBuf,
    /// Whether a permitted road is within the snap radius: `within`, else `unsnapped`.
    pub state: &'static str,
    /// One for each cutoff, from the least.
    pub cutoffs: Vec<CutoffReached>,
    /// Distance between the points that the areas are drawn through.
    pub grid_m: Option<f64>,
    /// What was found in each input.
    pub inputs: Vec<InputReport>,
    /// The network.
    pub network: NetworkSummary,
    /// The rule of the answer.
    pub rule: FilesRule,
}

/// What is reached within one cutoff.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CutoffReached {
    /// In its unit.
    pub cutoff: f64,
    /// `min` or `m`.
    pub unit: &'static str,
    /// Length of the stretches of road.
    pub roads_km: f64,
    /// People at the points given, by their own cost; none where nobody gave any.
    pub people: Option<f64>,
}

/// Writes what is reached within each cutoff.
///
/// # Errors
/// A file is missing or refused, the request contradicts itself, the answer cannot be written, or somebody stopped.
pub fn find_isochrone(
    asked: &IsochroneAsked,
    means: Means<'_>,
) -> Result<IsochroneReport, AppError> {
    let asked = &checked(asked)?;
    let profile = asked.how.read_profile()?;
    let mut reader = InputReader::new(means);
    let parts = reader.network(&asked.network)?;
    let people = match &asked.people {
        Some(input) => Some(reader.points("people", input)?),
        None => None,
    };
    let inputs = reader.finish()?;
    let built = parts.build(means)?;
    let summary = NetworkSummary::of(&built);
    let (travels, rule) = asked.how.travels(built, &profile, means)?;
    means.stage("searching");
    let cutoffs = asked.cutoffs.iter().map(|cutoff| cutoff.in_engine());
    let cutoffs: Vec<u32> = cutoffs.collect();
    let spread = Spread::new(travels.journey(), asked.from, &cutoffs, means.cancel)?;
    let found = isochrone(&spread, threads(), means.cancel)?;
    let people = match &people {
        Some(places) => Some(people_within(&spread, places, means)?),
        None => None,
    };
    let reached: Vec<CutoffReached> = (0..cutoffs.len())
        .map(|number| CutoffReached {
            cutoff: in_unit(asked.cutoffs[number]),
            unit: unit(asked.how.metric),
            roads_km: roads_km(&found, number),
            people: people.as_ref().map(|people| people[number].to_count()),
        })
        .collect();
    means.stage("writing");
    write(asked, &found, &reached, &rule, means)?;
    Ok(IsochroneReport {
        file: asked.out.path.clone(),
        state: if spread.is_snapped() {
            "within"
        } else {
            "unsnapped"
        },
        cutoffs: reached,
        grid_m: found.grid_m,
        inputs,
        network: summary,
        rule,
    })
}

/// The question with its cutoffs in order, if it makes sense.
fn checked(asked: &IsochroneAsked) -> Result<IsochroneAsked, AppError> {
    let usage = |text: &str| Err(AppError::Usage(text.to_owned()));
    let mut asked = asked.clone();
    asked.cutoffs.sort_by_key(|cutoff| cutoff.in_engine());
    asked.cutoffs.dedup();
    if asked.cutoffs.is_empty() || asked.cutoffs.len() > MAX_CUTOFFS {
        return usage("an isochrone has from 1 to 24 cutoffs");
    }
    for out in std::iter::once(&asked.out).chain(&asked.edges) {
        if out.form == OutForm::Csv {
            return usage("an area or a line does not fit into .csv; write .geojson or .fgb");
        }
        out.check()?;
    }
    Ok(asked)
}

fn people_within(
    spread: &Spread<'_>,
    people: &[Place],
    means: Means<'_>,
) -> Result<Vec<People>, AppError> {
    let counted = |place: &Place| (place.at, place.people.unwrap_or(People::ZERO));
    let places: Vec<(LonLat, People)> = people.iter().map(counted).collect();
    Ok(spread.sums(&places, threads(), means.cancel)?)
}

fn write(
    asked: &IsochroneAsked,
    found: &Isochrone,
    reached: &[CutoffReached],
    rule: &FilesRule,
    means: Means<'_>,
) -> Result<(), AppError> {
    const AREAS: [Column; 5] = [
        real("cutoff"),
        text("unit"),
        text("mode"),
        text("season"),
        real("people"),
    ];
    const EDGES: [Column; 6] = [
        real("cutoff"),
        text("unit"),
        text("mode"),
        text("season"),
        text("road_id"),
        text("class"),
    ];
    let metadata = json!({
        "rule": rule,
        "from": [asked.from.lon(), asked.from.lat()],
        "grid_m": found.grid_m,
    });
    let n_columns = AREAS.len() - usize::from(asked.people.is_none());
    let columns = &AREAS[..n_columns];
    let mut areas = asked
        .out
        .begin("isochrone", Shape::Polygon, columns, &metadata)?;
    let mut edges = match &asked.edges {
        Some(out) => Some(out.begin("edges", Shape::Line, &EDGES, &metadata)?),
        None => None,
    };
    let properties = |reached: &CutoffReached| {
        vec![
            Value::Real(reached.cutoff),
            Value::Text(reached.unit.to_owned()),
            Value::Text(asked.how.mode.to_string()),
            Value::Text(asked.how.season.to_string()),
        ]
    };
    for (number, reached) in reached.iter().enumerate() {
        let mut values = properties(reached);
        if asked.people.is_some() {
            values.push(Value::real(reached.people));
        }
        let area: &MultiPolygon<f64> = &found.areas[number];
        areas.write(&Row {
            geometry: area.clone().into(),
            values,
        })?;
        let Some(edges) = &mut edges else { continue };
        for stretch in &found.stretches[number] {
            means.go_on()?;
            let mut values = properties(reached);
            values.push(Value::Text(stretch.road_id.clone()));
            values.push(Value::Text(stretch.class.to_string()));
            let line = stretch
                .line
                .iter()
                .map(|place| geo_types::Coord::from(*place));
            edges.write(&Row {
                geometry: line.collect::<LineString<f64>>().into(),
                values,
            })?;
        }
    }
    means.go_on()?;
    if let Some(edges) = edges {
        edges.finish()?;
    }
    Ok(areas.finish()?)
}

fn in_unit(cutoff: Cutoff) -> f64 {
    match cutoff {
        Cutoff::Time(time) => time.to_seconds() / 60.0,
        Cutoff::Distance(length) => length.to_metres(),
    }
}

fn roads_km(found: &Isochrone, number: usize) -> f64 {
    let lines = found.stretches[number].iter();
    let metres: f64 = lines
        .flat_map(|stretch| stretch.line.windows(2))
        .map(|pair| local_distance_m(pair[0], pair[1]))
        .sum();
    (metres.round()) / 1000.0
}
