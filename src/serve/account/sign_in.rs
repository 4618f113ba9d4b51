//! The forms: signing in, using a link, another password, signing out.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form};
use serde::Deserialize;

use super::LINK_START;
use super::pages::private;
use super::texts::of_password;
use crate::app::{self, AccountError, AppError};
use crate::domain::{Language, Secret};
use crate::serve::error::{Problem, ProblemKind};
use crate::serve::guard::{COOKIE, PeerName, Session};
use crate::serve::negotiate::{language, prefers_html};
use crate::serve::query::Query;
use crate::serve::state::ServeState;

/// Seconds that a browser keeps the cookie: as long as a session can last.
const COOKIE_S: u32 = 7 * 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::serve) struct SignInForm {
    name: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::serve) struct LinkForm {
    password: String,
    again: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::serve) struct PasswordForm {
    old: String,
    password: String,
    again: String,
}

/// Signs in and leads to the map.
pub(in crate::serve) async fn sign_in(
    State(state): State<ServeState>,
    PeerName(peer): PeerName,
    uri: Uri,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    let language = language_of(&uri, &headers)?;
    let outcome = app::sign_in(&state.database, &form.name, &form.password, &peer).await;
    answer(&headers, language, "/sign-in", outcome.map(Some))
}

/// Sets the password of a link and signs in.
pub(in crate::serve) async fn use_link(
    State(state): State<ServeState>,
    Path(secret): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Form(form): Form<LinkForm>,
) -> Result<Response, Problem> {
    let language = language_of(&uri, &headers)?;
    let page = format!("{LINK_START}{secret}");
    if form.password != form.again {
        return not_the_same(&headers, language, &page);
    }
    let outcome = match Secret::parse(&secret) {
        Some(link) => app::use_link(&state.database, &link, &form.password).await,
        None => Err(AccountError::LinkInvalid.into()),
    };
    answer(&headers, language, &page, outcome.map(Some))
}

/// Sets another password.
pub(in crate::serve) async fn change_password(
    State(state): State<ServeState>,
    Extension(session): Extension<Session>,
    PeerName(peer): PeerName,
    uri: Uri,
    headers: HeaderMap,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let language = language_of(&uri, &headers)?;
    if form.password != form.again {
        return not_the_same(&headers, language, "/me");
    }
    let passwords = (form.old.as_str(), form.password.as_str());
    let Session { secret, account } = &session;
    let outcome = app::change_password(&state.database, account, passwords, secret, &peer).await;
    answer(&headers, language, "/me", outcome.map(|()| None))
}

/// Ends the session.
pub(in crate::serve) async fn sign_out(
    State(state): State<ServeState>,
    Extension(session): Extension<Session>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = language_of(&uri, &headers)?;
    state.database.end_session(&session.secret.hash()).await?;
    let mut response = see(&format!("/sign-in?lang={language}"));
    set_cookie(&mut response, "", 0);
    Ok(response)
}

fn language_of(uri: &Uri, headers: &HeaderMap) -> Result<Language, Problem> {
    let mut query = Query::of(uri, &["lang"])?;
    let language = query.word("lang").unwrap_or_else(|| language(headers));
    query.finish()?;
    Ok(language)
}

/// To the map, with a new session where there is one; or back to the page, which says why not.
fn answer(
    headers: &HeaderMap,
    language: Language,
    page: &str,
    outcome: Result<Option<Secret>, AppError>,
) -> Result<Response, Problem> {
    let error = match outcome {
        Ok(session) => {
            let mut response = see(&format!("/?lang={language}"));
            if let Some(session) = session {
                set_cookie(&mut response, &session.text(), COOKIE_S);
            }
            return Ok(response);
        }
        Err(error) => error,
    };
    let word = match &error {
        AppError::Account(AccountError::SignInRefused) => "refused",
        AppError::Account(AccountError::MustWait { .. }) => "wait",
        AppError::Account(AccountError::LinkInvalid) => "link",
        AppError::Account(AccountError::Password(error)) => of_password(*error),
        _ => return Err(error.into()),
    };
    if prefers_html(headers) {
        Ok(see(&format!("{page}?lang={language}&problem={word}")))
    } else {
        Err(error.into())
    }
}

fn not_the_same(headers: &HeaderMap, language: Language, page: &str) -> Result<Response, Problem> {
    if prefers_html(headers) {
        Ok(see(&format!("{page}?lang={language}&problem=again")))
    } else {
        let detail = "password and again are not the same";
        Err(Problem::new(ProblemKind::RequestInvalid, detail))
    }
}

/// Leads a browser to a page of ours.
fn see(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(address) => {
            private((StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response())
        }
        Err(cause) => Problem::internal(cause).into_response(),
    }
}

fn set_cookie(response: &mut Response, value: &str, max_age_s: u32) {
    let cookie =
        format!("{COOKIE}={value}; Path=/; Max-Age={max_age_s}; Secure; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}
