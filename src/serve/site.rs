//! The address under which this server was asked, for links that work from anywhere.

use std::convert::Infallible;
use std::fmt::Write;

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;
use serde::Serialize;

pub(super) const JSON: &str = "application/json";
pub(super) const GEOJSON: &str = "application/geo+json";
pub(super) const SCHEMA: &str = "application/schema+json";
/// The type that names the OpenAPI document in links and answers (OGC 17-069r4, table 3).
pub(super) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

/// `http://host:port`, or nothing where the request names no plausible host: links are relative then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site(String);

/// A link of a JSON document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) rel: &'static str,
    pub(super) r#type: &'static str,
    pub(super) title: String,
}

impl Site {
    /// The absolute address of a path of ours.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// A link to a path of ours.
    pub(super) fn link(
        &self,
        rel: &'static str,
        r#type: &'static str,
        path: &str,
        title: impl Into<String>,
    ) -> Link {
        Link {
            href: self.address(path),
            rel,
            r#type,
            title: title.into(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Site {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        Ok(Self(match host {
            Some(host) if is_plausible(host) => format!("http://{host}"),
            _ => String::new(),
        }))
    }
}

fn is_plausible(host: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    !host.is_empty() && host.len() <= 255 && host.bytes().all(is_allowed)
}

/// A value as it may stand in a path or query: everything but letters, digits and `-._~` escaped.
pub(super) fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_could_break_out_of_a_link_is_not_believed() {
        assert!(is_plausible("127.0.0.1:8080"));
        assert!(is_plausible("[::1]:8080"));
        assert!(!is_plausible("a/b"));
        assert!(!is_plausible("a\"><script>"));
    }

    #[test]
    fn an_escaped_value_has_no_separators() {
        assert_eq!(escaped("x:Desa Tua & Muda"), "x%3ADesa%20Tua%20%26%20Muda");
    }
}
