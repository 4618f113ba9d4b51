//! A look into a file: of each layer what it is, where it lies, and its first records.

use gdal::vector::{Layer, LayerAccess, geometry_type_to_name};

use crate::domain::Finding;
use crate::ingest::protocol::{Cell, LayerFound, ReadJob};

use super::Stop;
use super::crs::{self, Crs};
use super::dataset::{Choice, Datasets};
use super::features::Reading;

/// Records that are shown of a layer.
const MAX_ROWS: usize = 20;

/// Characters that are shown of a value.
const MAX_CHARACTERS: usize = 200;

/// Every layer with what can be seen of it, and what keeps it from being read as it is.
///
/// # Errors
/// The request cannot be followed.
pub(super) fn inspected(
    job: &ReadJob,
    datasets: &Datasets,
) -> Result<(Vec<LayerFound>, Vec<Finding>), Stop> {
    let mut layers = Vec::new();
    let mut findings = Vec::new();
    for choice in datasets.choices() {
        let mut found = choice.found.clone();
        found.encoding = Some(choice.opened.encoding.label());
        found.readings = choice.opened.encoding.readings();
        match look_into(job, &choice, &mut found) {
            Ok(()) => {}
            Err(Stop::Refused(finding)) => findings.push(Finding {
                value: Some(found.name.clone()),
                ..finding
            }),
            Err(stop) => return Err(stop),
        }
        layers.push(found);
    }
    Ok((layers, findings))
}

fn look_into(job: &ReadJob, choice: &Choice<'_>, found: &mut LayerFound) -> Result<(), Stop> {
    let mut layer = choice.layer()?;
    found.geometry = geometry(&layer);
    // Without a system the records can be shown all the same.
    let crs = crs::of_layer(&layer, choice.opened.basis, job.crs.as_deref());
    let (crs, refusal) = match crs {
        Ok(crs) => {
            found.crs = Some(crs.label.clone());
            found.extent = extent(&layer, &crs);
            (crs, None)
        }
        Err(Stop::Refused(finding)) => (crs::none_needed(), Some(finding)),
        Err(stop) => return Err(stop),
    };
    let is_table = choice.opened.table.is_some();
    let mut reading = Reading::new(job, choice, &layer, crs)?;
    if is_table && reading.has_places() {
        found.geometry = Some("Point".to_owned());
    }
    for feature in layer.features() {
        let fid = feature.fid().and_then(|fid| i64::try_from(fid).ok());
        let read = reading.one(fid.unwrap_or_default(), &feature);
        if let (Ok(read), true) = (read, found.first_rows.len() < MAX_ROWS) {
            found
                .first_rows
                .push(read.values.iter().map(shown).collect());
        }
        // Where a table lies is known only once all of it was looked at.
        if !is_table && MAX_ROWS <= found.first_rows.len() {
            break;
        }
    }
    if is_table {
        found.extent = reading.box_4326();
    }
    refusal.map_or(Ok(()), |finding| Err(finding.into()))
}

/// The kind of geometry, as GDAL calls it; none of a table.
fn geometry(layer: &Layer<'_>) -> Option<String> {
    let field = layer.defn().geom_fields().next()?;
    Some(geometry_type_to_name(field.field_type()))
}

/// West, south, east and north in degrees; none of an empty layer.
fn extent(layer: &Layer<'_>, crs: &Crs) -> Option<[f64; 4]> {
    let extent = layer.get_extent().ok()?;
    let raw = [extent.MinX, extent.MinY, extent.MaxX, extent.MaxY];
    match &crs.to_wgs_84 {
        None => Some(raw),
        Some(to_wgs_84) => crs::moved_by(raw, to_wgs_84),
    }
}

fn shown(cell: &Cell) -> Option<String> {
    let text = cell.to_text()?;
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(MAX_CHARACTERS).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    Some(shown)
}
