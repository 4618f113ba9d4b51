//! Which of the stored forms of a tile a client takes (RFC 9110, 12.5.3).

use axum::http::{HeaderMap, HeaderValue, header};

/// The type of a tile.
pub(crate) const TILE: &str = "application/vnd.mapbox-vector-tile";

/// How a tile is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// From the smallest form to the largest, which is also the order of preference.
    const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// Its name in headers; none for bytes as they are.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// What the end of an entity tag says of it: each form is other bytes.
    pub(super) fn tag_suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gzip",
            Self::Brotli => "-br",
        }
    }

    /// The form that a client likes best, of equals the smallest. Whoever takes none gets the bytes as they are.
    pub(super) fn wanted(headers: &HeaderMap) -> Self {
        let accepted: Vec<(&str, f32)> = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| HeaderValue::to_str(value).ok())
            .flat_map(|value| value.split(','))
            .map(preference)
            .collect();
        let mut best = (Self::Identity, 0.0);
        for encoding in Self::ALL {
            let quality = quality_of(encoding, &accepted);
            if best.1 < quality {
                best = (encoding, quality);
            }
        }
        best.0
    }
}

/// A word of the header with its weight, 1 where none is given and 0 where it cannot be read.
fn preference(part: &str) -> (&str, f32) {
    let mut pieces = part.split(';').map(str::trim);
    let word = pieces.next().unwrap_or_default();
    let quality = pieces.find_map(|piece| piece.strip_prefix("q="));
    (
        word,
        quality.map_or(1.0, |text| text.parse().unwrap_or(0.0)),
    )
}

fn quality_of(encoding: Encoding, accepted: &[(&str, f32)]) -> f32 {
    let word = encoding.name().unwrap_or("identity");
    let named = |wanted: &str| {
        let found = accepted
            .iter()
            .find(|(each, _)| each.eq_ignore_ascii_case(wanted));
        found.map(|(_, quality)| *quality)
    };
    // Bytes as they are may always be sent unless refused, but nobody prefers them.
    let unnamed = if encoding == Encoding::Identity {
        0.001
    } else {
        0.0
    };
    named(word).or_else(|| named("*")).unwrap_or(unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(accepted: &'static str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        Encoding::wanted(&headers)
    }

    #[test]
    fn the_smallest_form_that_is_taken_is_sent() {
        assert_eq!(wanted("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(wanted("gzip"), Encoding::Gzip);
        assert_eq!(wanted("*"), Encoding::Brotli);
        assert_eq!(wanted("zstd"), Encoding::Identity);
        assert_eq!(Encoding::wanted(&HeaderMap::new()), Encoding::Identity);
    }

    #[test]
    fn weights_are_obeyed() {
        assert_eq!(wanted("br;q=0, gzip;q=0.5"), Encoding::Gzip);
        assert_eq!(wanted("br;q=0.5, GZIP"), Encoding::Gzip);
        assert_eq!(wanted("gzip;q=0.5, identity"), Encoding::Identity);
        assert_eq!(wanted("gzip;q=many"), Encoding::Identity);
        assert_eq!(wanted("identity;q=0, gzip;q=0"), Encoding::Identity);
    }
}
