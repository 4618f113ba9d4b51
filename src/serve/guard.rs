//! Who asks, and whether they may: the door before every handler.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::{Problem, ProblemKind};
use super::state::ServeState;
use crate::domain::{AccountName, Right, Secret, Visitor};

/// The cookie of a session. With its prefix browsers take it over https or loopback only, for this host and all paths.
pub(super) const COOKIE: &str = "__Host-jangkau";

/// What a route asks of who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing: what is needed to sign in, and what operators watch.
    Nothing,
    /// To read: the right `read`; without an account only while the server is bound to loopback.
    Reading,
    /// An account.
    Account,
    /// An account that signed in by password: no token.
    Session,
    /// A right.
    Right(Right),
}

/// The form of a request that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// What a page sends.
    Form,
    /// What a program sends.
    Json,
    /// None.
    Empty,
}

/// What the guard of one route knows.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) state: ServeState,
    pub(super) requirement: Requirement,
    /// The form of its body; none for what only reads.
    pub(super) changes: Option<BodyKind>,
}

/// The session that a request came with.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// What proves it.
    pub(super) secret: Secret,
    /// Whose it is.
    pub(super) account: AccountName,
}

/// Where a request comes from: the other end of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Peer(pub(super) IpAddr);

/// The peer in words, by which attempts are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PeerName(pub(super) String);

impl<S: Sync> FromRequestParts<S> for PeerName {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>();
        Ok(Self(peer.map_or_else(
            || "unknown".to_owned(),
            |Peer(address)| address.to_string(),
        )))
    }
}

/// Lets a request pass that may, with its [`Visitor`] and [`Session`] beside it.
pub(super) async fn guard(
    State(guard): State<Guard>,
    mut request: Request,
    next: Next,
) -> Response {
    match guard.admit(&mut request).await {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

impl Guard {
    async fn admit(&self, request: &mut Request) -> Result<(), Problem> {
        let bearer = bearer(request.headers())?;
        if let Some(body) = self.changes {
            // A browser sends no such header by itself: whoever has the token is no page of somebody else.
            if bearer.is_none() {
                check_origin(request.headers())?;
            }
            check_content_type(request.headers(), body)?;
        }
        if self.requirement == Requirement::Nothing {
            return Ok(());
        }
        let visitor = match bearer {
            Some(token) => Some(self.of_token(&token).await?),
            None => self.of_cookie(request).await?,
        };
        self.check(visitor.as_ref())?;
        if let Some(visitor) = visitor {
            request.extensions_mut().insert(visitor);
        }
        Ok(())
    }

    /// The visitor of a token: who sends one that is not valid is told so, whatever the route asks.
    async fn of_token(&self, token: &Secret) -> Result<Visitor, Problem> {
        let hash = token.hash();
        let found = self.state.database.visitor_of_token(&hash).await?;
        found.ok_or_else(token_refused)
    }

    /// The visitor of the session of a cookie; one that has ended is as none.
    async fn of_cookie(&self, request: &mut Request) -> Result<Option<Visitor>, Problem> {
        let Some(session) = session(request.headers()) else {
            return Ok(None);
        };
        let hash = session.hash();
        let visitor = self.state.database.visitor_of_session(&hash).await?;
        if let Some(visitor) = &visitor {
            let account = visitor.account.clone();
            let session = Session {
                secret: session,
                account,
            };
            request.extensions_mut().insert(session);
        }
        Ok(visitor)
    }

    fn check(&self, visitor: Option<&Visitor>) -> Result<(), Problem> {
        let right = match self.requirement {
            Requirement::Nothing => return Ok(()),
            Requirement::Reading if visitor.is_none() && self.state.anonymous_reads => {
                return Ok(());
            }
            Requirement::Reading => Some(Right::ReadCurrent),
            Requirement::Account | Requirement::Session => None,
            Requirement::Right(right) => Some(right),
        };
        let Some(visitor) = visitor else {
            return Err(Problem::new(
                ProblemKind::SignInNeeded,
                "sign in at /sign-in, or send a token as Authorization: Bearer",
            ));
        };
        if self.requirement == Requirement::Session && visitor.token_rights.is_some() {
            return Err(forbidden("no token may do this: sign in by password"));
        }
        match right {
            Some(right) if !visitor.has(right) => {
                Err(forbidden(format!("this needs the right {right}")))
            }
            _ => Ok(()),
        }
    }
}

fn forbidden(detail: impl Into<std::borrow::Cow<'static, str>>) -> Problem {
    Problem::new(ProblemKind::Forbidden, detail)
}

fn token_refused() -> Problem {
    let detail = "this token is unknown, revoked or expired";
    Problem::new(ProblemKind::SignInNeeded, detail)
}

/// The secret of `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Result<Option<Secret>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let secret = text
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .and_then(|(_, secret)| Secret::parse(secret.trim()));
    secret.map(Some).ok_or_else(token_refused)
}

/// The secret of the cookie.
fn session(headers: &HeaderMap) -> Option<Secret> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, value)| Secret::parse(value))
}

/// Passes what a page of this very server sent.
fn check_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let is_ours = match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => {
            let named = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            named == Some(host)
        }
        _ => false,
    };
    let site = headers.get("sec-fetch-site");
    let is_same_site = site.is_none_or(|site| site == "same-origin");
    if is_ours && is_same_site {
        Ok(())
    } else {
        Err(forbidden(
            "what changes something comes from a page of this server, or with a token",
        ))
    }
}

fn check_content_type(headers: &HeaderMap, body: BodyKind) -> Result<(), Problem> {
    let expected = match body {
        BodyKind::Form => "application/x-www-form-urlencoded",
        BodyKind::Json => "application/json",
        BodyKind::Empty => return Ok(()),
    };
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    if given.is_some_and(|given| given.eq_ignore_ascii_case(expected)) {
        Ok(())
    } else {
        Err(forbidden(format!("the body is to be {expected}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    fn passes(pairs: &[(&'static str, &str)]) -> bool {
        check_origin(&headers(pairs)).is_ok()
    }

    #[test]
    fn only_a_page_of_this_very_server_may_change_something_row_44() {
        let host = ("host", "127.0.0.1:8080");
        assert!(passes(&[host, ("origin", "http://127.0.0.1:8080")]));
        assert!(passes(&[host, ("origin", "https://127.0.0.1:8080")]));
        for origin in [
            "null",
            "",
            "http://127.0.0.1",
            "http://127.0.0.1:8081",
            "http://localhost:8080",
            "http://127.0.0.1:8080.evil.example",
            "https://evil.example",
        ] {
            assert!(!passes(&[host, ("origin", origin)]), "{origin}");
        }
        assert!(!passes(&[host]), "without an origin");
        assert!(
            !passes(&[("origin", "http://127.0.0.1:8080")]),
            "without a host"
        );
        let same = ("origin", "http://127.0.0.1:8080");
        for site in ["cross-site", "same-site", "none"] {
            assert!(!passes(&[host, same, ("sec-fetch-site", site)]), "{site}");
        }
    }

    #[test]
    fn a_session_is_found_among_other_cookies_and_only_under_its_whole_name() {
        let secret = Secret::new([7; 32]);
        let text = secret.text();
        let among = format!("a=b; {COOKIE}={text}; c=d");
        assert_eq!(session(&headers(&[("cookie", &among)])), Some(secret));
        let other = format!("jangkau={text}");
        assert_eq!(session(&headers(&[("cookie", &other)])), None);
    }

    #[test]
    fn what_is_no_bearer_token_is_refused_and_not_passed_over() {
        let secret = Secret::new([7; 32]);
        let with = |value: &str| bearer(&headers(&[("authorization", value)]));
        let text = secret.text();
        assert_eq!(with(&format!("Bearer {text}")).unwrap(), Some(secret));
        for bad in ["Basic c2l0aTp4", "Bearer", "Bearer x", &text] {
            assert!(with(bad).is_err(), "{bad}");
        }
        assert_eq!(bearer(&headers(&[])).unwrap(), None);
    }
}
