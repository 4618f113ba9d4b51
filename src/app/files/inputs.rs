//! The files of a question, read and checked: roads, points, barriers, crossings.

use std::ops::ControlFlow;
use std::path::Path;

use serde::Serialize;

use super::super::model::{barrier_lines, crossing_point, segments};
use super::graph::{is_graph, read_graph};
use super::{FilesProgress, Means};
use crate::app::AppError;
use crate::domain::{
    Feature, Finding, FindingCode, Keyed, Layer, LonLat, People, Record, Severity,
};
use crate::ingest::{
    Checked, FilesToRead, ImportRequest, MappedFrom, Mapping, Progress, read_records,
};
use crate::network::{
    Barriers, BuildOptions, BuildReport, CrossingPoint, Network, RoadSegment, build,
};

/// One input: its files, and how they are meant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileInput {
    /// Where it is.
    pub from: FilesToRead,
    /// Columns named by hand.
    pub mapping: Vec<Mapping>,
    /// The column with the ids; none is `id` for points, and what synonyms say for all else.
    pub id: Option<String>,
}

/// What a network is made from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetworkInputs {
    /// Lines of roads.
    pub roads: FileInput,
    /// Lines that nobody crosses off the road.
    pub barriers: Option<FileInput>,
    /// Bridges, fords and ferries.
    pub crossings: Option<FileInput>,
    /// How far apart loose road ends may be to be joined.
    pub join_ends_m: Option<f64>,
    /// Whether roads are joined where they cross without a shared vertex.
    pub join_crossings: bool,
}

/// What was found in one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputReport {
    /// What it was read as: `roads`, `origins` and so on.
    pub input: &'static str,
    /// Names of its files, without folders.
    pub files: Vec<String>,
    /// SHA-256 of the files, in hexadecimal.
    pub hash: String,
    /// Coordinate system found, and why it was taken.
    pub crs: Option<String>,
    /// Text encoding found, and why it was taken.
    pub encoding: Option<String>,
    /// Records taken.
    pub accepted: u64,
    /// Records that cannot be taken.
    pub rejected: u64,
    /// Everything found, in order of severity, file, feature.
    pub rows: Vec<Finding>,
}

impl InputReport {
    /// Whether anything found keeps the input from being used.
    pub fn has_errors(&self) -> bool {
        self.rows.iter().any(|row| row.severity == Severity::Error)
    }
}

/// A point with its id.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) at: LonLat,
    pub(super) people: Option<People>,
}

/// A network with what belongs to it.
pub(super) struct BuiltNetwork {
    pub(super) network: Network,
    pub(super) barriers: Barriers,
    /// None where the network was read as it is.
    pub(super) report: Option<BuildReport>,
}

/// What the network is like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NetworkSummary {
    /// Whether it was read from a graph of `graph build`.
    pub is_from_graph: bool,
    /// Nodes.
    pub nodes: u32,
    /// Edges.
    pub edges: u32,
    /// What the builder says; none for a graph.
    #[serde(flatten)]
    pub built: Option<BuiltSummary>,
}

/// What the builder of a network says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BuiltSummary {
    /// Lines given.
    pub segments: u32,
    /// Parts that no edge joins.
    pub components: u32,
    /// Line ends moved to another line's end.
    pub joined_ends: u32,
    /// Crossings that gave their season to a road.
    pub crossings_on_roads: u32,
    /// Crossings without a road within 25 m, which change nothing.
    pub crossings_off_roads: usize,
}

impl NetworkSummary {
    pub(super) fn of(built: &BuiltNetwork) -> Self {
        Self {
            is_from_graph: built.report.is_none(),
            nodes: built.network.n_nodes(),
            edges: built.network.n_edges(),
            built: built.report.as_ref().map(|report| BuiltSummary {
                segments: report.n_segments,
                components: report.n_components,
                joined_ends: report.n_joined_ends,
                crossings_on_roads: report.n_crossings_on_roads,
                crossings_off_roads: report.crossings_off_roads.len(),
            }),
        }
    }
}

/// Reads inputs one after the other and keeps what was found in each.
pub(super) struct InputReader<'a> {
    means: Means<'a>,
    reports: Vec<InputReport>,
}

/// The lines and points that a network is built from.
pub(super) struct NetworkParts {
    /// A network that was read as it is; then there are neither segments nor crossings.
    graph: Option<Network>,
    segments: Vec<RoadSegment>,
    crossings: Vec<CrossingPoint>,
    barriers: Vec<Vec<LonLat>>,
    options: BuildOptions,
}

impl<'a> InputReader<'a> {
    pub(super) fn new(means: Means<'a>) -> Self {
        Self {
            means,
            reports: Vec::new(),
        }
    }

    /// What was found in all inputs, if all can be used.
    ///
    /// # Errors
    /// Anything is wrong with any of them.
    pub(super) fn finish(self) -> Result<Vec<InputReport>, AppError> {
        if self.reports.iter().any(InputReport::has_errors) {
            return Err(AppError::FilesRefused(self.reports));
        }
        Ok(self.reports)
    }

    pub(super) fn network(&mut self, inputs: &NetworkInputs) -> Result<NetworkParts, AppError> {
        let mut parts = NetworkParts {
            graph: None,
            segments: Vec::new(),
            crossings: Vec::new(),
            barriers: Vec::new(),
            options: BuildOptions {
                join_ends_within_m: inputs.join_ends_m,
                join_crossings: inputs.join_crossings,
            },
        };
        if inputs.roads.from.files.iter().any(|file| is_graph(file)) {
            parts.graph = self.graph(inputs)?;
        } else {
            self.lines(inputs, &mut parts)?;
        }
        if let Some(barriers) = &inputs.barriers {
            self.read(
                "barriers",
                &request(Layer::Barriers, barriers),
                |id, feature| {
                    if let Feature::Barrier(record) = feature {
                        parts.barriers.extend(barrier_lines(&Keyed { id, record }));
                    }
                },
            )?;
        }
        Ok(parts)
    }

    fn graph(&mut self, inputs: &NetworkInputs) -> Result<Option<Network>, AppError> {
        let usage = |text: &str| Err(AppError::Usage(text.to_owned()));
        let [file] = &inputs.roads.from.files[..] else {
            return usage("a graph is the only file of the roads");
        };
        if inputs.crossings.is_some() || inputs.join_ends_m.is_some() || inputs.join_crossings {
            return usage(
                "a graph has its crossings and its joints already: give --crossings, --join-ends-m and --join-crossings to graph build",
            );
        }
        self.means.stage("reading the graph");
        let (network, report) = read_graph(file)?;
        self.reports.push(report);
        Ok(network)
    }

    /// Roads and what stands on them.
    fn lines(&mut self, inputs: &NetworkInputs, parts: &mut NetworkParts) -> Result<(), AppError> {
        self.read(
            "roads",
            &request(Layer::Roads, &inputs.roads),
            |id, feature| {
                if let Feature::Road(record) = feature {
                    parts.segments.extend(segments(&Keyed { id, record }));
                }
            },
        )?;
        let in_roads = inputs
            .roads
            .from
            .files
            .iter()
            .all(is_osm)
            .then(|| FileInput {
                from: inputs.roads.from.clone(),
                ..FileInput::default()
            });
        if let Some(crossings) = inputs.crossings.as_ref().or(in_roads.as_ref()) {
            self.read(
                "crossings",
                &request(Layer::Crossings, crossings),
                |id, feature| {
                    if let Feature::Crossing(record) = feature {
                        parts.crossings.push(crossing_point(&Keyed { id, record }));
                    }
                },
            )?;
        }
        if inputs.crossings.is_none() {
            self.forgive_none("crossings");
        }
        Ok(())
    }

    /// Leaves an input out that nobody named and that holds nothing.
    fn forgive_none(&mut self, name: &str) {
        let is_empty = |report: &InputReport| {
            report.input == name
                && report.accepted + report.rejected == 0
                && report
                    .rows
                    .iter()
                    .all(|row| row.code == FindingCode::LayerEmpty)
        };
        self.reports.retain(|report| !is_empty(report));
    }

    /// Points with ids, in the order of the file. Of an area, a point on its surface.
    pub(super) fn points(
        &mut self,
        name: &'static str,
        input: &FileInput,
    ) -> Result<Vec<Place>, AppError> {
        let mut places = Vec::new();
        self.read(name, &point_request(input), |id, feature| {
            if let Feature::Settlement(settlement) = feature {
                places.push(Place {
                    id,
                    at: settlement.place,
                    people: settlement.population,
                });
            }
        })?;
        Ok(places)
    }

    fn read(
        &mut self,
        name: &'static str,
        request: &ImportRequest,
        mut take: impl FnMut(String, Feature),
    ) -> Result<(), AppError> {
        let means = self.means;
        means.stage(&format!("reading {name}"));
        let shown = |at: Progress| (means.progress)(FilesProgress::At(at.n_read, at.n_expected));
        let mut sink = |record: Record| {
            take(record.key, record.feature);
            ControlFlow::Continue(())
        };
        let checked = read_records(request, means.reader, &mut sink, &shown, means.cancel)?;
        self.reports.push(report(name, checked));
        Ok(())
    }
}

impl NetworkParts {
    pub(super) fn build(self, means: Means<'_>) -> Result<BuiltNetwork, AppError> {
        means.go_on()?;
        let barriers = Barriers::new(&self.barriers);
        if let Some(network) = self.graph {
            return Ok(BuiltNetwork {
                network,
                barriers,
                report: None,
            });
        }
        means.stage("building the network");
        let (network, report) = build(&self.segments, &self.crossings, &self.options);
        means.go_on()?;
        if let Some(most) = report.crossings_above {
            return Err(AppError::TooManyCrossings { most });
        }
        Ok(BuiltNetwork {
            network,
            barriers,
            report: Some(report),
        })
    }
}

/// Whether a file holds crossings beside its roads, as OpenStreetMap's do; told by its name.
fn is_osm(file: impl AsRef<Path>) -> bool {
    let name = file.as_ref().to_string_lossy().to_ascii_lowercase();
    [".osm.pbf", ".pbf", ".osm", ".osm.gz"]
        .iter()
        .any(|suffix| name.ends_with(suffix))
}

fn request(layer: Layer, input: &FileInput) -> ImportRequest {
    ImportRequest {
        from: input.from.clone(),
        mapping: input.mapping.clone(),
        key: input.id.clone(),
        ..ImportRequest::new(layer, Vec::new())
    }
}

/// Points are read as settlements: they have an id, a place and perhaps people. Codes of villages are not asked for.
fn point_request(input: &FileInput) -> ImportRequest {
    let mut request = request(Layer::Settlements, input);
    request.key.get_or_insert_with(|| "id".to_owned());
    request.needs_id = true;
    let is_mapped = request
        .mapping
        .iter()
        .any(|mapping| mapping.field == "village_code");
    if !is_mapped {
        request.mapping.push(Mapping {
            field: "village_code".to_owned(),
            from: MappedFrom::Constant(String::new()),
        });
    }
    request
}

fn report(name: &'static str, checked: Checked) -> InputReport {
    let mut rows = checked.findings;
    // Whether people are known is nothing to warn of where nobody asked for people.
    rows.retain(|row| {
        let is_about_people = row.field.as_deref() == Some("population");
        row.severity == Severity::Error || row.code != FindingCode::FieldMissing || !is_about_people
    });
    for row in &mut rows {
        row.mend = mend_here(name, row);
    }
    InputReport {
        input: name,
        files: checked.file_names,
        hash: checked.file_hash,
        crs: checked.crs,
        encoding: checked.encoding,
        accepted: checked.n_accepted,
        rejected: checked.n_rejected,
        rows,
    }
}

/// Flags are named as these commands have them: those of other inputs than roads begin with the input's name.
fn mend_here(name: &str, row: &Finding) -> String {
    if name == "roads" {
        return row.mend.clone();
    }
    let mend = match (name, row.code) {
        ("origins", FindingCode::FieldMissing) => format!("{}, with --origin-id", row.mend),
        ("facilities", FindingCode::FieldMissing) => format!("{}, with --facility-id", row.mend),
        _ => row.mend.clone(),
    };
    ["--map ", "--crs ", "--source-layer ", "--encoding "]
        .into_iter()
        .fold(mend, |mend, flag| {
            mend.replace(flag, &format!("{flag}{name}:"))
        })
}
