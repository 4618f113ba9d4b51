//! Why something could not be written.

use std::io;
use std::path::{Path, PathBuf};

/// A file that could not be written; nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The folder or the file: no room, no right, or not there.
    #[error("cannot write {path}: {cause}")]
    File {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// GDAL refused.
    #[error("cannot write {path} through GDAL: {cause}")]
    Gdal {
        /// What was being written.
        path: PathBuf,
        /// What GDAL said.
        #[source]
        cause: gdal::errors::GdalError,
    },
    /// The archive could not be made.
    #[error("cannot pack {path}: {cause}")]
    Zip {
        /// What was being written.
        path: PathBuf,
        /// What the packer said.
        #[source]
        cause: zip::result::ZipError,
    },
    /// A workbook could not be made.
    #[error("cannot write the workbook `{name}`: {cause}")]
    Workbook {
        /// Name of its first sheet.
        name: String,
        /// What the writer said.
        #[source]
        cause: rust_xlsxwriter::XlsxError,
    },
    /// The table does not fit the format.
    #[error("cannot write {path}: {reason}")]
    Unfit {
        /// What was being written.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
}

impl PublishError {
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::File { path, cause }
    }

    pub(super) fn gdal(path: &Path) -> impl FnOnce(gdal::errors::GdalError) -> Self {
        let path = path.to_owned();
        move |cause| Self::Gdal { path, cause }
    }

    pub(super) fn zip(path: &Path) -> impl FnOnce(zip::result::ZipError) -> Self {
        let path = path.to_owned();
        move |cause| Self::Zip { path, cause }
    }
}
