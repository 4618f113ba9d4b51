//! For operators: is the process alive, and can it answer.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;

use super::error::{Problem, ProblemKind};
use super::query::Query;
use super::state::ServeState;
use crate::store::StoreError;

#[derive(Serialize)]
pub(super) struct Health {
    status: &'static str,
}

/// Alive, whatever the database does.
pub(super) async fn live(uri: Uri) -> Result<Json<Health>, Problem> {
    Query::of(&uri, &[])?.finish()?;
    Ok(Json(Health { status: "live" }))
}

/// Able to answer: the database can be reached and its schema is the one that this program knows.
pub(super) async fn ready(
    State(state): State<ServeState>,
    uri: Uri,
) -> Result<Json<Health>, Problem> {
    Query::of(&uri, &[])?.finish()?;
    state.database.ping().await.map_err(unready)?;
    state.database.check_schema().await.map_err(unready)?;
    Ok(Json(Health { status: "ready" }))
}

fn unready(error: StoreError) -> Problem {
    let kind = match &error {
        StoreError::SchemaBehind { .. }
        | StoreError::SchemaAhead { .. }
        | StoreError::SchemaDiverged { .. } => ProblemKind::SchemaUnknown,
        _ => ProblemKind::DatabaseUnavailable,
    };
    Problem::new(kind, "see the server's log under this request_id").because(error)
}
