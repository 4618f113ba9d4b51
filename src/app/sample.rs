//! The sample district: made from arithmetic, written as files, imported like anybody's.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use geo_types::{Geometry, MultiPolygon};

use super::AppError;
use super::import::{ImportChoices, import};
use crate::domain::{ImportReport, Layer};
use crate::ingest::{FilesToRead, ImportRequest, ReaderCommand, read_features};
use crate::publish::write_sample;
use crate::store::Database;
use crate::synthetic::{SampleParameters, generate};

/// The file of each layer, in the order of importing.
const FILES: [(Layer, &str); 8] = [
    (Layer::Villages, "villages.zip"),
    (Layer::Roads, "roads.gpkg"),
    (Layer::Settlements, "settlements.csv"),
    (Layer::Clinics, "clinics.gpkg"),
    (Layer::Schools, "schools.csv"),
    (Layer::WaterPoints, "water-points.csv"),
    (Layer::Barriers, "barriers.geojson"),
    (Layer::Crossings, "crossings.geojson"),
];

/// Who imports the sample that the program makes itself.
const MADE_BY: &str = "sample";

/// Writes the files of a sample district to a folder, and names them.
///
/// # Errors
/// The folder cannot be written, or no district of this size can be made.
pub fn write_sample_files(
    parameters: &SampleParameters,
    folder: &Path,
) -> Result<Vec<PathBuf>, AppError> {
    let district = generate(parameters)?;
    Ok(write_sample(&district, folder)?)
}

/// The areas of a file, to make a sample inside.
///
/// # Errors
/// The file cannot be read, or holds no polygon.
pub fn areas_of(file: &Path, reader: &ReaderCommand) -> Result<Vec<MultiPolygon<f64>>, AppError> {
    let from = FilesToRead {
        files: vec![file.to_owned()],
        ..FilesToRead::default()
    };
    let mut areas = Vec::new();
    let read = read_features(
        &from,
        reader,
        &mut |_, feature| {
            match feature.geometry {
                Some(Geometry::Polygon(polygon)) => areas.push(MultiPolygon(vec![polygon])),
                Some(Geometry::MultiPolygon(polygons)) => areas.push(polygons),
                _ => {}
            }
            ControlFlow::Continue(())
        },
        &AtomicBool::new(false),
    )?;
    let boundary = |cause: String| AppError::Boundary {
        file: file.display().to_string(),
        cause,
    };
    if let Some(finding) = read
        .findings
        .iter()
        .find(|finding| finding.severity == crate::domain::Severity::Error)
    {
        return Err(boundary(format!("{}; {}", finding.cause, finding.mend)));
    }
    if areas.is_empty() {
        return Err(boundary("it has no polygons".to_owned()));
    }
    Ok(areas)
}

/// Whether a database is empty, or holds only a part of the sample, left by a program that was stopped.
///
/// # Errors
/// The database cannot be reached.
pub async fn wants_sample(database: &Database) -> Result<bool, AppError> {
    let versions = database.versions().await?;
    let is_ours = versions.iter().all(|entry| entry.made_by == MADE_BY);
    let n_active = versions.iter().filter(|entry| entry.is_active).count();
    Ok(is_ours && n_active < FILES.len())
}

/// Makes the sample district in a folder of its own and imports every file of it.
///
/// # Errors
/// As [`import`].
pub async fn import_sample(
    database: &Database,
    reader: &ReaderCommand,
    parameters: SampleParameters,
    stage: &(dyn Fn(&str) + Send + Sync),
    cancel: Arc<AtomicBool>,
) -> Result<Vec<ImportReport>, AppError> {
    let system = |doing: &'static str| move |cause: String| AppError::System { doing, cause };
    let folder = tempfile::tempdir()
        .map_err(|cause| system("make a folder for the sample")(cause.to_string()))?;
    stage("making the sample district");
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || write_sample_files(&parameters, &path))
        .await
        .map_err(|cause| system("make the sample")(cause.to_string()))??;
    let choices = ImportChoices {
        made_by: MADE_BY.to_owned(),
        ..ImportChoices::default()
    };
    let mut reports = Vec::new();
    for (layer, file) in FILES {
        stage(&format!("importing {layer}"));
        let request = ImportRequest::new(layer, vec![folder.path().join(file)]);
        let silent = Arc::new(|_| ());
        reports.push(
            import(
                database,
                reader,
                request,
                &choices,
                silent,
                Arc::clone(&cancel),
            )
            .await?,
        );
    }
    Ok(reports)
}
