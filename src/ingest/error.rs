//! Why nothing could be read at all. What is wrong with the data is a [`crate::domain::Finding`], not an error.

use std::io;
use std::path::PathBuf;

/// Why reading could not be done, apart from what is wrong with the data.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// A file that is not there.
    #[error("cannot find {0}")]
    FileMissing(PathBuf),
    /// A file that the system does not let us read.
    #[error("cannot read {path}: {cause}")]
    FileUnreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A request that contradicts itself or names what does not exist, such as an unknown field.
    #[error("{0}")]
    Request(String),
    /// The child process could not be started.
    #[error("cannot start the reader {program}: {cause}")]
    ReaderNotStarted {
        /// The program.
        program: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// No folder for the child to work in.
    #[error("cannot make a private folder for the reader: {0}")]
    WorkFolder(io::Error),
    /// Somebody asked to stop.
    #[error("cancelled while reading")]
    Cancelled,
}
