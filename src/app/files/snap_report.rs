//! A table of how origins and facilities are attached to roads.

use std::path::Path;

use serde_json::Value as Json;

use super::access::{Ready, places};
use super::inputs::Place;
use super::output::{metres, point, real, text};
use super::{Means, threads};
use crate::access::{NearestOptions, RoadNear, SnapLook, snap_looks};
use crate::app::AppError;
use crate::publish::{Column, Row, RowFile, RowForm, RowSchema, Shape, Value};

const COLUMNS: [Column; 8] = [
    text("kind"),
    text("id"),
    text("state"),
    text("road_id"),
    real("snap_m"),
    text("nearest_road_id"),
    real("nearest_m"),
    text("why"),
];

/// Writes a row for each origin, then for each facility.
///
/// # Errors
/// The file cannot be written, or somebody stopped.
pub(super) fn write_snap_report(
    ready: &Ready,
    path: &Path,
    means: Means<'_>,
) -> Result<(), AppError> {
    means.stage("looking how places are attached");
    let options = NearestOptions {
        cutoff: None,
        threads: threads(),
    };
    let looks = snap_looks(
        &ready.travel,
        &places(&ready.origins),
        &places(&ready.facilities),
        options,
        means.cancel,
    )?;
    let schema = RowSchema {
        name: "snaps",
        shape: Shape::Point,
        columns: &COLUMNS,
        metadata: &Json::Null,
    };
    let mut file = RowFile::begin(path, RowForm::Csv, &schema)?;
    let kinds = [("origin", &ready.origins), ("facility", &ready.facilities)];
    for ((kind, places), looks) in kinds.into_iter().zip(&looks) {
        for (place, look) in places.iter().zip(looks) {
            file.write(&row(kind, place, look))?;
        }
    }
    means.go_on()?;
    Ok(file.finish()?)
}

fn row(kind: &str, place: &Place, look: &SnapLook) -> Row {
    let id = |road: &Option<RoadNear>| Value::text(road.as_ref().map(|road| road.road_id.clone()));
    let distance = |road: &Option<RoadNear>| metres(road.as_ref().map(|road| road.distance));
    // A place without a trip has its state as the reason, unless the road itself has one.
    let why = look.why.map_or(look.state.as_str(), |why| why.as_str());
    Row {
        geometry: point(place.at),
        values: vec![
            Value::Text(kind.to_owned()),
            Value::Text(place.id.clone()),
            Value::Text(look.state.to_string()),
            id(&look.used),
            distance(&look.used),
            id(&look.nearest),
            distance(&look.nearest),
            Value::text(look.nearest.as_ref().map(|_| why)),
        ],
    }
}
