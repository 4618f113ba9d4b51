//! What all JSON answers share: the notice on samples, media types.

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::domain::SAMPLE_NOTICE;

/// The notice, where anything read is sample data.
pub(super) fn notice(is_sample: bool) -> Option<&'static str> {
    is_sample.then_some(SAMPLE_NOTICE)
}

/// JSON under a media type of its own.
pub(super) fn json_as(media_type: &'static str, body: impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
