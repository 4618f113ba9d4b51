//! The layers of a file or archive: found, opened through GDAL with one named driver, and chosen from.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use gdal::errors::GdalError;
use gdal::vector::LayerAccess;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;
use crate::ingest::protocol::{LayerFound, ReadJob};
use crate::ingest::sidecar::SIDECAR_SUFFIXES;

use super::encoding::{self, Encoding};
use super::format::{Format, recognise, suffix};
use super::{Stop, archive, complaints, json, osm, shapefile, unreadable, xml};

/// A dataset that is open.
pub(super) struct Opened {
    pub(super) dataset: Dataset,
    pub(super) format: Format,
    pub(super) encoding: Encoding,
    /// Whether the file itself states a coordinate system, where its format has one by standard.
    pub(super) states_crs: bool,
    /// What was found while preparing it.
    pub(super) notes: Vec<Finding>,
    layers: Vec<OpenedLayer>,
}

struct OpenedLayer {
    index: usize,
    found: LayerFound,
    has_geometry: bool,
}

/// All datasets of a file, and what was left out of an archive.
pub(super) struct Datasets {
    pub(super) opened: Vec<Opened>,
    pub(super) notes: Vec<Finding>,
}

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
        in_archive(&unpacked.files)?
    } else {
        vec![(job.file.clone(), format)]
    };
    let mut opened = Vec::new();
    for (position, (path, format)) in parts.iter().enumerate() {
        let folder = job.work_folder.join(format!("part-{position}"));
        opened.push(open(path, *format, &folder, asked.as_deref())?);
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

/// The datasets among the files of an archive. Text is a table only where it is called one.
fn in_archive(files: &[PathBuf]) -> Result<Vec<(PathBuf, Format)>, Finding> {
    if files
        .iter()
        .any(|path| path.ends_with("[Content_Types].xml"))
    {
        return Err(unsupported(
            "the file is a spreadsheet",
            "save the sheet as CSV UTF-8 with headings in the first line",
        ));
    }
    let mut parts = Vec::new();
    let mut first_refusal = None;
    for path in files {
        let suffix = suffix(path);
        if SIDECAR_SUFFIXES.contains(&suffix.as_str()) {
            continue;
        }
        match recognise(path) {
            Ok(Format::Zip) => {
                first_refusal.get_or_insert_with(|| {
                    unsupported("the archive holds another archive", "unpack it once")
                });
            }
            Ok(format) if osm::is_osm(format) => {
                first_refusal.get_or_insert_with(|| {
                    unsupported(
                        "the archive holds an OSM file",
                        "unpack it, and name the file itself",
                    )
                });
            }
            Ok(Format::Csv) if !Format::Csv.suffixes().contains(&suffix.as_str()) => {}
            Ok(format) => parts.push((path.clone(), format)),
            Err(refusal) => {
                first_refusal.get_or_insert(refusal);
            }
        }
    }
    // A note beside a shapefile may look like a table.
    if parts.iter().any(|(_, format)| *format != Format::Csv) {
        parts.retain(|(path, format)| *format != Format::Csv || suffix(path) != "txt");
    }
    if parts.is_empty() {
        return Err(first_refusal.unwrap_or_else(|| {
            unsupported(
                "the archive holds nothing that is read",
                "pack a shapefile, GeoPackage, GeoJSON, KML or CSV",
            )
        }));
    }
    Ok(parts)
}

fn unsupported(cause: &str, mend: &str) -> Finding {
    error(FindingCode::FileUnsupported, cause, mend)
}

fn open(path: &Path, format: Format, folder: &Path, asked: Option<&str>) -> Result<Opened, Stop> {
    let mut notes = Vec::new();
    let mut encoding = Encoding::of_standard();
    let mut states_crs = false;
    let mut options: Vec<String> = Vec::new();
    let staged = match format {
        Format::Shapefile => {
            let staged = shapefile::stage(path, folder, asked)?;
            options.push(format!("ENCODING={}", staged.encoding.name));
            notes = staged.notes;
            encoding = staged.encoding;
            staged.shp
        }
        Format::Csv => {
            options.push("HEADERS=YES".to_owned());
            encoding = encoding::of_csv(path, asked).map_err(|cause| unreadable(&cause))?;
            stage_csv(path, folder, &encoding)?
        }
        Format::GeoJson => {
            states_crs = json::check(path)?;
            // Values as they are: no guess that a text is a date.
            options.push("DATE_AS_STRING=YES".to_owned());
            stage_alone(path, format, folder)?
        }
        Format::Kml => {
            xml::check(path)?;
            stage_alone(path, format, folder)?
        }
        Format::GeoPackage => {
            options.push("LIST_ALL_TABLES=NO".to_owned());
            stage_alone(path, format, folder)?
        }
        Format::OsmPbf | Format::OsmXml | Format::OsmGzip => {
            return Err(unsupported("an OSM file in an archive", "unpack it first").into());
        }
        Format::Zip => return Err(unsupported("an archive in an archive", "unpack it once").into()),
    };
    notes.extend(encoding.doubt.clone());
    complaints::take();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let dataset = Dataset::open_ex(
        &staged,
        DatasetOptions {
            open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
            allowed_drivers: Some(format.drivers()),
            open_options: Some(&options),
            sibling_files: None,
        },
    )
    .map_err(|cause| not_opened(format, &cause))?;
    let layers = layers(&dataset, format);
    Ok(Opened {
        dataset,
        format,
        encoding,
        states_crs,
        notes,
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

/// A link in a folder where nothing else lies, so that GDAL finds no sidecar that nobody checked.
fn stage_alone(path: &Path, format: Format, folder: &Path) -> Result<PathBuf, Finding> {
    let stem = path.file_stem().unwrap_or_default();
    let target = folder.join(stem).with_added_extension(format.suffixes()[0]);
    fs::create_dir_all(folder)
        .and_then(|()| symlink(fs::canonicalize(path)?, &target))
        .map_err(|cause| unreadable(&cause))?;
    Ok(target)
}

fn stage_csv(path: &Path, folder: &Path, encoding: &Encoding) -> Result<PathBuf, Stop> {
    if encoding.name == "UTF-8" {
        return Ok(stage_alone(path, Format::Csv, folder)?);
    }
    let stem = path.file_stem().unwrap_or_default();
    let target = folder.join(stem).with_added_extension("csv");
    fs::create_dir_all(folder)
        .and_then(|()| encoding::write_as_utf8(path, &encoding.name, &target))
        .map_err(|cause| match cause.kind() {
            std::io::ErrorKind::Unsupported => Stop::Misuse(format!(
                "a CSV is not read in {}: save it as UTF-8",
                encoding.name
            )),
            _ => unreadable(&cause).into(),
        })?;
    Ok(target)
}

fn layers(dataset: &Dataset, format: Format) -> Vec<OpenedLayer> {
    let mut layers = Vec::new();
    for (index, layer) in dataset.layers().enumerate() {
        layers.push(OpenedLayer {
            index,
            found: LayerFound {
                name: layer.name(),
                format: format.name().to_owned(),
                n_features: layer.try_feature_count(),
                fields: layer.defn().fields().map(|field| field.name()).collect(),
            },
            has_geometry: layer.defn().geom_fields().next().is_some(),
        });
    }
    // A GeoPackage of QGIS holds tables of styles beside the layers.
    if layers.iter().any(|layer| layer.has_geometry) {
        layers.retain(|layer| layer.has_geometry);
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

    fn numbered(&self) -> impl Iterator<Item = (usize, &OpenedLayer)> {
        self.opened
            .iter()
            .enumerate()
            .flat_map(|(position, opened)| opened.layers.iter().map(move |layer| (position, layer)))
    }

    /// Positions of the dataset and, in it, of the layer that is asked for by name or number, or the only one.
    ///
    /// # Errors
    /// None is there, none is called so, or nobody said which of several.
    pub(super) fn choose(
        &self,
        asked: Option<&str>,
        wanted: Option<&str>,
    ) -> Result<(usize, usize), Finding> {
        let all: Vec<(usize, &OpenedLayer)> = self.numbered().collect();
        let names = || {
            all.iter()
                .map(|(_, layer)| layer.found.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let chosen = match (asked, all.as_slice()) {
            (_, []) => {
                return Err(error(
                    FindingCode::LayerEmpty,
                    "the file holds no layer",
                    "choose another file",
                ));
            }
            (None, [only]) => Some(only),
            // A template has a guide beside the layer that it is for.
            (None, _) => all
                .iter()
                .find(|(_, layer)| Some(layer.found.name.as_str()) == wanted),
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
        Ok((*position, layer.index))
    }
}
