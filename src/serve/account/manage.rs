//! Accounts and tokens for programs, as JSON.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::pages::private;
use crate::app::{self, AccountError, AppError, NewAccount, NewToken, sign_in_link};
use crate::domain::{Grant, Layer, Right, Role, Visitor};
use crate::serve::error::{Problem, ProblemKind};
use crate::serve::query::Query;
use crate::serve::state::ServeState;

/// Days until a token expires, where nothing else is asked for, and at most.
const DEFAULT_EXPIRES_DAYS: u16 = 90;
const MAX_EXPIRES_DAYS: u16 = 366;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountBody {
    name: String,
    full_name: Option<String>,
    role: Role,
    #[serde(default)]
    layers: Vec<Layer>,
    area: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    name: String,
    rights: Vec<Right>,
    expires_days: Option<u16>,
}

/// All accounts.
pub(in crate::serve) async fn list(
    State(state): State<ServeState>,
    uri: Uri,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let accounts = state.database.accounts().await?;
    let body = json!({ "accounts": accounts });
    Ok(private(Json(body).into_response()))
}

/// Makes an account; the link that sets its password is told once.
pub(in crate::serve) async fn add(
    State(state): State<ServeState>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let body: AccountBody = read(&body)?;
    let grant = Grant::try_new(body.role, &body.layers, body.area.as_deref());
    let account = NewAccount {
        name: body.name.parse().map_err(AppError::from)?,
        full_name: body.full_name,
        grant: grant.map_err(|error| AppError::from(AccountError::from(error)))?,
    };
    let link = app::add_account(&state.database, &account, visitor.account.as_str()).await?;
    let body = json!({ "account": account.name, "link": sign_in_link(&link) });
    Ok(private((StatusCode::CREATED, Json(body)).into_response()))
}

/// One's own tokens; who manages accounts sees all.
pub(in crate::serve) async fn tokens(
    State(state): State<ServeState>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let tokens = state.database.tokens(own(&visitor)).await?;
    Ok(private(Json(json!({ "tokens": tokens })).into_response()))
}

/// Makes a token of one's own; it is told once.
pub(in crate::serve) async fn add_token(
    State(state): State<ServeState>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let body: TokenBody = read(&body)?;
    let expires_days = body.expires_days.unwrap_or(DEFAULT_EXPIRES_DAYS);
    if !(1..=MAX_EXPIRES_DAYS).contains(&expires_days) {
        let detail = format!("expires_days: from 1 to {MAX_EXPIRES_DAYS}");
        return Err(Problem::new(ProblemKind::RequestInvalid, detail));
    }
    let account = visitor.account.as_str();
    let token = NewToken {
        name: body.name.parse().map_err(AppError::from)?,
        account: account.to_owned(),
        rights: body.rights,
        expires_days,
    };
    let secret = app::add_token(&state.database, &token, account).await?;
    let body = json!({ "name": token.name, "token": secret.text() });
    Ok(private((StatusCode::CREATED, Json(body)).into_response()))
}

/// Revokes a token of one's own; who manages accounts revokes any.
pub(in crate::serve) async fn revoke_token(
    State(state): State<ServeState>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let account = visitor.account.as_str();
    app::revoke_token(&state.database, &name, own(&visitor), account).await?;
    Ok(private(StatusCode::NO_CONTENT.into_response()))
}

/// The account that somebody's tokens are of; none where all are theirs to manage.
fn own(visitor: &Visitor) -> Option<&str> {
    (!visitor.has(Right::ManageAccounts)).then(|| visitor.account.as_str())
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|cause| {
        Problem::new(
            ProblemKind::RequestInvalid,
            format!("the body cannot be understood: {cause}"),
        )
    })
}
