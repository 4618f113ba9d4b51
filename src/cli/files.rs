//! The commands that read files and write files, without a database.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::error::CliError;
use super::files_arguments::{
    Access, Between, Graph, GraphWhat, Isochrone, Matrix, PeopleInput, RoadInputs, Route,
    Travelling,
};
use super::output::{ProgressLine, print_findings, print_json, print_line};
use crate::app::AppError;
use crate::app::files::{
    AccessAsked, AccessReport, CarryFound, Cutoff, CutoffReached, FacilityChoice, FileInput,
    FilesProgress, GraphAsked, GraphReport, HowToTravel, InputReport, IsochroneAsked,
    IsochroneReport, MatrixAsked, Means, NetworkInputs, RouteAsked, RouteFound, SnapChoice,
    build_graph, find_access, find_isochrone, find_matrix, find_route,
};
use crate::domain::{Metric, Millimetres, Milliseconds};
use crate::ingest::{FilesToRead, ReaderCommand};

/// Inputs that a flag may name before a colon.
const INPUTS: [&str; 6] = [
    "roads",
    "barriers",
    "crossings",
    "origins",
    "facilities",
    "people",
];

pub(super) fn graph(typed: &Graph, json: bool, cancel: &AtomicBool) -> Result<(), CliError> {
    let GraphWhat::Build(typed) = &typed.what;
    let asked = GraphAsked {
        network: network_inputs(&typed.roads)?,
        people: people(&typed.roads, &typed.people)?,
        out: typed.out.clone(),
    };
    let report = work(json, cancel, |means| build_graph(&asked, means))?;
    say(&report, json, &report.inputs, || graph_lines(&report))
}

fn graph_lines(report: &GraphReport) -> Vec<String> {
    /// Parts that are told one by one.
    const TOLD: usize = 5;
    let build = &report.build;
    let mut lines = vec![
        format!("{}: {} bytes", report.file.display(), report.n_bytes),
        format!(
            "  {} lines, {} of them without length, {} there twice",
            build.segments, build.segments_without_length, build.duplicate_segments
        ),
        format!(
            "  {} nodes, {} edges, {} straight pieces, {} components",
            build.nodes, build.edges, build.pieces, build.components
        ),
        format!(
            "  {} dead ends, {} ends and {} crossings joined, {} loops, {} parallel edges",
            build.dead_ends,
            build.joined_ends,
            build.joined_crossings,
            build.loops,
            build.parallel_edges
        ),
        format!(
            "  {} crossings on roads, {} without a road within 25 m",
            build.crossings_on_roads, build.crossings_off_roads
        ),
        format!(
            "  {} road ends within 25 m of a road that they are not joined to",
            report.near_misses_found
        ),
    ];
    for part in report.parts.iter().take(TOLD) {
        let people = part
            .people
            .map_or_else(String::new, |people| format!(", {people} people"));
        lines.push(format!(
            "  part of {:.1} km with {} edges at {:.5},{:.5}{people}",
            part.length_m / 1000.0,
            part.edges,
            part.lon,
            part.lat
        ));
    }
    if let Some(people) = report.people_off_roads {
        lines.push(format!("  {people} people too far from any road"));
    }
    lines
}

pub(super) fn access(typed: Access, json: bool, cancel: &AtomicBool) -> Result<(), CliError> {
    let asked = access_asked(typed)?;
    let report = work(json, cancel, |means| find_access(&asked, means))?;
    say(&report, json, &report.inputs, || access_lines(&report))
}

pub(super) fn matrix(typed: Matrix, json: bool, cancel: &AtomicBool) -> Result<(), CliError> {
    let (metric, between) = between(&typed.roads, typed.between)?;
    let asked = MatrixAsked {
        network: network_inputs(&typed.roads)?,
        how: how(&typed.how, metric),
        between,
        max_pairs: typed.max_pairs,
        out: typed.written.out,
        snap_report: typed.written.snap_report,
    };
    let report = work(json, cancel, |means| find_matrix(&asked, means))?;
    say(&report, json, &report.inputs, || {
        let head = format!("{}: {} pairs", report.file.display(), report.n_rows);
        let states = report.n_pairs.iter();
        let states = states.map(|(state, n_pairs)| format!("  {state}: {n_pairs} pairs"));
        std::iter::once(head).chain(states).collect()
    })
}

fn people(roads: &RoadInputs, typed: &PeopleInput) -> Result<Option<FileInput>, CliError> {
    let Some(file) = &typed.people else {
        return Ok(None);
    };
    let file = input(roads, "people", vec![file.clone()])?;
    let id = typed.people_id.clone();
    Ok(Some(FileInput { id, ..file }))
}

pub(super) fn isochrone(typed: Isochrone, json: bool, cancel: &AtomicBool) -> Result<(), CliError> {
    let people = people(&typed.roads, &typed.people)?;
    let in_time = typed.cutoff_min.into_iter().map(cutoff_minutes);
    let in_distance = typed.cutoff_m.into_iter().map(cutoff_metres);
    let cutoffs: Vec<Cutoff> = in_time.chain(in_distance).collect();
    let metric = cutoffs
        .first()
        .map_or(Metric::Time, |cutoff| cutoff.metric());
    let asked = IsochroneAsked {
        network: network_inputs(&typed.roads)?,
        how: how(&typed.how, metric),
        from: typed.from,
        cutoffs,
        out: typed.out,
        edges: typed.edges,
        people,
    };
    let report = work(json, cancel, |means| find_isochrone(&asked, means))?;
    say(&report, json, &report.inputs, || isochrone_lines(&report))
}

fn isochrone_lines(report: &IsochroneReport) -> Vec<String> {
    let head = format!("{}: {}", report.file.display(), report.state);
    let line = |reached: &CutoffReached| {
        let people = reached.people;
        let people = people.map_or(String::new(), |people| format!(", {people} people"));
        let CutoffReached {
            cutoff,
            unit,
            roads_km,
            ..
        } = reached;
        format!("  {cutoff} {unit}: {roads_km} km of road{people}")
    };
    let lines = report.cutoffs.iter().map(line);
    std::iter::once(head).chain(lines).collect()
}

fn cutoff_minutes(minutes: f64) -> Cutoff {
    Cutoff::Time(Milliseconds::from_seconds(minutes * 60.0))
}

fn cutoff_metres(metres: f64) -> Cutoff {
    Cutoff::Distance(Millimetres::from_metres(metres))
}

pub(super) fn route(typed: &Route, json: bool, cancel: &AtomicBool) -> Result<(), CliError> {
    let asked = RouteAsked {
        network: network_inputs(&typed.roads)?,
        how: how(&typed.how, typed.metric),
        from: typed.from,
        to: typed.to,
    };
    let found = work(json, cancel, |means| find_route(&asked, means))?;
    say(&found, json, &found.inputs, || route_lines(&found))
}

/// Runs a use case with a line of progress; files that were refused are told about first.
fn work<T>(
    json: bool,
    cancel: &AtomicBool,
    ask: impl FnOnce(Means<'_>) -> Result<T, AppError>,
) -> Result<T, CliError> {
    let bar = ProgressLine::new();
    let progress = |at: FilesProgress<'_>| match at {
        FilesProgress::Stage(stage) => bar.stage(stage),
        FilesProgress::At(done, total) => bar.at(done, total),
    };
    let answer = ask(Means {
        reader: &ReaderCommand::this_program()?,
        progress: &progress,
        cancel,
    });
    bar.finish();
    match answer {
        Ok(answer) => Ok(answer),
        Err(AppError::FilesRefused(inputs)) => {
            if json {
                print_json(&serde_json::json!({ "refused": true, "inputs": inputs }))?;
            }
            tell_findings(&inputs)?;
            Err(CliError::Refused)
        }
        Err(error) => Err(error.into()),
    }
}

/// Prints an answer: one document, or lines for a person with what was found in the files on standard error.
fn say(
    answer: &impl Serialize,
    json: bool,
    inputs: &[InputReport],
    lines: impl FnOnce() -> Vec<String>,
) -> Result<(), CliError> {
    if json {
        return Ok(print_json(answer)?);
    }
    tell_findings(inputs)?;
    for line in lines() {
        print_line(line)?;
    }
    Ok(())
}

fn tell_findings(inputs: &[InputReport]) -> io::Result<()> {
    let mut out = io::stderr().lock();
    for input in inputs {
        if input.has_errors() {
            writeln!(
                out,
                "{}: refused; {} records can be used, {} cannot",
                input.input, input.accepted, input.rejected
            )?;
        }
        print_findings(&mut out, &input.rows)?;
    }
    Ok(())
}

fn access_lines(report: &AccessReport) -> Vec<String> {
    let mut lines = vec![format!("{}: {} rows", report.file.display(), report.n_rows)];
    for (state, n_origins) in &report.n_origins {
        let people = report.people.as_ref().and_then(|people| people.get(state));
        let people = people.map_or(String::new(), |people| format!(", {people} people"));
        lines.push(format!("  {state}: {n_origins} origins{people}"));
    }
    lines
}

fn route_lines(found: &RouteFound) -> Vec<String> {
    let mut lines = match (found.time_s, found.length_m) {
        (Some(time_s), Some(length_m)) => vec![format!("{time_s:.3} s, {length_m:.3} m")],
        _ => vec![found.state.to_string()],
    };
    if let Some(CarryFound {
        carry_m: Some(carry_m),
        carry_s: Some(carry_s),
        last_point,
    }) = &found.carry
    {
        let to = last_point.map_or_else(
            || "to the facility".to_owned(),
            |[lon, lat]| format!("to the vehicle at {lon:.7},{lat:.7}"),
        );
        lines.push(format!("  carried {carry_s:.3} s, {carry_m:.3} m {to}"));
    }
    for leg in &found.legs {
        let class = leg
            .class
            .map_or_else(String::new, |class| format!(" {class}"));
        lines.push(format!(
            "  {}{class} {:.3} s, {:.3} m at {} km/h ({})",
            leg.leg.as_str(),
            leg.time_s,
            leg.length_m,
            leg.speed_kmh,
            leg.speed_source
        ));
    }
    lines
}

fn access_asked(typed: Access) -> Result<AccessAsked, CliError> {
    let (metric, between) = between(&typed.roads, typed.between)?;
    Ok(AccessAsked {
        network: network_inputs(&typed.roads)?,
        how: how(&typed.how, metric),
        between,
        k: usize::try_from(typed.k)
            .ok()
            .and_then(NonZeroUsize::new)
            .unwrap_or(NonZeroUsize::MIN),
        out: typed.written.out,
        snap_report: typed.written.snap_report,
    })
}

fn between(roads: &RoadInputs, typed: Between) -> Result<(Metric, FacilityChoice), CliError> {
    let cutoff = match (typed.cutoff_min, typed.cutoff_m) {
        (Some(minutes), _) => Some(cutoff_minutes(minutes)),
        (None, Some(metres)) => Some(cutoff_metres(metres)),
        (None, None) => None,
    };
    let metric = typed
        .metric
        .or(cutoff.map(Cutoff::metric))
        .unwrap_or(Metric::Time);
    let origins = FileInput {
        id: typed.origin_id,
        ..input(roads, "origins", vec![typed.origins])?
    };
    let facilities = FileInput {
        id: typed.facility_id,
        ..input(roads, "facilities", vec![typed.facilities])?
    };
    let choice = FacilityChoice {
        origins,
        facilities,
        cutoff,
    };
    Ok((metric, choice))
}

fn how(typed: &Travelling, metric: Metric) -> HowToTravel {
    HowToTravel {
        mode: typed.mode,
        season: typed.season,
        metric,
        snap: match typed.snap.as_str() {
            "nearest" => SnapChoice::Nearest,
            _ => SnapChoice::Best,
        },
        snap_radius_m: typed.snap_radius_m,
        off_road_factor: typed.off_road_factor,
        profiles: typed.profiles.clone(),
    }
}

fn network_inputs(typed: &RoadInputs) -> Result<NetworkInputs, CliError> {
    let other = |name, file: &Option<PathBuf>| {
        let file = file.iter().cloned();
        file.map(|file| input(typed, name, vec![file]))
            .next()
            .transpose()
    };
    Ok(NetworkInputs {
        roads: input(typed, "roads", typed.roads.clone())?,
        barriers: other("barriers", &typed.barriers)?,
        crossings: other("crossings", &typed.crossings)?,
        join_ends_m: typed.join_ends_m,
        join_crossings: typed.join_crossings,
    })
}

/// One input with the flags that are meant for it.
fn input(typed: &RoadInputs, name: &str, files: Vec<PathBuf>) -> Result<FileInput, CliError> {
    let mapping = meant_for(name, &typed.map)
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let last = |texts| meant_for(name, texts).last().map(str::to_owned);
    Ok(FileInput {
        from: FilesToRead {
            files,
            source_layer: last(&typed.source_layer),
            crs: last(&typed.crs),
            encoding: last(&typed.encoding),
            filter: last(&typed.where_sql),
            trust_file: typed.trust_file,
            district: None,
            only_within: None,
        },
        mapping,
        id: None,
    })
}

/// The values of a flag that are meant for an input: those with its name before a colon, and for roads those without.
fn meant_for<'a>(name: &'a str, texts: &'a [String]) -> impl Iterator<Item = &'a str> {
    texts.iter().filter_map(move |text| {
        let named = text
            .split_once(':')
            .filter(|(input, _)| INPUTS.contains(input));
        match named {
            Some((input, value)) => (input == name).then_some(value),
            None => (name == "roads").then_some(text.as_str()),
        }
    })
}
