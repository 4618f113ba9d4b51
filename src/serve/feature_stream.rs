//! A `FeatureCollection` written while its rows arrive: memory does not grow with the number of features.

use axum::body::{Body, Bytes};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use super::error::Problem;
use super::site::Link;
use crate::domain::Rule;
use crate::publish::write_geometry;
use crate::store::reads::{FeatureRow, FeatureStream};

/// Large enough for few writes, small enough for the first bytes to leave at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// What stands beside the features.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Preamble {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notice: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<Rule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number_matched: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Closing {
    number_returned: usize,
    links: Vec<Link>,
}

/// The links of a page, given the key of its last feature where more follow.
pub(super) type LinksOfPage = Box<dyn Fn(Option<&str>) -> Vec<Link> + Send>;

/// A page being written.
struct PageWriter {
    rows: FeatureStream,
    links: LinksOfPage,
    /// Features wanted; the statement was asked for one more, to know whether more follow.
    limit: usize,
    n_written: usize,
    last_key: String,
    is_done: bool,
}

/// The body of a page; its first chunk is made before it is returned, so that a failure can still be told.
pub(super) async fn body(
    rows: FeatureStream,
    preamble: &Preamble,
    limit: usize,
    links: LinksOfPage,
) -> Result<Body, Problem> {
    let mut writer = PageWriter {
        rows,
        links,
        limit,
        n_written: 0,
        last_key: String::new(),
        is_done: false,
    };
    let mut first = opening(preamble)?;
    writer.fill(&mut first).await?;
    let first = Bytes::from(first);
    if writer.is_done {
        return Ok(Body::from(first));
    }
    let rest = stream::try_unfold(writer, async |mut writer| {
        if writer.is_done {
            return Ok(None);
        }
        let mut chunk = Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 4);
        writer.fill(&mut chunk).await?;
        Ok(Some((Bytes::from(chunk), writer)))
    });
    // The answer has begun: nothing is left to tell the client with but a broken connection.
    let rest = rest.map_err(|problem: Problem| {
        let cause = problem.cause().unwrap_or_default().to_owned();
        tracing::error!(cause, "an answer broke off");
        std::io::Error::other(cause)
    });
    let first = stream::once(async { Ok(first) });
    Ok(Body::from_stream(first.chain(rest)))
}

/// `{"type":"FeatureCollection",…,"features":[`
fn opening(preamble: &Preamble) -> Result<Vec<u8>, Problem> {
    let members = serde_json::to_string(preamble).map_err(Problem::internal)?;
    let mut opening = Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 4);
    opening.extend_from_slice(b"{\"type\":\"FeatureCollection\",");
    if members != "{}" {
        opening.extend_from_slice(&members.as_bytes()[1..members.len() - 1]);
        opening.push(b',');
    }
    opening.extend_from_slice(b"\"features\":[");
    Ok(opening)
}

impl PageWriter {
    /// Appends features until the chunk is full or the page ends.
    async fn fill(&mut self, chunk: &mut Vec<u8>) -> Result<(), Problem> {
        while chunk.len() < CHUNK_BYTES && !self.is_done {
            match self.rows.try_next().await? {
                Some(row) if self.n_written < self.limit => {
                    if self.n_written > 0 {
                        chunk.push(b',');
                    }
                    write_feature(chunk, &row)?;
                    self.n_written += 1;
                    row.key()?.clone_into(&mut self.last_key);
                }
                Some(_) => self.close(chunk, true)?,
                None => self.close(chunk, false)?,
            }
        }
        Ok(())
    }

    fn close(&mut self, chunk: &mut Vec<u8>, more_follow: bool) -> Result<(), Problem> {
        self.is_done = true;
        let closing = Closing {
            number_returned: self.n_written,
            links: (self.links)(more_follow.then_some(&self.last_key)),
        };
        let members = serde_json::to_vec(&closing).map_err(Problem::internal)?;
        chunk.extend_from_slice(b"],");
        chunk.extend_from_slice(&members[1..]);
        Ok(())
    }
}

/// Appends one feature: `{"type":"Feature","id":…,"properties":{…},"geometry":{…}}`.
pub(super) fn write_feature(out: &mut Vec<u8>, row: &FeatureRow) -> Result<(), Problem> {
    out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
    serde_json::to_writer(&mut *out, row.key()?).map_err(Problem::internal)?;
    out.extend_from_slice(b",\"properties\":");
    write_properties(out, row.properties()?, row.released()?);
    out.extend_from_slice(b",\"geometry\":");
    write_geometry(out, row.wkb()?)?;
    out.push(b'}');
    Ok(())
}

/// Two JSON objects as one: the typed properties, then the released ones.
fn write_properties(out: &mut Vec<u8>, typed: &str, released: Option<&str>) {
    let typed = typed.trim_end();
    match released.and_then(|released| released.trim().strip_prefix('{')) {
        None | Some("}") => out.extend_from_slice(typed.as_bytes()),
        Some(rest) => {
            out.extend_from_slice(typed.strip_suffix('}').unwrap_or(typed).as_bytes());
            out.push(b',');
            out.extend_from_slice(rest.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(typed: &str, released: Option<&str>) -> String {
        let mut out = Vec::new();
        write_properties(&mut out, typed, released);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn released_columns_follow_the_typed_ones_in_one_object() {
        let typed = r#"{"id" : "a"}"#;
        assert_eq!(properties(typed, None), typed);
        assert_eq!(properties(typed, Some("{}")), typed);
        assert_eq!(
            properties(typed, Some(r#"{"owner": "x}"}"#)),
            r#"{"id" : "a","owner": "x}"}"#
        );
    }
}
