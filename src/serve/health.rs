//! For operators: is the process alive, and can it answer.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;

use super::error::{Problem, ProblemKind};
use super::query::Query;
use super::state::ServeState;

#[derive(Serialize)]
pub(super) struct Health {
    status: &'static str,
}

/// Alive, whatever the database does.
pub(super) async fn live(uri: Uri) -> Result<Json<Health>, Problem> {
    Query::of(&uri, &[])?.finish()?;
    Ok(Json(Health { status: "live" }))
}

/// Able to answer: the database can be reached and has the tables that are read.
pub(super) async fn ready(State(state): State<ServeState>, uri: Uri) -> Result<Json<Health>, Problem> {
    Query::of(&uri, &[])?.finish()?;
    if state.reads.get().await?.has_tables().await? {
        Ok(Json(Health { status: "ready" }))
    } else {
        Err(Problem::new(
            ProblemKind::SchemaUnknown,
            "run `jangkau migrate`",
        ))
    }
}
