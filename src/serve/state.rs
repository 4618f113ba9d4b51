//! What every handler may use.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::route::RouteSource;
use super::tiles::TileCache;
use crate::domain::Catalogue;
use crate::store::Database;

/// How much of anything one server takes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Open connections; more wait unaccepted.
    pub n_connections: usize,
    /// Requests worked on at once; more are told to come back.
    pub n_requests: usize,
    /// Time until an answer has begun.
    pub request_time: Duration,
    /// Time for a client to send its request's head.
    pub head_time: Duration,
    /// Time for answers under way to end when the server stops.
    pub shutdown_time: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Bytes of an address.
    pub uri_bytes: usize,
    /// Bytes of a request's body; nothing here reads one.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            n_connections: 1024,
            n_requests: 256,
            request_time: Duration::from_secs(30),
            head_time: Duration::from_secs(10),
            shutdown_time: Duration::from_secs(10),
            head_bytes: 32 * 1024,
            uri_bytes: 8 * 1024,
            body_bytes: 64 * 1024,
        }
    }
}

/// What every handler may use; cheap to clone.
#[derive(Clone)]
pub struct ServeState {
    /// Where everything is read.
    pub(super) database: Database,
    /// Who finds the path behind a village's value.
    pub(super) routes: RouteSource,
    /// Services and standards.
    pub(super) catalogue: Arc<Catalogue>,
    /// Tiles that were asked for.
    pub(super) tiles: TileCache,
    /// How much is taken on.
    pub(super) limits: Limits,
    /// Whether who has no account may read: only while nobody but this machine can ask.
    pub(super) anonymous_reads: bool,
    /// One permit for each request worked on.
    pub(super) requests: Arc<Semaphore>,
}

impl ServeState {
    /// The state of a server with the built-in catalogue.
    pub fn new(database: Database, routes: RouteSource, limits: Limits) -> Self {
        Self {
            database,
            routes,
            catalogue: Arc::new(Catalogue::built_in()),
            tiles: TileCache::new(),
            limits,
            anonymous_reads: true,
            requests: Arc::new(Semaphore::new(limits.n_requests)),
        }
    }

    /// The same, but who has no account may not even read.
    #[must_use]
    pub fn requiring_accounts(self) -> Self {
        Self {
            anonymous_reads: false,
            ..self
        }
    }
}
