//! The files of the page, embedded in the program.
//!
//! A name that carries the hash of its content is kept by browsers for good; any other is asked for again.
//! Compressed variants lie beside each file, made once by `web/build.mjs`: nothing is compressed for a request.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::caching::EntityTag;
use super::error::{Problem, ProblemKind};
use super::query::Query;

/// For files that somebody opens by themselves.
const ASSET_CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);
/// A year, which is as long as anything is kept.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Variants by the word of `Accept-Encoding`, the better first.
const VARIANTS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

#[derive(RustEmbed)]
#[folder = "web/dist/"]
struct Web;

/// Under which name each file of the bundle is served; a test reads it.
static MANIFEST: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    Web::get("manifest.json")
        .and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default()
});

/// The address of a file that the bundle calls `name`.
pub(super) fn asset_address(name: &str) -> String {
    let file = MANIFEST.get(name).map_or(name, String::as_str);
    format!("/assets/{file}")
}

/// What changes when any file of the bundle does.
pub(super) fn bundle_version() -> String {
    let names: Vec<&str> = MANIFEST.values().map(String::as_str).collect();
    names.join(" ")
}

/// A file that a page names.
pub(super) async fn asset(
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let unknown = || Problem::new(ProblemKind::PathUnknown, format!("no file `{name}`"));
    let is_variant = VARIANTS.iter().any(|(_, suffix)| name.ends_with(suffix));
    if is_variant {
        return Err(unknown());
    }
    let (file, encoding) = variant(&name, &headers).ok_or_else(unknown)?;
    let media_type = [(header::CONTENT_TYPE, media_type(&name))];
    let tag = match encoding {
        Some(_) => EntityTag::strong(&strong_tag(&file)),
        // The middleware may still compress it.
        None => EntityTag::of_hash(&file.metadata.sha256_hash()),
    };
    let mut response = tag
        .or_else(&headers, async {
            Ok::<_, Problem>((media_type, Body::from(file.data)).into_response())
        })
        .await?;
    let head = response.headers_mut();
    if MANIFEST.values().any(|hashed| *hashed == name) || is_chunk(&name) {
        head.insert(header::CACHE_CONTROL, FOR_GOOD);
    }
    if let Some(encoding) = encoding {
        head.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    // On 304 as well: a browser takes over its headers.
    head.insert(header::CONTENT_SECURITY_POLICY, ASSET_CSP);
    Ok(response)
}

/// The best variant of a file that the client understands, and its encoding; none where it is the file itself.
fn variant(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    VARIANTS
        .iter()
        .filter(|(encoding, _)| is_accepted(headers, encoding))
        .find_map(|(encoding, suffix)| {
            Some((Web::get(&format!("{name}{suffix}"))?, Some(*encoding)))
        })
        .or_else(|| Some((Web::get(name)?, None)))
}

/// Whether an encoding is named by `Accept-Encoding` with a weight above zero.
fn is_accepted(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let is_named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
            let is_refused = parts
                .filter_map(|part| part.strip_prefix("q="))
                .any(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0));
            is_named && !is_refused
        })
}

/// Whether a name carries a hash although the manifest does not name it: pieces that scripts load by themselves.
fn is_chunk(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The hash of the very bytes that are sent, of which 12 are enough to tell versions apart.
fn strong_tag(file: &EmbeddedFile) -> String {
    let mut tag = String::new();
    for byte in file.metadata.sha256_hash().iter().take(12) {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, suffix)| suffix) {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundle_has_what_the_pages_name() {
        for name in [
            "planner.js",
            "planner.css",
            "embed.js",
            "embed.css",
            "icon.svg",
        ] {
            let file = MANIFEST.get(name).unwrap();
            assert!(Web::get(file).is_some(), "{name}");
        }
    }

    #[test]
    fn a_name_with_a_hash_is_told_from_one_without() {
        assert!(is_chunk("library-S6BZINDN.js"));
        assert!(!is_chunk("DejaVuSans-Bold.ttf"));
        assert!(!is_chunk("manifest.json"));
    }

    #[test]
    fn an_encoding_that_is_refused_is_not_sent() {
        let headers =
            |value: &str| HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]);
        assert!(is_accepted(&headers("gzip, br;q=0.5"), "br"));
        assert!(!is_accepted(&headers("gzip, br;q=0"), "br"));
        assert!(!is_accepted(&headers("zstd"), "gzip"));
    }
}
