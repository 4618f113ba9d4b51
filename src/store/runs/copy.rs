//! Results into their tables by binary COPY.

use std::pin::pin;

use bytes::Bytes;
use serde_json::{Value as Json, json};
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{CopyInSink, Transaction};

use super::results::{Found, NewRun, PointResult, VillageResult};
use crate::domain::{RunId, VillageCode};
use crate::store::error::StoreError;
use crate::store::geometry::{geometry_type, to_point};

type Value<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// The types of [`Found`], as [`found`] writes it.
const FOUND: [Type; 3] = [Type::TEXT, Type::INT8, Type::INT8];

/// Writes the villages of a run.
pub(super) async fn villages(tx: &Transaction<'_>, run: &NewRun) -> Result<(), StoreError> {
    let id = &run.rule.run_id;
    let mut types = vec![Type::TEXT; 4];
    types.extend(FOUND);
    types.extend(FOUND);
    types.push(Type::TEXT);
    types.extend(vec![Type::INT8; 6]);
    types.push(Type::JSONB);
    let rows = run.villages.iter().map(|village| village_row(id, village));
    copy(
        tx,
        id,
        include_str!("../sql/copy_run_village.sql"),
        &types,
        rows,
    )
    .await
}

/// Writes the demand points of a run.
pub(super) async fn points(tx: &Transaction<'_>, run: &NewRun) -> Result<(), StoreError> {
    let id = &run.rule.run_id;
    let mut types = vec![Type::TEXT, Type::TEXT, Type::TEXT, Type::INT8, Type::TEXT];
    types.extend(FOUND);
    types.extend(FOUND);
    types.push(Type::TEXT_ARRAY);
    types.push(geometry_type());
    let rows = run.points.iter().map(|point| point_row(id, point));
    copy(
        tx,
        id,
        include_str!("../sql/copy_run_point.sql"),
        &types,
        rows,
    )
    .await
}

fn village_row<'a>(run: &'a RunId, result: &'a VillageResult) -> Vec<Value<'a>> {
    let mut row: Vec<Value<'a>> = vec![
        Box::new(&run.0),
        Box::new(result.village.as_str()),
        Box::new(result.state.as_str()),
        Box::new(&result.median_point),
    ];
    row.extend(found(result.nearest.as_ref()));
    row.extend(found(result.second.as_ref()));
    row.push(Box::new(result.population_source.as_str()));
    row.push(Box::new(result.population.map(|people| people.0)));
    let states = result.people.map(|people| {
        [
            people.within,
            people.beyond_cutoff,
            people.no_path,
            people.unsnapped,
            people.no_input,
        ]
    });
    for state in 0..5 {
        row.push(Box::new(states.map(|states| states[state].0)));
    }
    row.push(Box::new(standards(result)));
    row
}

fn point_row<'a>(run: &'a RunId, result: &'a PointResult) -> Vec<Value<'a>> {
    let mut row: Vec<Value<'a>> = vec![
        Box::new(&run.0),
        Box::new(&result.point),
        Box::new(result.village.as_ref().map(VillageCode::as_str)),
        Box::new(result.people.map(|people| people.0)),
        Box::new(result.state.as_str()),
    ];
    row.extend(found(result.nearest.as_ref()));
    row.extend(found(result.second.as_ref()));
    row.push(Box::new(&result.standards));
    row.push(Box::new(to_point(result.place)));
    row
}

/// Facility, time in ms, length in mm; or three nulls.
fn found(found: Option<&Found>) -> [Value<'_>; 3] {
    [
        Box::new(found.map(|found| &found.facility)),
        Box::new(found.map(|found| i64::from(found.time.0))),
        Box::new(found.map(|found| i64::from(found.length.0))),
    ]
}

fn standards(result: &VillageResult) -> Json {
    let standards = result.standards.iter().map(|standard| {
        json!({
            "id": standard.id,
            "threshold": standard.threshold,
            "unit": standard.unit.as_str(),
            "people_within": standard.people_within.map(|people| people.0),
        })
    });
    standards.collect()
}

async fn copy<'a>(
    tx: &Transaction<'_>,
    run: &RunId,
    statement: &str,
    types: &[Type],
    rows: impl Iterator<Item = Vec<Value<'a>>>,
) -> Result<(), StoreError> {
    let failed = |source: tokio_postgres::Error| match source.as_db_error() {
        Some(said) if *said.code() == SqlState::CHECK_VIOLATION => StoreError::NotConserved {
            run: run.clone(),
            detail: said.detail().unwrap_or(said.message()).to_owned(),
        },
        Some(_) | None => StoreError::sql("copy the results of a run")(source),
    };
    let sink: CopyInSink<Bytes> = tx.copy_in(statement).await.map_err(failed)?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, types));
    for row in rows {
        writer.as_mut().write_raw(row).await.map_err(failed)?;
    }
    writer.finish().await.map_err(failed)?;
    Ok(())
}
