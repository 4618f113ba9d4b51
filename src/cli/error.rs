//! How a command ends: its exit code, and the sentence that goes with it.

use std::io;
use std::process::ExitCode;

use crate::app::answer::AnswerError;
use crate::app::{AccountError, AppError, StoreError};
use crate::config::SettingsError;
use crate::domain::TierError;
use crate::ingest::IngestError;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// Settings that cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A use case failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// A tier that the service does not have.
    #[error("cannot use --tier: {0}")]
    Tier(#[from] TierError),
    /// A picture of a size that there is not.
    #[error("cannot use --width and --height: {0}")]
    Size(String),
    /// A file was refused; the report has been printed.
    #[error("refused")]
    Refused,
    /// Input or output of this process failed.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::App(AppError::Store(error))
    }
}

impl From<IngestError> for CliError {
    fn from(error: IngestError) -> Self {
        Self::App(AppError::Ingest(error))
    }
}

impl CliError {
    /// Something that cannot be asked so.
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::App(AppError::Usage(text.into()))
    }

    /// The exit code of CONTRACTS 7.
    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Settings(_) | Self::Tier(_) | Self::Size(_) => 2,
            Self::Refused => 3,
            Self::Io(_) => 1,
            Self::App(error) => app_code(error),
        })
    }
}

/// The exit code of an answer that there is not.
fn answer_code(error: &AnswerError) -> u8 {
    match error {
        AnswerError::RunMissing { .. }
        | AnswerError::FaultsMissing
        | AnswerError::KecamatanUnknown { .. } => 5,
        AnswerError::OnlyVillagesHaveAreas => 2,
        AnswerError::Read(_) => 4,
        AnswerError::Unwritable(_) => 1,
    }
}

/// The exit code of an account that cannot be as asked.
fn account_code(error: &AccountError) -> u8 {
    match error {
        AccountError::NoSuchAccount(_) | AccountError::NoSuchToken(_) => 5,
        _ => 2,
    }
}

fn app_code(error: &AppError) -> u8 {
    match error {
        AppError::Ingest(IngestError::Cancelled) | AppError::Cancelled => 130,
        AppError::Ingest(IngestError::FileMissing(_) | IngestError::Request(_))
        | AppError::District(_)
        | AppError::Usage(_)
        | AppError::Sample(_) => 2,
        AppError::SeveralDistricts { .. }
        | AppError::NeedsConfirmation { .. }
        | AppError::FilesRefused(_)
        | AppError::TooManyCrossings { .. }
        | AppError::Profiles { .. }
        | AppError::Boundary { .. }
        | AppError::Codes { .. } => 3,
        AppError::Account(error) => account_code(error),
        AppError::Answer(error) => answer_code(error),
        AppError::Store(
            StoreError::NoSuchVersion { .. }
            | StoreError::NothingToUndo { .. }
            | StoreError::RecordsDropped { .. },
        )
        | AppError::NoVillages => 5,
        AppError::Store(_) | AppError::ChangedMeanwhile { .. } => 4,
        AppError::Ingest(_)
        | AppError::AuditBroken(_)
        | AppError::Publish(_)
        | AppError::Route { .. }
        | AppError::TooLong
        | AppError::System { .. } => 1,
    }
}
