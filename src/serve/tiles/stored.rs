//! Tiles as they are sent: compressed once, kept in memory, made by one request however many ask.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use moka::future::Cache;
use sha2::{Digest, Sha256};

use super::Edition;
use super::encoding::{Encoding, TILE};
use super::make::{Made, make};
use crate::domain::TileAddress;
use crate::serve::caching::{VariesBy, is_known};
use crate::serve::error::Problem;
use crate::store::Database;

/// How many features a tile leaves out; absent where it is whole.
pub(crate) const DROPPED: HeaderName = HeaderName::from_static("x-jangkau-dropped");

/// Memory for tiles with all their forms: a district looked at closely, for several indicators.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// What an entry takes besides its bytes: key, headers, bookkeeping.
const ENTRY_BYTES: usize = 512;

/// Brotli's level: at 9 a tile of 250 kB takes about 50 ms, once. Every visitor on a weak link gains the last per cent;
/// 10 and 11 cost several times as much.
const BROTLI_LEVEL: u32 = 9;

/// Brotli's window as a power of two: 1 MiB, more than a tile.
const BROTLI_WINDOW: u32 = 20;

/// Brotli's buffer.
const BROTLI_BUFFER_BYTES: usize = 64 * 1024;

/// Smaller tiles fit into one packet anyway.
const WORTH_COMPRESSING_BYTES: usize = 200;

/// A year, the longest that RFC 9111 suggests to believe.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

type Key = (Edition, TileAddress);

/// Tiles that were asked for; cheap to clone.
#[derive(Clone)]
pub(crate) struct TileCache(Cache<Key, Arc<StoredTile>>);

/// A tile in every form.
pub(super) struct StoredTile {
    identity: Bytes,
    /// None where it is not smaller.
    gzip: Option<Bytes>,
    /// None where it is not smaller.
    brotli: Option<Bytes>,
    /// Start of its entity tags: hexadecimal.
    tag: String,
    n_dropped: u64,
}

impl TileCache {
    /// An empty cache.
    pub(crate) fn new() -> Self {
        let cache = Cache::builder()
            .max_capacity(CACHE_BYTES)
            .weigher(|_key: &Key, tile: &Arc<StoredTile>| {
                u32::try_from(tile.n_bytes()).unwrap_or(u32::MAX)
            })
            .build();
        Self(cache)
    }

    /// A tile, made if nobody asked for it before. Of several who ask at once, one makes it; if that one goes away,
    /// the next does.
    pub(super) async fn tile(
        &self,
        database: &Database,
        edition: Edition,
        tile: TileAddress,
    ) -> Result<Arc<StoredTile>, Problem> {
        let of = edition.clone();
        let stored = self.0.try_get_with((edition, tile), async move {
            let made = make(database, &of, tile).await?;
            // Milliseconds of arithmetic: not on a thread that others wait for.
            tokio::task::spawn_blocking(move || StoredTile::of(made))
                .await
                .map_err(Problem::internal)?
                .map(Arc::new)
        });
        stored
            .await
            .map_err(|problem: Arc<Problem>| (*problem).clone())
    }
}

impl StoredTile {
    fn of(made: Made) -> Result<Self, Problem> {
        let Made { bytes, n_dropped } = made;
        let smaller = |form: Vec<u8>| (form.len() < bytes.len()).then(|| Bytes::from(form));
        let is_worth_it = WORTH_COMPRESSING_BYTES < bytes.len();
        let (gzip, brotli) = if is_worth_it {
            let gzip = gzip(&bytes).map_err(Problem::internal)?;
            let brotli = brotli(&bytes).map_err(Problem::internal)?;
            (smaller(gzip), smaller(brotli))
        } else {
            (None, None)
        };
        let hash = Sha256::digest(&bytes);
        Ok(Self {
            gzip,
            brotli,
            tag: start_of(&hash),
            n_dropped,
            identity: bytes.into(),
        })
    }

    fn n_bytes(&self) -> usize {
        let length = |form: &Option<Bytes>| form.as_ref().map_or(0, Bytes::len);
        ENTRY_BYTES + self.identity.len() + length(&self.gzip) + length(&self.brotli)
    }

    /// The form that a client takes best, 204 where there is nothing in the tile, 304 where the client has it.
    pub(super) fn answer(&self, headers: &HeaderMap) -> Response {
        let (encoding, bytes) = match (Encoding::wanted(headers), &self.gzip, &self.brotli) {
            (Encoding::Brotli, _, Some(bytes)) => (Encoding::Brotli, bytes),
            (Encoding::Gzip, Some(bytes), _) => (Encoding::Gzip, bytes),
            _ => (Encoding::Identity, &self.identity),
        };
        let tag = format!("\"{}{}\"", self.tag, encoding.tag_suffix());
        let tag = HeaderValue::from_str(&tag).expect("hexadecimal digits and quotes");
        let mut response = if is_known(headers, &tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else if bytes.is_empty() {
            StatusCode::NO_CONTENT.into_response()
        } else {
            let mut response = Response::new(Body::from(bytes.clone()));
            let fields = response.headers_mut();
            fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(TILE));
            if let Some(name) = encoding.name() {
                fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            }
            response
        };
        let fields = response.headers_mut();
        fields.insert(header::ETAG, tag);
        fields.insert(header::CACHE_CONTROL, IMMUTABLE);
        if 0 < self.n_dropped {
            fields.insert(DROPPED, HeaderValue::from(self.n_dropped));
        }
        response
            .extensions_mut()
            .insert(VariesBy("Accept-Encoding"));
        response
    }
}

/// The first 12 bytes in hexadecimal: enough to tell tiles apart.
fn start_of(hash: &[u8]) -> String {
    hash.iter().take(12).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut form = Vec::new();
    let mut encoder =
        brotli::CompressorWriter::new(&mut form, BROTLI_BUFFER_BYTES, BROTLI_LEVEL, BROTLI_WINDOW);
    encoder.write_all(bytes)?;
    encoder.flush()?;
    drop(encoder);
    Ok(form)
}
