//! What can be typed after the commands that read files and write files.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::app::files::{MAX_K, MAX_PAIRS, OutFile, OutForm};
use crate::domain::{LonLat, Metric, Mode, Season};

/// How files of several inputs are told apart, in the help of the flags that need it.
const INPUTS_HELP: &str = "Flags marked * hold for the roads; put another input's name and a colon before the value to \
                           mean that one: --crs facilities:EPSG:32748 --map origins:population=JIWA";

/// Roads, and what stands on them or in the way.
#[derive(Debug, Args)]
#[command(after_help = INPUTS_HELP)]
pub(super) struct RoadInputs {
    /// Lines of roads: any line file, the parts of one shapefile, an OpenStreetMap file, or a .graph of graph build.
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub(super) roads: Vec<PathBuf>,
    /// Rivers and other lines that nobody crosses off the road.
    #[arg(long, value_name = "FILE")]
    pub(super) barriers: Option<PathBuf>,
    /// Bridges, fords and ferries, points.
    #[arg(long, value_name = "FILE")]
    pub(super) crossings: Option<PathBuf>,
    /// Join loose road ends at most this far apart [default: none].
    #[arg(long, value_name = "METRES", value_parser = super::arguments::metres)]
    pub(super) join_ends_m: Option<f64>,
    /// Join roads where they cross without a shared vertex, but not at bridges and tunnels.
    #[arg(long)]
    pub(super) join_crossings: bool,
    /// * Coordinate system of the file, where it does not say.
    #[arg(long, value_name = "[INPUT:]EPSG:N")]
    pub(super) crs: Vec<String>,
    /// * Text encoding of the file, where it is not what the file says.
    #[arg(long, value_name = "[INPUT:]NAME")]
    pub(super) encoding: Vec<String>,
    /// * field=COLUMN, or "field='VALUE'" for one value of all; may be repeated.
    #[arg(long, value_name = "[INPUT:]FIELD=COLUMN")]
    pub(super) map: Vec<String>,
    /// * Only the features for which this holds, such as "type IN ('clinic','hospital')".
    #[arg(long = "where", value_name = "[INPUT:]SQL")]
    pub(super) where_sql: Vec<String>,
    /// * Layer of a file that holds several.
    #[arg(long, value_name = "[INPUT:]NAME")]
    pub(super) source_layer: Vec<String>,
    /// Lift the limits on files' inflated sizes.
    #[arg(long)]
    pub(super) trust_file: bool,
}

/// How trips are made.
#[derive(Debug, Args)]
pub(super) struct Travelling {
    /// foot, bicycle, motorcycle, car or ambulance.
    #[arg(long, value_name = "MODE")]
    pub(super) mode: Mode,
    /// dry or wet.
    #[arg(long, value_name = "SEASON", default_value = "dry")]
    pub(super) season: Season,
    /// Speeds and rules instead of the built-in ones; written like data/profiles.toml.
    #[arg(long, value_name = "FILE")]
    pub(super) profiles: Option<PathBuf>,
    /// best: every road within the radius is tried and the best total wins; nearest: the nearest road only.
    #[arg(long, value_name = "HOW", default_value = "best", value_parser = ["best", "nearest"])]
    pub(super) snap: String,
    /// How far from a road a place may be [default: the profiles' rule].
    #[arg(long, value_name = "METRES")]
    pub(super) snap_radius_m: Option<f64>,
    /// What a metre off the road counts [default: the profiles' rule].
    #[arg(long, value_name = "FACTOR")]
    pub(super) off_road_factor: Option<f64>,
}

/// Between what, and how far.
#[derive(Debug, Args)]
pub(super) struct Between {
    /// Points or areas where trips begin: any point file, or CSV with columns lon and lat.
    #[arg(long, value_name = "FILE")]
    pub(super) origins: PathBuf,
    /// Points or areas where trips end.
    #[arg(long, value_name = "FILE")]
    pub(super) facilities: PathBuf,
    /// Column with the origins' ids [default: id].
    #[arg(long, value_name = "COLUMN")]
    pub(super) origin_id: Option<String>,
    /// Column with the facilities' ids [default: id].
    #[arg(long, value_name = "COLUMN")]
    pub(super) facility_id: Option<String>,
    /// time or distance [default: that of the cutoff, else time].
    #[arg(long, value_name = "METRIC")]
    pub(super) metric: Option<Metric>,
    /// The longest trip that counts, in minutes [default: none].
    #[arg(long, value_name = "MINUTES", conflicts_with = "cutoff_m", value_parser = minutes)]
    pub(super) cutoff_min: Option<f64>,
    /// The longest trip that counts, in metres [default: none].
    #[arg(long, value_name = "METRES", value_parser = cutoff_metres)]
    pub(super) cutoff_m: Option<f64>,
}

#[derive(Debug, Args)]
pub(super) struct Graph {
    #[command(subcommand)]
    pub(super) what: GraphWhat,
}

#[derive(Debug, Subcommand)]
pub(super) enum GraphWhat {
    /// Build a network and write it; it holds all modes and seasons.
    #[command(after_help = "Example:\n  \
        jangkau graph build --roads jalan.osm.pbf --out jalan.graph")]
    Build(Box<GraphBuild>),
}

#[derive(Debug, Args)]
pub(super) struct GraphBuild {
    #[command(flatten)]
    pub(super) roads: RoadInputs,
    #[command(flatten)]
    pub(super) people: PeopleInput,
    /// File to write: .graph.
    #[arg(long, value_name = "FILE.graph")]
    pub(super) out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Access {
    #[command(flatten)]
    pub(super) roads: RoadInputs,
    #[command(flatten)]
    pub(super) how: Travelling,
    #[command(flatten)]
    pub(super) between: Between,
    /// Facilities for each origin, at most 32; for more, use matrix.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=MAX_K as u64))]
    pub(super) k: u64,
    #[command(flatten)]
    pub(super) written: Written,
}

#[derive(Debug, Args)]
pub(super) struct Matrix {
    #[command(flatten)]
    pub(super) roads: RoadInputs,
    #[command(flatten)]
    pub(super) how: Travelling,
    #[command(flatten)]
    pub(super) between: Between,
    /// Refuse more pairs than this.
    #[arg(long, value_name = "N", default_value_t = MAX_PAIRS)]
    pub(super) max_pairs: u64,
    #[command(flatten)]
    pub(super) written: Written,
}

/// Where the answer goes.
#[derive(Debug, Args)]
pub(super) struct Written {
    /// File to write: .csv, .geojson or .fgb.
    #[arg(long, value_name = "FILE", value_parser = out_file)]
    pub(super) out: OutFile,
    /// Table to write of how each origin and facility is attached to a road, and why not to the nearest one.
    #[arg(long, value_name = "FILE.csv", value_parser = csv_file)]
    pub(super) snap_report: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Isochrone {
    #[command(flatten)]
    pub(super) roads: RoadInputs,
    #[command(flatten)]
    pub(super) how: Travelling,
    /// Where people start.
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true, value_parser = lon_lat)]
    pub(super) from: LonLat,
    /// Minutes, joined by commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',', required_unless_present = "cutoff_m", conflicts_with = "cutoff_m", value_parser = minutes)]
    pub(super) cutoff_min: Vec<f64>,
    /// Metres, joined by commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = cutoff_metres)]
    pub(super) cutoff_m: Vec<f64>,
    /// File to write the areas to: .geojson or .fgb.
    #[arg(long, value_name = "FILE", value_parser = out_file)]
    pub(super) out: OutFile,
    /// File to write the stretches of road to: .geojson or .fgb.
    #[arg(long, value_name = "FILE", value_parser = out_file)]
    pub(super) edges: Option<OutFile>,
    #[command(flatten)]
    pub(super) people: PeopleInput,
}

/// Points whose people are counted.
#[derive(Debug, Args)]
pub(super) struct PeopleInput {
    /// Points with a column population, whose people are counted.
    #[arg(long, value_name = "FILE")]
    pub(super) people: Option<PathBuf>,
    /// Column with the ids of these points [default: id].
    #[arg(long, value_name = "COLUMN")]
    pub(super) people_id: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Route {
    #[command(flatten)]
    pub(super) roads: RoadInputs,
    #[command(flatten)]
    pub(super) how: Travelling,
    /// Where the trip begins.
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true, value_parser = lon_lat)]
    pub(super) from: LonLat,
    /// Where it ends.
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true, value_parser = lon_lat)]
    pub(super) to: LonLat,
    /// time or distance.
    #[arg(long, value_name = "METRIC", default_value = "time")]
    pub(super) metric: Metric,
}

fn lon_lat(text: &str) -> Result<LonLat, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let [lon, lat] = text
        .split_once(',')
        .and_then(|(lon, lat)| Some([number(lon)?, number(lat)?]))
        .ok_or_else(|| "expected longitude,latitude in degrees, such as 106.8,-6.2".to_owned())?;
    LonLat::parse(lon, lat).map_err(|error| error.to_string())
}

/// Minutes that can be counted in milliseconds: finite, from 0 to 49 days.
pub(super) fn minutes(text: &str) -> Result<f64, String> {
    number_up_to(text, 70_560.0, "minutes")
}

/// Metres that can be counted in millimetres.
pub(super) fn cutoff_metres(text: &str) -> Result<f64, String> {
    number_up_to(text, 4_294_000.0, "metres")
}

/// A number from 0 to `most`, both included.
pub(super) fn number_up_to(text: &str, most: f64, unit: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(number) if (0.0..=most).contains(&number) => Ok(number),
        _ => Err(format!("expected {unit} from 0 to {most}")),
    }
}

pub(super) fn out_file(text: &str) -> Result<OutFile, String> {
    let path = PathBuf::from(text);
    let suffix = path.extension().and_then(|suffix| suffix.to_str());
    let suffix = suffix.unwrap_or_default().to_ascii_lowercase();
    OutForm::ALL
        .into_iter()
        .find(|(word, _)| *word == suffix)
        .map(|(_, form)| OutFile {
            path: path.clone(),
            form,
        })
        .ok_or_else(|| "the suffix must be .csv, .geojson, .fgb or .parquet".to_owned())
}

fn csv_file(text: &str) -> Result<PathBuf, String> {
    match out_file(text) {
        Ok(OutFile {
            path,
            form: OutForm::Csv,
        }) => Ok(path),
        _ => Err("the suffix must be .csv".to_owned()),
    }
}
