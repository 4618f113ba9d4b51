//! Around every request: its id, its log line, its limits, the problem it may end in, security headers.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::cors::{Any as AnyOrigin, CorsLayer};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestId, MakeRequestUuid};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use super::account::LINK_START;
use super::caching::VariesBy;
use super::error::{Problem, ProblemKind};
use super::state::ServeState;
use super::tiles::{DROPPED, TILE};
use crate::domain::SECRET_MARK;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Data may be shown by pages of any origin; they bring nothing of ours that runs.
const DATA_CSP: &str = "default-src 'none'; frame-ancestors 'none'";

/// What most answers depend on.
const VARIES_BY: &str = "Accept, Accept-Encoding, Accept-Language";

/// A day, for browsers to remember that reads are allowed from anywhere.
const PREFLIGHT_AGE: Duration = Duration::from_hours(24);

/// The router with everything around it; read from the last line upwards, as a request passes.
pub(super) fn surround(router: Router, state: &ServeState) -> Router {
    let limits = state.limits;
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(
            ProblemKind::TIME_LIMIT_STATUS,
            limits.request_time,
        ))
        .layer(RequestBodyLimitLayer::new(limits.body_bytes))
        .layer(from_fn_with_state(state.clone(), limit))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Precise(5))
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new(TILE))),
        )
        .layer(reads_from_anywhere())
        .layer(header_unless_set(header::CONTENT_SECURITY_POLICY, DATA_CSP))
        .layer(header_unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header_unless_set(header::REFERRER_POLICY, "same-origin"))
        .layer(SetResponseHeaderLayer::overriding(
            header::VARY,
            |response: &Response| {
                let varies_by = response.extensions().get::<VariesBy>();
                Some(HeaderValue::from_static(
                    varies_by.map_or(VARIES_BY, |VariesBy(names)| names),
                ))
            },
        ))
        .layer(from_fn(observe))
}

fn header_unless_set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

fn reads_from_anywhere() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AnyOrigin)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([
            header::ACCEPT,
            header::ACCEPT_LANGUAGE,
            header::IF_NONE_MATCH,
        ])
        .expose_headers([header::ETAG, header::RETRY_AFTER, REQUEST_ID, DROPPED])
        .max_age(PREFLIGHT_AGE)
        .vary([])
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let message = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::internal(format!("a handler panicked: {message}")).into_response()
}

/// Turns away what is too long, cannot be text, or comes while too much is under way.
async fn limit(State(state): State<ServeState>, request: Request, next: Next) -> Response {
    let uri = request.uri().to_string();
    if state.limits.uri_bytes < uri.len() {
        let detail = format!("at most {} bytes", state.limits.uri_bytes);
        return Problem::new(ProblemKind::UriTooLong, detail).into_response();
    }
    if uri.contains("%00") {
        return Problem::new(ProblemKind::RequestInvalid, "the address holds a NUL")
            .into_response();
    }
    if has_secret(request.uri()) {
        let detail =
            "a token belongs into the header Authorization; this one is known now: revoke it";
        return Problem::new(ProblemKind::RequestInvalid, detail).into_response();
    }
    let Ok(_permit) = state.requests.try_acquire() else {
        return Problem::new(ProblemKind::Busy, "try again in a few seconds").into_response();
    };
    next.run(request).await
}

/// Whether an address holds a secret, other than that of a link in its place.
fn has_secret(uri: &Uri) -> bool {
    let holds = |text: &str| redacted(text) != text;
    let is_link = uri.path().starts_with(LINK_START);
    uri.query().is_some_and(holds) || (!is_link && holds(uri.path()))
}

/// A text without the secrets in it: what follows their mark, and any run of as many hexadecimal digits.
fn redacted(text: &str) -> String {
    /// Fewer than a secret has, more than the id of a run.
    const MANY: usize = 48;
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let n_digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        let is_marked = kept.ends_with(SECRET_MARK) && 0 < n_digits;
        if is_marked || MANY <= n_digits {
            kept.push('…');
        } else {
            kept.push_str(&rest[..n_digits]);
        }
        rest = &rest[n_digits..];
        let n_others = rest
            .bytes()
            .take_while(|byte| !byte.is_ascii_hexdigit())
            .count();
        kept.push_str(&rest[..n_others]);
        rest = &rest[n_others..];
    }
    kept
}

/// Gives a request its id, renders the problem it may end in, and logs it once.
async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = MakeRequestUuid
        .make_request_id(&request)
        .map_or(HeaderValue::from_static("none"), |id| {
            id.into_header_value()
        });
    let id_text = id.to_str().unwrap_or("none").to_owned();
    let method = request.method().clone();
    let path = redacted(request.uri().path());
    let uri = redacted(&request.uri().to_string());

    let mut response = next.run(request).await;
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let problem = response.extensions_mut().remove().unwrap_or_else(|| {
            Problem::new(ProblemKind::of_status(status), format!("{method} {path}"))
        });
        response = replace_body(response, problem.render(&id_text), &method);
        if let Some(cause) = problem.cause() {
            tracing::error!(request_id = id_text, %method, uri, cause, "request failed");
        }
    }
    tracing::info!(
        request_id = id_text,
        %method,
        uri,
        status = response.status().as_u16(),
        elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request answered"
    );
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The problem's status, headers and body, with those headers of the bare answer that it does not have.
fn replace_body(bare: Response, rendered: Response, method: &Method) -> Response {
    let (bare, _) = bare.into_parts();
    let (mut parts, body) = rendered.into_parts();
    for (name, value) in &bare.headers {
        if name != header::CONTENT_LENGTH && !parts.headers.contains_key(name) {
            parts.headers.insert(name, value.clone());
        }
    }
    if method == Method::HEAD {
        return Response::from_parts(parts, axum::body::Body::empty());
    }
    Response::from_parts(parts, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_an_address_is_seen_and_not_written_down_row_46() {
        let secret = "jgk_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let bare = &secret[4..];
        for text in [
            format!("/access?token={secret}"),
            format!("/access?jgk%5F{bare}"),
            format!("/villages/{secret}"),
            format!("/access?x={}", bare.to_uppercase()),
        ] {
            let uri: Uri = text.parse().unwrap();
            assert!(has_secret(&uri), "{text}");
            let log = redacted(&text);
            assert!(!log.to_lowercase().contains("0123456789"), "{log}");
        }
        let link: Uri = format!("{LINK_START}{secret}").parse().unwrap();
        assert!(!has_secret(&link));
        assert_eq!(redacted(link.path()), format!("{LINK_START}jgk_…"));
        let tile = "/tiles/access/0123456789abcdef0123456789abcdef/8/201/129";
        assert_eq!(redacted(tile), tile);
    }
}
