//! Revalidation: an answer's entity tag, and 304 for who has it already.

use std::fmt::Write;

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// What the choice of an answer depends on, where that is less than what most depend on; beside the response.
#[derive(Debug, Clone, Copy)]
pub(super) struct VariesBy(pub(super) &'static str);

/// The tag of an answer, from what decides its content: the address, the program and the versions read.
///
/// Weak, since compression makes other bytes of the same content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntityTag(HeaderValue);

impl EntityTag {
    /// The tag of what is at `uri` while `parts` are what they are.
    pub(super) fn of(
        uri: &Uri,
        headers: &HeaderMap,
        parts: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Self {
        let mut hash = Sha256::new();
        let mut feed = |part: &[u8]| {
            // The length first, or `ab, c` would equal `a, bc`.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        };
        feed(env!("CARGO_PKG_VERSION").as_bytes());
        feed(uri.to_string().as_bytes());
        feed(headers.get(header::HOST).map_or(&[], HeaderValue::as_bytes));
        for part in parts {
            feed(part.as_ref().as_bytes());
        }
        Self::of_hash(&hash.finalize())
    }

    /// The tag of content with this hash, of which 12 bytes are enough to tell versions apart.
    pub(super) fn of_hash(hash: &[u8]) -> Self {
        let mut tag = String::from("W/\"");
        for byte in hash.iter().take(12) {
            // Writing to a string cannot fail.
            let _ = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        Self(
            HeaderValue::from_str(&tag)
                .expect("quotes and hexadecimal digits are allowed in headers"),
        )
    }

    /// The tag of these very bytes, which no layer may change.
    pub(super) fn strong(hex: &str) -> Self {
        Self(
            HeaderValue::from_str(&format!("\"{hex}\""))
                .expect("quotes and hexadecimal digits are allowed in headers"),
        )
    }

    /// 304 where the client has this content already, else what `make` gives, tagged.
    pub(super) async fn or_else<E>(
        self,
        headers: &HeaderMap,
        make: impl Future<Output = Result<Response, E>>,
    ) -> Result<Response, E> {
        let mut response = if self.is_known_to(headers) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            make.await?
        };
        let answer = response.headers_mut();
        answer.insert(header::ETAG, self.0);
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        Ok(response)
    }

    fn is_known_to(&self, headers: &HeaderMap) -> bool {
        is_known(headers, &self.0)
    }
}

/// Whether the client has the content with this tag, weak or strong.
pub(super) fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|theirs| is_match(theirs.trim(), tag))
}

/// Weak comparison (RFC 9110, 8.8.3.2): a leading `W/` does not matter; `*` is any content.
fn is_match(theirs: &str, ours: &HeaderValue) -> bool {
    let opaque = theirs.strip_prefix("W/").unwrap_or(theirs);
    let ours = ours.as_bytes();
    theirs == "*" || ours.strip_prefix(b"W/").unwrap_or(ours) == opaque.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(uri: &str, parts: &[&str]) -> EntityTag {
        EntityTag::of(
            &uri.parse().unwrap(),
            &HeaderMap::new(),
            parts.iter().copied(),
        )
    }

    #[test]
    fn another_run_or_another_question_has_another_tag() {
        assert_eq!(tag("/access", &["a"]), tag("/access", &["a"]));
        assert_ne!(tag("/access", &["a"]), tag("/access", &["b"]));
        assert_ne!(tag("/access?n=4", &["a"]), tag("/access?n=5", &["a"]));
        assert_ne!(tag("/access", &["ab", "c"]), tag("/access", &["a", "bc"]));
    }
}
