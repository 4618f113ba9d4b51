//! A table of how origins and facilities are attached to roads.

use std::path::Path;

use serde_json::Value as Json;

use super::access::{Ready, places};
use super::inputs::Place;
use super::output::{metres, point, real, seconds, text};
use super::{Means, threads};
use crate::access::{RoadNear, SnapLook, snap_looks};
use crate::app::AppError;
use crate::domain::LonLat;
use crate::publish::{Column, Row, RowFile, RowForm, RowSchema, Shape, Value};

/// The last four are of emergencies only.
const COLUMNS: [Column; 12] = [
    text("kind"),
    text("id"),
    text("state"),
    text("road_id"),
    real("snap_m"),
    text("nearest_road_id"),
    real("nearest_m"),
    text("why"),
    real("carry_m"),
    real("carry_s"),
    text("last_point_lon"),
    text("last_point_lat"),
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
    let looks = snap_looks(
        ready.travels.journey(),
        &places(&ready.origins),
        &places(&ready.facilities),
        threads(),
        means.cancel,
    )?;
    let columns = &COLUMNS[..COLUMNS.len() - if ready.travels.is_rescue() { 0 } else { 4 }];
    let schema = RowSchema {
        name: "snaps",
        shape: Shape::Point,
        columns,
        metadata: &Json::Null,
    };
    let mut file = RowFile::begin(path, RowForm::Csv, &schema)?;
    let kinds = [("origin", &ready.origins), ("facility", &ready.facilities)];
    for ((kind, places), looks) in kinds.into_iter().zip(&looks) {
        for (place, look) in places.iter().zip(looks) {
            let mut row = row(kind, place, look);
            row.values.truncate(columns.len());
            file.write(&row)?;
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
    let carry = look.rescue.map(|trip| trip.carry);
    let last_point = look.rescue.and_then(|trip| trip.last_point);
    let degrees =
        |degrees: Option<f64>| Value::text(degrees.map(|degrees| format!("{degrees:.7}")));
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
            metres(carry.map(|carry| carry.length)),
            seconds(carry.map(|carry| carry.time)),
            degrees(last_point.map(LonLat::lon)),
            degrees(last_point.map(LonLat::lat)),
        ],
    }
}
