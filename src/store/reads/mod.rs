//! What HTTP reads: current versions, their features, runs and what they say of a village.
//!
//! Every method is one statement of `src/store/sql/read_*.sql`. Nothing here writes.

mod faults;
mod features;
mod layers;
mod outlines;
mod places;
mod rows;
mod runs;
mod season_changes;
mod tiles;
mod villages;

use std::time::Duration;

use deadpool_postgres::{Object, PoolError};

pub use faults::{FaultChoice, FaultListHead, FaultRow, FaultServicePeople};
pub use features::{FeatureRow, FeatureStream, FeaturesOf, Page};
pub use layers::{Extent, LayerVersion};
pub use outlines::Outline;
pub use places::RunPlace;
pub use runs::{RunHead, RunInputVersion, RunPoint, RunVillage, Unassigned, UnknownSeasons};
pub use season_changes::{SeasonPair, VillageChange};
pub use tiles::{RunPart, TileLayer, TileReads, TileSource};
pub use villages::{FoundFacility, StoredStandard, VillageRecord, VillageRun};

use super::error::describe;
use super::{Database, StoreError};

/// A request that waits longer than this for a connection is better answered "busy".
const CONNECTION_WAIT: Duration = Duration::from_secs(3);

/// One connection, for the reads of one request.
pub struct Reads {
    client: Object,
}

/// Why a read gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database cannot be reached, or broke off.
    #[error("cannot reach the database: {0}")]
    Unreachable(String),
    /// Every connection stayed in use.
    #[error("cannot get a database connection within {} s", CONNECTION_WAIT.as_secs())]
    Busy,
    /// The statement ran into the time limit of readers.
    #[error("cannot {doing}: it took longer than readers may take")]
    TooSlow {
        /// What was being attempted.
        doing: &'static str,
    },
    /// The statement failed.
    #[error("cannot {doing}: {}", describe(cause))]
    Statement {
        /// What was being attempted.
        doing: &'static str,
        /// What PostgreSQL said.
        cause: tokio_postgres::Error,
    },
    /// A stored value that this version of the program does not understand.
    #[error("cannot {doing}: {cause}")]
    Stored {
        /// What was being attempted.
        doing: &'static str,
        /// Which value.
        cause: String,
    },
}

impl Database {
    /// A connection for the reads of one request.
    ///
    /// # Errors
    /// The database is down, or all connections stay busy.
    pub async fn reads(&self) -> Result<Reads, ReadError> {
        match tokio::time::timeout(CONNECTION_WAIT, self.reader()).await {
            Ok(Ok(client)) => Ok(Reads { client }),
            Ok(Err(StoreError::Pool(PoolError::Timeout(_)))) | Err(_) => Err(ReadError::Busy),
            Ok(Err(cause)) => Err(ReadError::Unreachable(cause.to_string())),
        }
    }
}

impl ReadError {
    /// For `map_err`: what was being attempted when PostgreSQL said no.
    fn doing(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |cause| {
            use tokio_postgres::error::SqlState;
            if cause.code() == Some(&SqlState::QUERY_CANCELED) {
                Self::TooSlow { doing }
            } else if cause.is_closed() || is_shutting_down(&cause) {
                Self::Unreachable(cause.to_string())
            } else {
                Self::Statement { doing, cause }
            }
        }
    }
}

/// Whether the server ended the connection, or could not be spoken to: there is no database error in it.
fn is_shutting_down(cause: &tokio_postgres::Error) -> bool {
    use tokio_postgres::error::SqlState;
    let gone = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
    ];
    match cause.code() {
        Some(code) => gone.contains(code),
        None => std::error::Error::source(cause)
            .is_some_and(<dyn std::error::Error>::is::<std::io::Error>),
    }
}
