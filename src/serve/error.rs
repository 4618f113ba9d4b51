//! Problems: the one table from what went wrong to a status code, and the body that says so (RFC 9457).

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::route::RouteError;
use crate::app::answer::AnswerError;
use crate::app::picture::MapPictureError;
use crate::app::{AccountError, AppError};
use crate::publish::GeometryError;
use crate::store::StoreError;
use crate::store::reads::ReadError;

/// Seconds after which a client that was turned away may come back.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// What went wrong, as far as a client can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProblemKind {
    QueryInvalid,
    RequestInvalid,
    PathUnknown,
    CollectionUnknown,
    FeatureUnknown,
    EditionUnknown,
    TileUnknown,
    StyleUnknown,
    VillageUnknown,
    RunMissing,
    SignInNeeded,
    SignInRefused,
    TooManyAttempts,
    Forbidden,
    NameTaken,
    AccountUnknown,
    LinkInvalid,
    MethodNotAllowed,
    BodyTooLarge,
    UriTooLong,
    Busy,
    TooSlow,
    DatabaseUnavailable,
    SchemaUnknown,
    Internal,
}

impl ProblemKind {
    /// Status, stable code and title.
    fn describe(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::QueryInvalid => (
                S::BAD_REQUEST,
                "query.invalid",
                "Query parameters that cannot be used",
            ),
            Self::RequestInvalid => (
                S::BAD_REQUEST,
                "request.invalid",
                "A request that cannot be understood",
            ),
            Self::PathUnknown => (S::NOT_FOUND, "path.unknown", "No such address"),
            Self::CollectionUnknown => (S::NOT_FOUND, "collection.unknown", "No such collection"),
            Self::FeatureUnknown => (S::NOT_FOUND, "feature.unknown", "No such feature"),
            Self::EditionUnknown => (S::NOT_FOUND, "edition.unknown", "No such edition"),
            Self::TileUnknown => (S::NOT_FOUND, "tile.unknown", "No such tile"),
            Self::StyleUnknown => (S::NOT_FOUND, "style.unknown", "No such style"),
            Self::VillageUnknown => (S::NOT_FOUND, "village.unknown", "No such village"),
            Self::RunMissing => (S::NOT_FOUND, "run.missing", "Not computed"),
            Self::SignInNeeded => (S::UNAUTHORIZED, "sign_in.needed", "Sign in first"),
            Self::SignInRefused => (
                S::UNAUTHORIZED,
                "sign_in.refused",
                "Name or password are not right",
            ),
            Self::TooManyAttempts => (
                S::TOO_MANY_REQUESTS,
                "sign_in.wait",
                "Too many attempts failed",
            ),
            Self::Forbidden => (S::FORBIDDEN, "forbidden", "Not allowed"),
            Self::NameTaken => (S::CONFLICT, "name.taken", "The name is taken"),
            Self::AccountUnknown => (S::NOT_FOUND, "account.unknown", "No such account or token"),
            Self::LinkInvalid => (S::NOT_FOUND, "link.invalid", "The link works no longer"),
            Self::MethodNotAllowed => (
                S::METHOD_NOT_ALLOWED,
                "method.not_allowed",
                "Method not allowed",
            ),
            Self::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, "body.too_large", "Body too large"),
            Self::UriTooLong => (S::URI_TOO_LONG, "uri.too_long", "Address too long"),
            Self::Busy => (S::SERVICE_UNAVAILABLE, "busy", "Too many requests at once"),
            Self::TooSlow => (
                S::SERVICE_UNAVAILABLE,
                "too_slow",
                "The answer took too long",
            ),
            Self::DatabaseUnavailable => (
                S::SERVICE_UNAVAILABLE,
                "database.unavailable",
                "The database cannot be reached",
            ),
            Self::SchemaUnknown => (
                S::SERVICE_UNAVAILABLE,
                "schema.unknown",
                "The database has not the expected tables",
            ),
            Self::Internal => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "Something failed inside",
            ),
        }
    }

    /// The kind of an answer that some layer gave as a bare status.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::PathUnknown,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::SERVICE_UNAVAILABLE => Self::TooSlow,
            _ if status.is_client_error() => Self::RequestInvalid,
            _ => Self::Internal,
        }
    }

    /// The status that the time limit answers with; rendered as [`Self::TooSlow`].
    pub(super) const TIME_LIMIT_STATUS: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
}

/// An answer that is a problem: what the client is told, and what only the log is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    kind: ProblemKind,
    detail: Cow<'static, str>,
    errors: Vec<ParameterError>,
    cause: Option<String>,
    /// Seconds after which the client may come back, where that is known.
    wait_s: Option<u64>,
}

/// What is wrong with one query parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ParameterError {
    pub(super) parameter: String,
    pub(super) detail: String,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ParameterError],
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            cause: None,
            wait_s: None,
        }
    }

    /// Every parameter that cannot be used, in one answer.
    pub(super) fn of_query(errors: Vec<ParameterError>) -> Self {
        let details: Vec<String> = errors
            .iter()
            .map(|error| format!("{}: {}", error.parameter, error.detail))
            .collect();
        Self {
            errors,
            ..Self::new(ProblemKind::QueryInvalid, details.join("; "))
        }
    }

    /// A failure whose cause is for the log only.
    pub(super) fn internal(cause: impl ToString) -> Self {
        let detail = "the server's log says more under this request_id";
        Self::new(ProblemKind::Internal, detail).because(cause)
    }

    /// The same problem with a cause, which only the log is told.
    #[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
    pub(super) fn because(self, cause: impl ToString) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..self
        }
    }

    /// What only the log is told.
    pub(super) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The whole answer; `request_id` joins it to the log.
    pub(super) fn render(&self, request_id: &str) -> Response {
        let (status, code, title) = self.kind.describe();
        let body = Body {
            r#type: format!("urn:jangkau:problem:{code}"),
            title,
            status: status.as_u16(),
            detail: &self.detail,
            code,
            request_id,
            errors: &self.errors,
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        if let Some(wait_s) = self.wait_s {
            headers.insert(header::RETRY_AFTER, wait_s.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

impl IntoResponse for Problem {
    /// The bare status with the problem beside it: the outermost layer knows the request's id and renders it.
    fn into_response(self) -> Response {
        let mut response = self.kind.describe().0.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let (kind, detail) = match &error {
            ReadError::Unreachable(_) => (
                ProblemKind::DatabaseUnavailable,
                "try again; nothing is lost",
            ),
            ReadError::Busy => (ProblemKind::Busy, "try again in a few seconds"),
            ReadError::TooSlow { .. } => (
                ProblemKind::TooSlow,
                "ask for less: a smaller bbox or limit",
            ),
            ReadError::Statement { .. } | ReadError::Stored { .. } => {
                return Self::internal(error);
            }
        };
        Self::new(kind, detail).because(error)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let (kind, detail) = match &error {
            StoreError::Connect(_) => (
                ProblemKind::DatabaseUnavailable,
                "try again; nothing is lost",
            ),
            StoreError::Pool(_) => (ProblemKind::Busy, "try again in a few seconds"),
            _ => return Self::internal(error),
        };
        Self::new(kind, detail).because(error)
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Account(error) => error.into(),
            AppError::Store(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let kind = match &error {
            AccountError::NoSuchAccount(_) | AccountError::NoSuchToken(_) => {
                ProblemKind::AccountUnknown
            }
            AccountError::AccountExists(_) | AccountError::TokenExists(_) => ProblemKind::NameTaken,
            AccountError::LinkInvalid => ProblemKind::LinkInvalid,
            AccountError::SignInRefused => ProblemKind::SignInRefused,
            AccountError::MustWait { .. } => ProblemKind::TooManyAttempts,
            _ => ProblemKind::RequestInvalid,
        };
        let wait_s = match error {
            AccountError::MustWait { wait_s } => Some(wait_s),
            _ => None,
        };
        Self {
            wait_s,
            ..Self::new(kind, error.to_string())
        }
    }
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::RunMissing { .. } | AnswerError::FaultsMissing => {
                Self::new(ProblemKind::RunMissing, error.to_string())
            }
            AnswerError::KecamatanUnknown { .. } => Self::of_query(vec![ParameterError {
                parameter: "kecamatan".to_owned(),
                detail: error.to_string(),
            }]),
            AnswerError::OnlyVillagesHaveAreas => Self::of_query(vec![ParameterError {
                parameter: "f".to_owned(),
                detail: error.to_string(),
            }]),
            AnswerError::Unwritable(_) => Self::internal(error),
            AnswerError::Read(error) => error.into(),
        }
    }
}

impl From<MapPictureError> for Problem {
    fn from(error: MapPictureError) -> Self {
        match error {
            MapPictureError::Read(cause) => cause.into(),
            MapPictureError::Outline { .. } => Self::internal(error),
        }
    }
}

impl From<GeometryError> for Problem {
    fn from(error: GeometryError) -> Self {
        Self::internal(error)
    }
}

impl From<RouteError> for Problem {
    fn from(error: RouteError) -> Self {
        Self::internal(error)
    }
}
