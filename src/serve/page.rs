//! The page and its files, embedded in the program.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::caching::EntityTag;
use super::error::{Problem, ProblemKind};
use super::query::Query;

/// Everything comes from here, nothing is inline, nobody frames it.
const PAGE_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(RustEmbed)]
#[folder = "web/dist/"]
struct Web;

/// The page itself.
pub(super) async fn index(headers: &HeaderMap) -> Result<Response, Problem> {
    let file = Web::get("index.html")
        .ok_or_else(|| Problem::internal("web/dist/index.html is not embedded"))?;
    answer("index.html", file, headers).await
}

/// A file that the page names.
pub(super) async fn asset(
    Path(file): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let embedded = Web::get(&file)
        .ok_or_else(|| Problem::new(ProblemKind::PathUnknown, format!("no file `{file}`")))?;
    answer(&file, embedded, &headers).await
}

async fn answer(name: &str, file: EmbeddedFile, headers: &HeaderMap) -> Result<Response, Problem> {
    let media_type = [(header::CONTENT_TYPE, media_type(name))];
    let mut response = EntityTag::of_hash(&file.metadata.sha256_hash())
        .or_else(headers, async {
            Ok::<_, Problem>((media_type, Body::from(file.data)).into_response())
        })
        .await?;
    // On 304 as well: a browser takes over its headers.
    let policy = HeaderValue::from_static(PAGE_CSP);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, suffix)| suffix) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        _ => "application/octet-stream",
    }
}
