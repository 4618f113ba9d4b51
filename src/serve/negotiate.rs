//! What the client would rather have: HTML or JSON, Indonesian or English.

use axum::http::{HeaderMap, header};

use crate::domain::Language;

/// Whether HTML is wanted more than JSON; a client that names neither gets JSON.
pub(super) fn prefers_html(headers: &HeaderMap) -> bool {
    let html = quality(headers, header::ACCEPT, "text/html");
    let json = ["application/json", "application/geo+json"]
        .map(|kind| quality(headers, header::ACCEPT, kind));
    html > json.into_iter().flatten().max().or(Some(0))
}

/// The language that is wanted most; Indonesian where it is neither.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let wanted = |language: Language| {
        quality(headers, header::ACCEPT_LANGUAGE, language.as_str()).unwrap_or(0)
    };
    if wanted(Language::Indonesian) < wanted(Language::English) {
        Language::English
    } else {
        Language::Indonesian
    }
}

/// How much a value is wanted, in thousandths; none where the header does not name it.
///
/// `en-GB` names `en`.
fn quality(headers: &HeaderMap, name: header::HeaderName, value: &str) -> Option<u32> {
    let text = headers.get(name)?.to_str().ok()?;
    text.split(',')
        .filter_map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let range = parts.next()?.to_ascii_lowercase();
            let is_named = range == value || range.split('-').next() == Some(value);
            let quality = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
            is_named.then(|| thousandths(quality))
        })
        .max()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=1 before"
)]
fn thousandths(quality: f32) -> u32 {
    (quality.clamp(0.0, 1.0) * 1000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_browser_gets_html_and_a_gis_gets_json() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert!(prefers_html(&headers(header::ACCEPT, browser)));
        for gis in [
            "*/*",
            "application/json",
            "application/json, text/html;q=0.5",
        ] {
            assert!(!prefers_html(&headers(header::ACCEPT, gis)), "{gis}");
        }
    }

    #[test]
    fn english_is_spoken_only_to_who_prefers_it() {
        let accept = |text| language(&headers(header::ACCEPT_LANGUAGE, text));
        assert_eq!(accept("en-GB,en;q=0.9"), Language::English);
        assert_eq!(accept("id-ID,id;q=0.9,en;q=0.5"), Language::Indonesian);
        assert_eq!(accept("nl"), Language::Indonesian);
    }
}
