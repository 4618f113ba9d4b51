//! The layers of a file or archive: found, opened through GDAL with one named driver, and chosen from.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use gdal::errors::GdalError;
use gdal::vector::LayerAccess;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use crate::domain::{Finding, FindingCode, Layer, RecordKind, Severity};
use crate::ingest::fields::key_field;
use crate::ingest::findings::error;
use crate::ingest::protocol::{LayerFound, ReadJob};
use crate::ingest::sidecar::{GDB_CATALOG, SIDECAR_SUFFIXES};
use crate::ingest::synonyms::SYNONYMS;

use super::crs::Basis;
use super::encoding::{self, Encoding};
use super::format::{Format, recognise, suffix};
use super::table::place::{Headings, PlaceColumns};
use super::table::sheet::Workbook;
use super::table::stage::StagedTable;
use super::{Stop, archive, complaints, json, osm, shapefile, table, unreadable, xml};

/// Layers of a GPX; the points of tracks and routes are in the lines already.
const GPX_LAYERS: [&str; 3] = ["waypoints", "routes", "tracks"];

/// A dataset that is open.
pub(super) struct Opened {
    pub(super) dataset: Dataset,
    pub(super) format: Format,
    pub(super) encoding: Encoding,
    /// Who says which coordinate system it is in.
    pub(super) basis: Basis,
    /// What was found while preparing it.
    pub(super) notes: Vec<Finding>,
    /// Its headings and coordinates, where it is a table.
    pub(super) table: Option<StagedTable>,
    layers: Vec<OpenedLayer>,
}

struct OpenedLayer {
    index: usize,
    found: LayerFound,
    has_geometry: bool,
    /// Whether it has what a layer is read for: places, or of a table by village codes.
    is_fit: bool,
}

/// All datasets of a file, and what was left out of an archive.
pub(super) struct Datasets {
    pub(super) opened: Vec<Opened>,
    pub(super) notes: Vec<Finding>,
}

/// The layer to read.
pub(super) struct Choice<'a> {
    pub(super) opened: &'a Opened,
    /// Its position in the dataset.
    pub(super) index: usize,
    pub(super) found: &'a LayerFound,
    /// Why it was taken, where nobody asked for it.
    pub(super) note: Option<Finding>,
}

impl Choice<'_> {
    /// The layer itself.
    ///
    /// # Errors
    /// GDAL cannot open it.
    pub(super) fn layer(&self) -> Result<gdal::vector::Layer<'_>, Finding> {
        self.opened.dataset.layer(self.index).map_err(|cause| {
            error(
                FindingCode::FileUnreadable,
                format!("the layer cannot be opened: {cause}"),
                "export it again in QGIS as GeoPackage",
            )
        })
    }
}

/// Files to open, each with its format.
type Parts = Vec<(PathBuf, Format)>;

/// Opens every dataset of the job's file: of an archive all it holds, else the file itself.
///
/// # Errors
/// The file is refused.
pub(super) fn open_all(job: &ReadJob) -> Result<Datasets, Stop> {
    let asked = job.encoding.as_deref().map(asked_encoding).transpose()?;
    let format = recognise(&job.file)?;
    let mut notes = Vec::new();
    let parts = if format == Format::Zip {
        let unpacked = archive::unpack(&job.file, &job.work_folder.join("unpacked"), &job.limits)?;
        notes.extend(unpacked.notes);
        let (parts, left_out) = in_archive(&unpacked.files)?;
        notes.extend(left_out);
        parts
    } else {
        vec![(job.file.clone(), format)]
    };
    let code_layer = job.wanted_layer.unwrap_or(Layer::Villages);
    let code_field = match code_layer.kind() {
        RecordKind::RoadSection => "road",
        _ if job.may_lack_places => key_field(code_layer),
        _ => "code",
    };
    let code_columns = SYNONYMS.columns(code_layer, code_field);
    let mut opened = Vec::new();
    for (position, (path, format)) in parts.iter().enumerate() {
        let folder = job.work_folder.join(format!("part-{position}"));
        fs::create_dir_all(&folder).map_err(|cause| unreadable(&cause))?;
        let opening = Opening {
            code_columns: &code_columns,
            path,
            format: *format,
            folder: &folder,
            asked: asked.as_deref(),
            job,
        };
        opened.extend(opening.open()?);
    }
    Ok(Datasets { opened, notes })
}

fn asked_encoding(label: &str) -> Result<String, Stop> {
    encoding::known(label).ok_or_else(|| {
        Stop::Misuse(format!(
            "unknown encoding `{label}`: write UTF-8, windows-1252, ISO-8859-1, UTF-16 or the like"
        ))
    })
}

/// The datasets among the files of an archive, and what is none. Text is a table only where it is called one.
fn in_archive(files: &[PathBuf]) -> Result<(Parts, Vec<Finding>), Finding> {
    let databases: Vec<&Path> = files
        .iter()
        .filter(|path| path.file_name().is_some_and(|name| name == GDB_CATALOG))
        .filter_map(|path| path.parent())
        .collect();
    let mut parts: Parts = databases
        .iter()
        .map(|folder| ((*folder).to_owned(), Format::FileGdb))
        .collect();
    let mut refusals = Vec::new();
    for path in files {
        let suffix = suffix(path);
        let is_part = databases.iter().any(|folder| path.starts_with(folder))
            || SIDECAR_SUFFIXES.contains(&suffix.as_str());
        if is_part {
            continue;
        }
        match recognise(path) {
            Ok(Format::Zip) => refusals.push((
                path,
                unsupported("the archive holds another archive", "unpack it once"),
            )),
            Ok(format) if osm::is_osm(format) => refusals.push((
                path,
                unsupported(
                    "the archive holds an OSM file",
                    "unpack it, and name the file itself",
                ),
            )),
            Ok(Format::GeoTiff) => refusals.push((
                path,
                unsupported(
                    "the archive holds a raster",
                    "unpack it, and name the file itself",
                ),
            )),
            Ok(Format::Csv) if !Format::Csv.suffixes().contains(&suffix.as_str()) => {}
            Ok(format) => parts.push((path.clone(), format)),
            Err(refusal) => refusals.push((path, refusal)),
        }
    }
    // A note beside a shapefile may look like a table.
    if parts.iter().any(|(_, format)| *format != Format::Csv) {
        parts.retain(|(path, format)| *format != Format::Csv || suffix(path) != "txt");
    }
    if !parts.is_empty() {
        let notes = refusals.into_iter().map(|(path, refusal)| Finding {
            severity: Severity::Info,
            value: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned()),
            cause: format!("left out of the archive: {}", refusal.cause),
            ..refusal
        });
        return Ok((parts, notes.collect()));
    }
    let first = refusals.into_iter().next().map(|(_, refusal)| refusal);
    Err(first.unwrap_or_else(|| {
        unsupported(
            "the archive holds nothing that is read",
            "pack a shapefile, GeoPackage, GeoJSON, KML, GPX, spreadsheet or CSV",
        )
    }))
}

fn unsupported(cause: &str, mend: &str) -> Finding {
    error(FindingCode::FileUnsupported, cause, mend)
}

/// A file that is to be opened.
struct Opening<'a> {
    /// Headings that mean what a table is by: the code of a village, the number of a road, an id.
    code_columns: &'a [String],
    path: &'a Path,
    format: Format,
    /// A folder of its own, in which nothing lies yet.
    folder: &'a Path,
    /// The encoding that was asked for.
    asked: Option<&'a str>,
    job: &'a ReadJob,
}

/// A file as GDAL may see it.
struct Staged {
    path: PathBuf,
    encoding: Encoding,
    basis: Basis,
    options: Vec<String>,
    notes: Vec<Finding>,
    table: Option<StagedTable>,
    /// What the layer is called where its file is called something else.
    name: Option<String>,
}

impl Staged {
    fn new(path: PathBuf, basis: Basis) -> Self {
        Self {
            path,
            encoding: Encoding::of_standard(),
            basis,
            options: Vec::new(),
            notes: Vec::new(),
            table: None,
            name: None,
        }
    }
}

impl Opening<'_> {
    fn open(&self) -> Result<Vec<Opened>, Stop> {
        let staged = match self.format {
            Format::Csv => vec![self.stage_csv()?],
            Format::Xlsx | Format::Xls | Format::Ods => self.stage_sheets()?,
            _ => vec![self.stage()?],
        };
        staged
            .into_iter()
            .map(|staged| opened(staged, self.format, &self.headings()))
            .collect()
    }

    fn stage(&self) -> Result<Staged, Stop> {
        let alone = |basis| Ok(Staged::new(self.link()?, basis));
        let of_file = Basis::File("the file says so");
        match self.format {
            Format::Shapefile => {
                let shapefile = shapefile::stage(self.path, self.folder, self.asked)?;
                Ok(Staged {
                    options: vec![format!("ENCODING={}", shapefile.encoding.name)],
                    encoding: shapefile.encoding,
                    notes: shapefile.notes,
                    ..Staged::new(shapefile.shp, Basis::File("the .prj says so"))
                })
            }
            Format::GeoJson => {
                let basis = if json::check(self.path)? {
                    Basis::File("its `crs` member says so")
                } else {
                    Basis::Standard("the standard of GeoJSON")
                };
                Ok(Staged {
                    // Values as they are: no guess that a text is a date.
                    options: vec!["DATE_AS_STRING=YES".to_owned()],
                    ..alone(basis)?
                })
            }
            Format::GeoJsonSeq => {
                json::check_sequence(self.path)?;
                let basis = Basis::Standard("the standard of GeoJSON");
                let target = self.target();
                let is_copied = json::copy_without_mark(self.path, &target)
                    .map_err(|cause| unreadable(&cause))?;
                if is_copied {
                    return Ok(Staged::new(target, basis));
                }
                alone(basis)
            }
            Format::Kml => {
                let n_links = xml::check(self.path)?;
                let links = (0 < n_links).then(|| {
                    Finding::new(
                        Severity::Warning,
                        FindingCode::FileUnsupported,
                        format!("{n_links} links to other files (NetworkLink) were not followed"),
                        "open the file in Google Earth and save the places themselves",
                    )
                });
                Ok(Staged {
                    notes: links.into_iter().collect(),
                    ..alone(Basis::Standard("the standard of KML"))?
                })
            }
            Format::Gpx => {
                xml::check(self.path)?;
                alone(Basis::Standard("the standard of GPX"))
            }
            Format::GeoPackage => Ok(Staged {
                options: vec!["LIST_ALL_TABLES=NO".to_owned()],
                ..alone(of_file)?
            }),
            Format::FileGdb => Ok(Staged::new(self.link_folder()?, of_file)),
            Format::FlatGeobuf => alone(of_file),
            Format::Dxf => alone(Basis::File("the drawing says so")),
            Format::Csv | Format::Xlsx | Format::Xls | Format::Ods => {
                Err(unsupported("a table", "").into())
            }
            Format::GeoTiff => Err(unsupported("a raster in an archive", "unpack it first").into()),
            Format::OsmPbf | Format::OsmXml | Format::OsmGzip => {
                Err(unsupported("an OSM file in an archive", "unpack it first").into())
            }
            Format::Zip => Err(unsupported("an archive in an archive", "unpack it once").into()),
        }
    }

    /// A link in a folder where nothing else lies, so that GDAL finds no sidecar that nobody checked.
    fn link(&self) -> Result<PathBuf, Finding> {
        let target = self.target();
        link(self.path, &target)?;
        Ok(target)
    }

    /// What the file is called for GDAL.
    fn target(&self) -> PathBuf {
        let stem = self.path.file_stem().unwrap_or_default();
        let suffix = self.format.suffixes()[0];
        self.folder.join(stem).with_added_extension(suffix)
    }

    /// As [`Self::link`], of each file of a folder.
    fn link_folder(&self) -> Result<PathBuf, Finding> {
        let io = |cause: std::io::Error| unreadable(&cause);
        let target = self.target();
        fs::create_dir_all(&target).map_err(io)?;
        for entry in fs::read_dir(self.path).map_err(io)? {
            let file = entry.map_err(io)?.path();
            if let Some(name) = file.file_name().filter(|_| file.is_file()) {
                link(&file, &target.join(name))?;
            }
        }
        Ok(target)
    }

    fn headings(&self) -> Headings<'_> {
        Headings {
            code: self.code_columns,
            is_by_code: self.job.may_lack_places
                || self
                    .job
                    .wanted_layer
                    .is_some_and(|layer| !layer.has_geometry()),
            longitude: &self.job.longitude_columns,
            latitude: &self.job.latitude_columns,
        }
    }

    fn stage_csv(&self) -> Result<Staged, Stop> {
        let encoding =
            encoding::of_csv(self.path, self.asked).map_err(|cause| unreadable(&cause))?;
        let decoder = encoding::decoder(&encoding.name).ok_or_else(|| {
            Stop::Misuse(format!(
                "a CSV is not read in {}: save it as UTF-8",
                encoding.name
            ))
        })?;
        let target = self.target();
        let table = table::of_csv(self.path, decoder, &target, self.headings())?;
        let table =
            table.ok_or_else(|| unsupported("the table is empty", "choose another file"))?;
        Ok(Staged {
            encoding,
            ..of_table(target, table)
        })
    }

    fn stage_sheets(&self) -> Result<Vec<Staged>, Stop> {
        let mut workbook = Workbook::open(self.path, self.format, &self.job.limits)?;
        let (names, hidden) = workbook.sheets();
        let mut staged = Vec::new();
        for (position, name) in names.into_iter().enumerate() {
            let target = self.folder.join(format!("sheet-{position}.csv"));
            let table = table::of_sheet(&mut workbook, &name, &target, self.headings())?;
            if let Some(table) = table {
                staged.push(Staged {
                    name: Some(name),
                    ..of_table(target, table)
                });
            }
        }
        match staged.first_mut() {
            Some(first) => first.notes.extend(hidden),
            None => {
                return Err(error(
                    FindingCode::LayerEmpty,
                    "the spreadsheet has no sheet with anything in it",
                    "choose another file",
                )
                .into());
            }
        }
        Ok(staged)
    }
}

fn of_table(path: PathBuf, mut table: StagedTable) -> Staged {
    let basis = match table.place {
        Some(PlaceColumns::Wkt(_)) => Basis::File("the table says so"),
        _ => Basis::Standard("columns of longitude and latitude, and no --crs"),
    };
    Staged {
        options: vec!["HEADERS=YES".to_owned(), "SEPARATOR=COMMA".to_owned()],
        notes: std::mem::take(&mut table.notes),
        table: Some(table),
        ..Staged::new(path, basis)
    }
}

/// Lets a file be seen under another path.
///
/// # Errors
/// It is not there.
pub(super) fn link(original: &Path, link: &Path) -> Result<(), Finding> {
    fs::canonicalize(original)
        .and_then(|original| symlink(original, link))
        .map_err(|cause| unreadable(&cause))
}

fn opened(staged: Staged, format: Format, headings: &Headings<'_>) -> Result<Opened, Stop> {
    let mut notes = staged.notes;
    notes.extend(staged.encoding.doubt.clone());
    complaints::take();
    let options: Vec<&str> = staged.options.iter().map(String::as_str).collect();
    let dataset = Dataset::open_ex(
        &staged.path,
        DatasetOptions {
            open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
            allowed_drivers: Some(format.drivers()),
            open_options: Some(&options),
            sibling_files: None,
        },
    )
    .map_err(|cause| not_opened(format, &cause))?;
    let mut layers = layers(&dataset, format);
    if let (Some(table), Some(layer)) = (&staged.table, layers.first_mut()) {
        layer.found.fields.clone_from(&table.names);
        layer.found.n_features = Some(table.n_records);
        layer.is_fit = headings.fits(&table.names);
        if let Some(name) = staged.name {
            layer.found.name = name;
        }
    }
    Ok(Opened {
        dataset,
        format,
        encoding: staged.encoding,
        basis: staged.basis,
        notes,
        table: staged.table,
        layers,
    })
}

fn not_opened(format: Format, cause: &GdalError) -> Finding {
    let said = complaints::take_failure().unwrap_or_else(|| cause.to_string());
    error(
        FindingCode::FileUnreadable,
        format!("the {} cannot be opened: {said}", format.name()),
        "open it in QGIS and export it as GeoPackage",
    )
}

fn layers(dataset: &Dataset, format: Format) -> Vec<OpenedLayer> {
    let mut layers = Vec::new();
    for (index, layer) in dataset.layers().enumerate() {
        layers.push(OpenedLayer {
            index,
            found: LayerFound::new(
                layer.name(),
                format.name(),
                layer.try_feature_count(),
                layer.defn().fields().map(|field| field.name()).collect(),
            ),
            has_geometry: layer.defn().geom_fields().next().is_some(),
            is_fit: layer.defn().geom_fields().next().is_some(),
        });
    }
    if format == Format::Gpx {
        return of_gpx(dataset, layers);
    }
    // A GeoPackage of QGIS holds tables of styles beside the layers.
    if layers.iter().any(|layer| layer.has_geometry) {
        layers.retain(|layer| layer.has_geometry);
    }
    layers
}

/// The layers of a GPX that hold something, else the first.
fn of_gpx(dataset: &Dataset, mut layers: Vec<OpenedLayer>) -> Vec<OpenedLayer> {
    layers.retain(|layer| GPX_LAYERS.contains(&layer.found.name.as_str()));
    for layer in &mut layers {
        let counted = dataset
            .layer(layer.index)
            .map(|layer| layer.feature_count());
        layer.found.n_features = counted.ok();
    }
    if layers.iter().any(|layer| layer.found.n_features != Some(0)) {
        layers.retain(|layer| layer.found.n_features != Some(0));
    } else {
        layers.truncate(1);
    }
    layers
}

impl Datasets {
    /// All layers, in order.
    pub(super) fn layers(&self) -> Vec<LayerFound> {
        self.numbered()
            .map(|(_, layer)| layer.found.clone())
            .collect()
    }

    /// Each of them, as it would be read.
    pub(super) fn choices(&self) -> impl Iterator<Item = Choice<'_>> {
        self.numbered().map(|(position, layer)| Choice {
            opened: &self.opened[position],
            index: layer.index,
            found: &layer.found,
            note: None,
        })
    }

    fn numbered(&self) -> impl Iterator<Item = (usize, &OpenedLayer)> {
        self.opened
            .iter()
            .enumerate()
            .flat_map(|(position, opened)| opened.layers.iter().map(move |layer| (position, layer)))
    }

    /// The layer that is asked for by name or number, or the only one, or the only one with coordinates.
    ///
    /// # Errors
    /// None is there, none is called so, or nobody said which of several.
    pub(super) fn choose(
        &self,
        asked: Option<&str>,
        wanted: Option<&str>,
    ) -> Result<Choice<'_>, Finding> {
        let all: Vec<(usize, &OpenedLayer)> = self.numbered().collect();
        let names = || {
            all.iter()
                .map(|(_, layer)| layer.found.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut note = None;
        let chosen = match (asked, all.as_slice()) {
            (_, []) => {
                return Err(error(
                    FindingCode::LayerEmpty,
                    "the file holds no layer",
                    "choose another file",
                ));
            }
            (None, [only]) => Some(only),
            (None, _) => {
                // A template has a guide beside the layer that it is for.
                let meant = all
                    .iter()
                    .find(|(_, layer)| Some(layer.found.name.as_str()) == wanted);
                let only = only_fit(&all).filter(|_| meant.is_none());
                note = only.map(|(_, layer)| {
                    Finding::new(
                        Severity::Info,
                        FindingCode::FieldMissing,
                        format!(
                            "of {} layers only {} has coordinates or codes; it was read",
                            all.len(),
                            layer.found.name
                        ),
                        "name another one with --source-layer",
                    )
                });
                meant.or(only)
            }
            (Some(asked), _) => all
                .iter()
                .find(|(_, layer)| layer.found.name.eq_ignore_ascii_case(asked))
                .or_else(|| all.get(asked.parse::<usize>().ok()?.checked_sub(1)?)),
        };
        let (position, layer) = chosen.ok_or_else(|| Finding {
            field: Some("source-layer".to_owned()),
            value: asked.map(str::to_owned),
            ..error(
                FindingCode::FieldMissing,
                match asked {
                    Some(_) => format!("no layer is called so; the file holds: {}", names()),
                    None => format!("the file holds {} layers: {}", all.len(), names()),
                },
                "name one of them with --source-layer",
            )
        })?;
        Ok(Choice {
            opened: &self.opened[*position],
            index: layer.index,
            found: &layer.found,
            note,
        })
    }
}

/// The one layer that has what is read, where others are beside it.
fn only_fit<'a, 'b>(all: &'a [(usize, &'b OpenedLayer)]) -> Option<&'a (usize, &'b OpenedLayer)> {
    let mut fit = all.iter().filter(|(_, layer)| layer.is_fit);
    let only = fit.next();
    only.filter(|_| fit.next().is_none())
}
