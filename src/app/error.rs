//! Why a use case ended without its result.

use super::accounts::AccountError;
use super::answer::AnswerError;
use super::files::InputReport;
use super::picture::MapPictureError;
use crate::domain::{AuditBreak, CodeError, Layer};
use crate::ingest::IngestError;
use crate::network::ProfilesError;
use crate::publish::PublishError;
use crate::store::StoreError;
use crate::synthetic::SampleError;

/// Why a use case ended without its result.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Files could not be read at all.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Files could not be written.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// An indicator has no answer of the kind.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A sample could not be made.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// A district's code is none.
    #[error("cannot take the district: {0}")]
    District(CodeError),
    /// Villages of several districts, and nobody said which one is meant.
    #[error("the villages are of several districts: {codes}; say which with --district")]
    SeveralDistricts {
        /// The districts' codes.
        codes: String,
    },
    /// An import that would remove much of a layer.
    #[error(
        "{layer}: {missing} of {total} records would be removed; if that is meant, add --confirm {layer}"
    )]
    NeedsConfirmation {
        /// The layer.
        layer: Layer,
        /// Records that would go.
        missing: u64,
        /// Records that are there.
        total: u64,
    },
    /// An update by key of records that somebody else has changed since they were read.
    #[error("cannot update {layer}: another import changed it meanwhile; import once more")]
    ChangedMeanwhile {
        /// The layer.
        layer: Layer,
    },
    /// Nothing to compute for.
    #[error("cannot compute: no villages are imported; start with jangkau import villages FILE")]
    NoVillages,
    /// The file that should bound a sample has no areas, or cannot be read.
    #[error("cannot make a sample inside {file}: {cause}")]
    Boundary {
        /// The file.
        file: String,
        /// What is wrong.
        cause: String,
    },
    /// A list of codes that cannot be taken.
    #[error("cannot take the list of codes {file}: {cause}")]
    Codes {
        /// The file.
        file: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A run that no longer fits what is stored.
    #[error("cannot follow the route of run {run}: {cause}")]
    Route {
        /// The run.
        run: String,
        /// What is missing.
        cause: String,
    },
    /// Roads that cross more often than any real ones.
    #[error(
        "the roads cannot be joined where they cross: more than {most} pairs of their straight pieces lie over each other; look for a layer that is there many times, or leave --join-crossings out"
    )]
    TooManyCrossings {
        /// Pairs that are looked at.
        most: u64,
    },
    /// Files that cannot be used as they are; what is wrong with them is all there.
    #[error("the files cannot be used as they are")]
    FilesRefused(Vec<InputReport>),
    /// A request that contradicts itself.
    #[error("{0}")]
    Usage(String),
    /// A file of profiles that cannot be used.
    #[error("{file}: {cause}")]
    Profiles {
        /// The file.
        file: String,
        /// What is wrong.
        #[source]
        cause: ProfilesError,
    },
    /// A path that is too long to count.
    #[error("cannot follow a path longer than 49 days or 4,294 km")]
    TooLong,
    /// Accounts, passwords, tokens.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The audit trail is not as it was written.
    #[error("the audit trail was touched: {0}")]
    AuditBroken(AuditBreak),
    /// A file or thread failed.
    #[error("cannot {doing}: {cause}")]
    System {
        /// What was attempted.
        doing: &'static str,
        /// What the system said.
        cause: String,
    },
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<MapPictureError> for AppError {
    fn from(error: MapPictureError) -> Self {
        Self::Answer(match error {
            MapPictureError::Read(cause) => cause.into(),
            MapPictureError::Outline { .. } => AnswerError::Unwritable(error.to_string()),
        })
    }
}

impl From<crate::network::Cancelled> for AppError {
    fn from(_cancelled: crate::network::Cancelled) -> Self {
        Self::Cancelled
    }
}
