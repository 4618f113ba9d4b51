//! Files that are there whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

use super::PublishError;

/// A file in the making, beside the place that it is moved into when it is finished.
///
/// Dropped before that, nothing of it is left.
pub struct UnfinishedFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl UnfinishedFile {
    /// Begins a file.
    ///
    /// # Errors
    /// Its folder is not there, or may not be written to.
    pub fn begin(path: &Path) -> Result<Self, PublishError> {
        Ok(Self {
            file: NamedTempFile::new_in(folder_of(path)).map_err(PublishError::file(path))?,
            path: path.to_owned(),
        })
    }

    /// Writes the next bytes.
    ///
    /// # Errors
    /// There is no room.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), PublishError> {
        self.file
            .write_all(bytes)
            .map_err(PublishError::file(&self.path))
    }

    /// Moves the file into its place.
    ///
    /// # Errors
    /// The system refuses.
    pub fn finish(self) -> Result<(), PublishError> {
        let Self { path, file } = self;
        file.as_file()
            .sync_all()
            .map_err(PublishError::file(&path))?;
        allow_reading(file.path(), &path)?;
        file.persist(&path)
            .map_err(|failed| PublishError::file(&path)(failed.error))?;
        Ok(())
    }
}

/// Writes bytes beside the file and moves them into its place.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), PublishError> {
    let mut file = UnfinishedFile::begin(path)?;
    file.write(bytes)?;
    file.finish()
}

/// Moves a finished file into its place; both must be on one file system.
pub(super) fn move_whole(from: &Path, path: &Path) -> Result<(), PublishError> {
    std::fs::rename(from, path).map_err(PublishError::file(path))
}

/// A folder beside the file, for writers that need a name of their own; removed when dropped.
pub(super) fn workshop(path: &Path) -> Result<TempDir, PublishError> {
    Builder::new()
        .prefix(".unfinished-")
        .tempdir_in(folder_of(path))
        .map_err(PublishError::file(path))
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Temporary files are private to their owner; finished ones are for everybody to read.
fn allow_reading(file: &Path, path: &Path) -> Result<(), PublishError> {
    use std::os::unix::fs::PermissionsExt;
    const FOR_EVERYBODY: u32 = 0o644;
    let permissions = std::fs::Permissions::from_mode(FOR_EVERYBODY);
    std::fs::set_permissions(file, permissions).map_err(PublishError::file(path))
}
