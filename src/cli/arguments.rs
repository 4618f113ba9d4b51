//! What can be typed: commands, their flags, their help.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};

use super::accounts_arguments::{AccountCommand, TokenCommand};
use super::export::Export;
use super::files_arguments::{Access, Graph, Isochrone, Matrix, Route, number_up_to};
use crate::domain::{Layer, Part, UnknownWord};
use crate::ingest::CodeScheme;

/// Who can reach clinics, clean water and schools, village by village.
#[derive(Debug, Parser)]
#[command(
    name = "jangkau",
    version,
    after_help = "Exit codes: 0 done, 1 other failure, 2 usage or missing file, 3 refused input, \
                  4 database or a second supervisor, 5 not found, 130 cancelled.\n\
                  DATABASE_URL names a PostgreSQL to use instead of the private one."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) shared: Shared,
}

/// Flags that every command understands.
#[derive(Debug, Args)]
pub(super) struct Shared {
    /// Data directory of the private database [default: `$XDG_DATA_HOME/jangkau`; as root `/var/lib/jangkau`].
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// Form of the log on standard error: text or json [default: text].
    #[arg(long, global = true, value_name = "FORM")]
    pub(super) log_format: Option<String>,
    /// Print one JSON document on standard output.
    #[arg(long, global = true)]
    pub(super) json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Everything in one: private database, sample district if it is empty, results, map.
    #[command(after_help = "Example:\n  jangkau run --port 8080")]
    Run(Run),
    /// Serve the map and the data of a database.
    Serve(Listen),
    /// Bring the database's schema up to this program.
    Migrate,
    /// Import files into a layer.
    #[command(after_help = "Examples:\n  \
        jangkau import villages desa.zip\n  \
        jangkau import clinics puskesmas.csv --map tier=JENIS --crs EPSG:4326\n  \
        jangkau import roads jalan.shp --crs EPSG:32748 --map \"class='tertiary'\" --dry-run")]
    Import(Box<Import>),
    /// Show what a file holds: layers, columns, coordinate system, encoding.
    Inspect(Inspect),
    /// List the dataset versions, the active ones marked, or drop the records of old ones.
    #[command(after_help = "Examples:\n  jangkau versions\n  jangkau versions --drop-but 10")]
    Versions(Versions),
    /// Show how two versions of a layer differ, record by record.
    #[command(
        after_help = "Examples:\n  jangkau diff roads\n  jangkau diff villages --from 3 --to 8 --out beda.geojson"
    )]
    Diff(Diff),
    /// Go back to another version of a layer; nothing is lost.
    #[command(
        after_help = "Examples:\n  jangkau rollback roads\n  jangkau rollback roads --to 12\n  jangkau rollback roads --undo"
    )]
    Rollback(Rollback),
    /// Show which records of several sources are one, or say so.
    #[command(after_help = "Examples:\n  jangkau duplicates clinics\n  \
        jangkau duplicates clinics --same 'dinkes:P1501=osm:node/42'\n  jangkau duplicates clinics --different osm:node/42")]
    Duplicates(Duplicates),
    /// List the editions of lists of village codes, or load one.
    #[command(after_help = "Examples:\n  jangkau codes\n  \
        jangkau codes load desa.csv --edition 2025-06 --source 'Kepmendagri 300.2.2-2430/2025'")]
    Codes(Codes),
    /// Show who changed what and when, write it into a file, or check that nobody touched the trail.
    #[command(
        after_help = "Examples:\n  jangkau audit --since 2026-11-01 --subject villages\n  \
        jangkau audit --out jejak.csv\n  jangkau audit --verify"
    )]
    Audit(Audit),
    /// Accounts: who may do what.
    #[command(
        subcommand,
        after_help = "Examples:\n  jangkau account add siti --role editor\n  \
        jangkau account add dinkes --role dinas --layers clinics\n  jangkau account link siti"
    )]
    Account(AccountCommand),
    /// Tokens: what GIS programs and scripts send in the place of a password.
    #[command(
        subcommand,
        after_help = "Example:\n  jangkau token add qgis-siti --account siti --rights read --expires-days 180"
    )]
    Token(TokenCommand),
    /// Write a blank file of a layer to fill in.
    #[command(
        after_help = "Examples:\n  jangkau template clinics --out faskes.xlsx\n  jangkau template roads --out jalan.gpkg"
    )]
    Template(TemplateFile),
    /// Make the results that are missing for the active data.
    #[command(after_help = "Example:\n  jangkau compute --json")]
    Compute(Compute),
    /// Write what the pages show into files.
    #[command(after_help = "Example:\n  jangkau export access --out peringkat.xlsx")]
    Export(Export),
    /// Networks as files, to be read instead of building again; no database.
    Graph(Graph),
    /// For every origin of a file, its nearest facilities by road; no database.
    #[command(after_help = "Examples:\n  \
        jangkau access --roads jalan.gpkg --origins desa.csv --facilities puskesmas.csv --mode motorcycle --out hasil.csv\n  \
        jangkau access --roads jalan.shp --origins desa.shp --origin-id KODE --facilities faskes.geojson --mode foot \
        --k 3 --cutoff-min 60 --crs origins:EPSG:32748 --map class=REMARK --out hasil.geojson\n\n\
        Flags marked * hold for the roads; put another input's name and a colon before the value to mean that one.")]
    Access(Box<Access>),
    /// The cost of every pair of an origin and a facility of two files; no database.
    #[command(after_help = "Example:\n  \
        jangkau matrix --roads jalan.gpkg --origins desa.csv --facilities puskesmas.csv --mode car --out matriks.csv")]
    Matrix(Box<Matrix>),
    /// What is reached from one place within some minutes or metres; no database.
    #[command(after_help = "Example:\n  \
        jangkau isochrone --roads jalan.gpkg --from 106.82,-6.17 --mode motorcycle --cutoff-min 15,30 --out waktu.geojson")]
    Isochrone(Box<Isochrone>),
    /// The path between two places over the roads of a file; no database.
    #[command(after_help = "Example:\n  \
        jangkau route --roads jalan.gpkg --from 106.82,-6.17 --to 106.85,-6.2 --mode motorcycle --json")]
    Route(Box<Route>),
    /// Write the files of an invented district.
    #[command(after_help = "Examples:\n  \
        jangkau sample --out contoh\n  \
        jangkau sample --out contoh --inside batas-desa.geojson --seed 7")]
    Sample(Sample),
}

#[derive(Debug, Args)]
pub(super) struct Listen {
    /// Address to listen on: loopback only, since nothing is encrypted yet [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "port")]
    pub(super) listen: Option<String>,
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, value_name = "N")]
    pub(super) port: Option<u16>,
}

#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(flatten)]
    pub(super) listen: Listen,
    /// Leave an empty database empty.
    #[arg(long)]
    pub(super) no_sample: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Import {
    /// villages, roads, clinics, water-points, schools, markets, settlements, village-offices, barriers, crossings,
    /// population, poverty, declared-values, road-sections; osm for all that an OSM file holds; with --context any other
    /// name.
    #[arg(value_parser = layers_wanted)]
    pub(super) layer: LayersWanted,
    /// One file, or the parts of one shapefile.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Supplier of these data [default: the file's own `source` column, else `default`].
    #[arg(long, value_name = "NAME")]
    pub(super) source: Option<String>,
    /// Layer of a file that holds several.
    #[arg(long, value_name = "NAME")]
    pub(super) source_layer: Option<String>,
    /// Coordinate system of the file, where it does not say.
    #[arg(long, value_name = "EPSG:N")]
    pub(super) crs: Option<String>,
    /// Text encoding of the file, where it is not what the file says.
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,
    /// field=COLUMN, or "field='VALUE'" for one value of all; may be repeated.
    #[arg(long, value_name = "FIELD=COLUMN")]
    pub(super) map: Vec<String>,
    /// Only the features for which this holds, such as "type IN ('clinic','hospital')".
    #[arg(long = "where", value_name = "SQL")]
    pub(super) where_sql: Option<String>,
    /// Column with the name of a village that has no code.
    #[arg(long, value_name = "COLUMN")]
    pub(super) code_from: Option<String>,
    /// Whose codes the file has: those of BPS are turned into Kemendagri's by a list that has both.
    #[arg(long, value_name = "kemendagri|bps", default_value = "kemendagri", conflicts_with = "code_from", value_parser = code_scheme)]
    pub(super) codes: CodeScheme,
    /// Column that identifies a record.
    #[arg(long, value_name = "COLUMN")]
    pub(super) key: Option<String>,
    /// Columns that the layer does not know and that may be shown: names joined by commas, or `all`.
    #[arg(long, value_name = "A,B|all")]
    pub(super) release_columns: Option<String>,
    /// Start of the district's village codes, such as 15.03.
    #[arg(long, value_name = "CODE")]
    pub(super) district: Option<String>,
    /// Import the accepted records although others are refused.
    #[arg(long)]
    pub(super) exclude_rejected: bool,
    /// Agree to an import that removes more than 30 % of this layer.
    #[arg(long, value_name = "LAYER")]
    pub(super) confirm: Option<Layer>,
    /// Lift the limits on a file's inflated size.
    #[arg(long)]
    pub(super) trust_file: bool,
    /// Check and compare, change nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// What is replaced: the whole layer, or what this source gave before [default: layer].
    #[arg(long, value_name = "layer|source", conflicts_with_all = ["add", "update"], value_parser = replaced)]
    pub(super) replace: Option<Part>,
    /// Add records to what this source gave before; keys that it has already are refused.
    #[arg(long)]
    pub(super) add: bool,
    /// Change records of this source by their keys: what a row does not say stays; other keys are refused, or with
    /// --add are new records.
    #[arg(long)]
    pub(super) update: bool,
    /// Sources in the order in which they go, where several have one record.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(super) precedence: Vec<String>,
    /// TOML file that says where the data come from: producer, date, basis, licence, access, contact.
    #[arg(long, value_name = "FILE")]
    pub(super) provenance: Option<PathBuf>,
    /// Name under which the mapping of columns is kept and used again [default: the source].
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// File for the report: all of it as .json, its rows as .csv.
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// `GeoPackage` for the rows that are refused, each with the reason.
    #[arg(long, value_name = "FILE")]
    pub(super) rejected: Option<PathBuf>,
    /// Keep only what lies within the district or at most so many kilometres from it.
    #[arg(long, value_name = "KM", value_parser = kilometres)]
    pub(super) clip_km: Option<f64>,
    /// Import a layer of any other name, for context on the map.
    #[arg(long)]
    pub(super) context: bool,
}

/// What a file is imported into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LayersWanted {
    /// One layer.
    One(Layer),
    /// Every layer that an OSM file holds.
    Osm,
}

fn layers_wanted(text: &str) -> Result<LayersWanted, UnknownWord> {
    match text {
        "osm" => Ok(LayersWanted::Osm),
        layer => layer.parse().map(LayersWanted::One),
    }
}

impl Import {
    /// What of the layer is replaced.
    pub(super) fn part(&self) -> Part {
        match (self.add, self.update) {
            (true, true) => Part::AddOrUpdate,
            (true, false) => Part::Add,
            (false, true) => Part::Update,
            (false, false) => self.replace.unwrap_or_default(),
        }
    }
}

/// The villages that lists give for codes of BPS are filled in where the lists are.
fn code_scheme(text: &str) -> Result<CodeScheme, String> {
    match text {
        "kemendagri" => Ok(CodeScheme::Kemendagri),
        "bps" => Ok(CodeScheme::Bps(Arc::default())),
        _ => Err("write kemendagri or bps".to_owned()),
    }
}

fn replaced(text: &str) -> Result<Part, String> {
    match text {
        "layer" => Ok(Part::Layer),
        "source" => Ok(Part::Source),
        _ => Err("write layer or source".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(super) struct TemplateFile {
    /// The layer.
    pub(super) layer: Layer,
    /// File to write: .xlsx for points and tables, .gpkg for any layer.
    #[arg(long, value_name = "FILE")]
    pub(super) out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Versions {
    /// Drop the records of versions that are not active, not among the newest N of their layer, and not behind a result.
    #[arg(long, value_name = "N")]
    pub(super) drop_but: Option<u32>,
    /// Only name what would be dropped.
    #[arg(long, requires = "drop_but")]
    pub(super) dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The layer.
    pub(super) layer: Layer,
    /// The earlier version [default: the one before].
    #[arg(long, value_name = "VERSION")]
    pub(super) from: Option<i64>,
    /// The later version [default: the active one].
    #[arg(long, value_name = "VERSION")]
    pub(super) to: Option<i64>,
    /// File to write the records that differ to: .csv or .geojson.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Rollback {
    /// The layer.
    pub(super) layer: Layer,
    /// The version to go to [default: the one that was active before].
    #[arg(long, value_name = "VERSION", conflicts_with = "undo")]
    pub(super) to: Option<i64>,
    /// Take back the last rollback.
    #[arg(long)]
    pub(super) undo: bool,
}

#[derive(Debug, Args)]
pub(super) struct Duplicates {
    /// The layer.
    pub(super) layer: Layer,
    /// Two records that are one: the first stands for both; may be repeated.
    #[arg(long, value_name = "SOURCE:KEY=SOURCE:KEY")]
    pub(super) same: Vec<String>,
    /// A record that stands for itself again; may be repeated.
    #[arg(long, value_name = "SOURCE:KEY")]
    pub(super) different: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Codes {
    #[command(subcommand)]
    pub(super) command: Option<CodesCommand>,
}

#[derive(Debug, Subcommand)]
pub(super) enum CodesCommand {
    /// Load a list of village codes; it replaces the one of the same edition and source.
    Load(CodesLoad),
}

#[derive(Debug, Args)]
pub(super) struct CodesLoad {
    /// A table with the columns `code` and `name`, perhaps `kecamatan`, and `bps` with the codes of BPS.
    pub(super) file: PathBuf,
    /// When the list came out: year, month or day.
    #[arg(long, value_name = "YYYY[-MM[-DD]]")]
    pub(super) edition: String,
    /// The decree or the office that it is from.
    #[arg(long, value_name = "NAME")]
    pub(super) source: String,
}

#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Not before this day, in UTC.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(super) since: Option<String>,
    /// How the subject starts: a layer, an indicator such as clinic.motorcycle, `codes`.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    pub(super) subject: String,
    /// File to write all rows to: .csv to read, .json to check.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Check every row against the chain of hashes; exit code 1 names the first that is not as it was written.
    #[arg(long, conflicts_with_all = ["since", "subject", "out"])]
    pub(super) verify: bool,
}

/// A day that there is.
fn day(text: &str) -> Result<String, String> {
    let shape: Vec<usize> = text.split('-').map(str::len).collect();
    let numbers: Result<Vec<u32>, _> = text.split('-').map(str::parse).collect();
    let is_day = match numbers.as_deref() {
        Ok(&[year, month, day]) if shape == [4, 2, 2] => {
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let n_days = match month {
                4 | 6 | 9 | 11 => 30,
                2 => 28 + u32::from(is_leap),
                _ => 31,
            };
            1 <= year && (1..=12).contains(&month) && (1..=n_days).contains(&day)
        }
        _ => false,
    };
    if is_day {
        Ok(text.to_owned())
    } else {
        Err("write a day that there is as YYYY-MM-DD".to_owned())
    }
}

#[derive(Debug, Args)]
pub(super) struct Inspect {
    /// One file, or the parts of one shapefile.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Coordinate system to try.
    #[arg(long, value_name = "EPSG:N")]
    pub(super) crs: Option<String>,
    /// Text encoding to try.
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Compute {
    /// Join loose road ends at most this far apart, and compute everything anew so; 0 joins none.
    #[arg(long, value_name = "METRES", value_parser = metres)]
    pub(super) join_ends_m: Option<f64>,
}

/// How far around the district: finite, from 0 to 1,000 km.
fn kilometres(text: &str) -> Result<f64, String> {
    number_up_to(text, 1000.0, "kilometres")
}

/// A length that joins road ends: finite, from 0 to 100 m.
pub(super) fn metres(text: &str) -> Result<f64, String> {
    number_up_to(text, 100.0, "metres")
}

#[derive(Debug, Args)]
pub(super) struct Sample {
    /// Folder to write to; made if it is missing.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Number of villages.
    #[arg(long, default_value_t = 158, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) villages: u32,
    /// Another seed makes another district.
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub(super) seed: u64,
    /// Make roads, settlements and facilities inside the villages of this file; no villages are written.
    #[arg(long, value_name = "FILE", conflicts_with = "villages")]
    pub(super) inside: Option<PathBuf>,
}
