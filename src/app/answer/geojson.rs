//! An answer as a `FeatureCollection` of its villages, written while their areas arrive.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde::Serialize;

use super::{AnswerError, Class, GroupBy, IndicatorAnswer, Row, StateClass, Thousandths, Wanted};
use crate::domain::{Layer, Metric, Rule};
use crate::publish::write_geometry;
use crate::store::reads::{FeatureStream, Reads};

/// Large enough for few writes, small enough for the first bytes to leave at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// What stands before the features.
#[derive(Serialize)]
struct Opening<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    rule: &'a Rule,
    /// The unit of each feature's `value`, of `threshold` and of the classes' ends.
    value_unit: &'static str,
    threshold: Thousandths,
    classes: &'a [Class],
    states: &'a [StateClass],
}

struct Writer {
    areas: FeatureStream,
    rows: HashMap<String, Row>,
    n_written: usize,
    is_done: bool,
}

/// The villages of an answer with their areas, in the order of its rows; the answer's row is what each says.
///
/// The first part is made before it is returned, so that a failure can still be told.
///
/// # Errors
/// Rows that are no villages, or the database fails.
pub(super) async fn geojson(
    reads: Reads,
    answer: IndicatorAnswer,
    wanted: &Wanted,
) -> Result<BoxStream<'static, Result<Vec<u8>, AnswerError>>, AnswerError> {
    if wanted.by != GroupBy::Village {
        return Err(AnswerError::OnlyVillagesHaveAreas);
    }
    let mut first = opening(&answer)?;
    let codes: Vec<String> = answer.rows.iter().map(|row| row.code.clone()).collect();
    let villages = |input: &&_| is_of_villages(input);
    let Some(version) = answer.inputs.iter().find(villages) else {
        first.extend_from_slice(b"]}\n");
        return Ok(stream::once(async { Ok(first) }).boxed());
    };
    let mut writer = Writer {
        areas: reads.village_areas(version.version, &codes).await?,
        rows: codes.into_iter().zip(answer.rows).collect(),
        n_written: 0,
        is_done: false,
    };
    writer.fill(&mut first).await?;
    let rest = stream::try_unfold(writer, async |mut writer| {
        if writer.is_done {
            return Ok(None);
        }
        let mut chunk = Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 4);
        writer.fill(&mut chunk).await?;
        Ok(Some((chunk, writer)))
    });
    Ok(stream::once(async { Ok(first) }).chain(rest).boxed())
}

fn is_of_villages(input: &crate::store::reads::RunInputVersion) -> bool {
    input.layer == Layer::Villages
}

/// `{"type":"FeatureCollection",…,"features":[`
fn opening(answer: &IndicatorAnswer) -> Result<Vec<u8>, AnswerError> {
    let mut opening = json(&Opening {
        r#type: "FeatureCollection",
        notice: answer.notice,
        rule: &answer.rule,
        value_unit: match answer.rule.metric {
            Metric::Time => "s",
            Metric::Distance => "m",
        },
        threshold: answer.threshold,
        classes: &answer.classes,
        states: &answer.states,
    })?;
    opening.pop();
    opening.extend_from_slice(b",\"features\":[");
    Ok(opening)
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, AnswerError> {
    serde_json::to_vec(value).map_err(|cause| AnswerError::Unwritable(cause.to_string()))
}

impl Writer {
    /// Appends features until the chunk is full or all are written.
    async fn fill(&mut self, chunk: &mut Vec<u8>) -> Result<(), AnswerError> {
        while chunk.len() < CHUNK_BYTES && !self.is_done {
            let Some(area) = self.areas.try_next().await? else {
                chunk.extend_from_slice(b"]}\n");
                self.is_done = true;
                return Ok(());
            };
            let Some(row) = self.rows.remove(area.key()?) else {
                continue;
            };
            if self.n_written > 0 {
                chunk.push(b',');
            }
            chunk.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
            chunk.extend_from_slice(&json(&row.code)?);
            chunk.extend_from_slice(b",\"properties\":");
            chunk.extend_from_slice(&json(&row)?);
            chunk.extend_from_slice(b",\"geometry\":");
            write_geometry(chunk, area.wkb()?)
                .map_err(|cause| AnswerError::Unwritable(cause.to_string()))?;
            chunk.push(b'}');
            self.n_written += 1;
        }
        Ok(())
    }
}
