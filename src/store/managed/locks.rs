//! The two lock files of a data directory. The kernel releases them however their holder ends.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::LOOK_AGAIN;
use super::folders::Folders;
use crate::store::error::StoreError;

/// The exclusive right to start, stop and restart PostgreSQL.
#[derive(Debug)]
pub(super) struct SupervisorLock {
    file: File,
}

impl SupervisorLock {
    /// The right for a moment; none while somebody has it.
    pub(super) fn try_take(folders: &Folders) -> Result<Option<Self>, StoreError> {
        let path = Self::path(folders);
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => {
                // A supervisor that was killed left its number behind.
                file.set_len(0)
                    .map_err(StoreError::folder("empty", &path))?;
                Ok(Some(Self { file }))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(StoreError::folder("lock", &path)(error)),
        }
    }

    /// The right for good. Waits for a command that is starting or stopping, not for another supervisor.
    pub(super) fn hold(folders: &Folders, wait: Duration) -> Result<Self, StoreError> {
        let give_up = Instant::now() + wait;
        loop {
            if let Some(mut lock) = Self::try_take(folders)? {
                let path = Self::path(folders);
                write!(lock.file, "{}", std::process::id())
                    .map_err(StoreError::folder("write", &path))?;
                return Ok(lock);
            }
            let supervisor = Self::supervisor(folders);
            if supervisor.is_some() || give_up <= Instant::now() {
                return Err(StoreError::SupervisorRunning {
                    data_dir: folders.data_dir().to_owned(),
                    pid: supervisor,
                });
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// The process id that the present supervisor wrote.
    fn supervisor(folders: &Folders) -> Option<u32> {
        fs::read_to_string(Self::path(folders))
            .ok()
            .and_then(|text| text.trim().parse().ok())
    }

    fn path(folders: &Folders) -> PathBuf {
        folders.data_dir().join("supervisor.lock")
    }
}

impl Drop for SupervisorLock {
    fn drop(&mut self) {
        if let Err(error) = self.file.set_len(0) {
            tracing::warn!(%error, "cannot empty supervisor.lock");
        }
    }
}

/// Being one of those who use the cluster.
#[derive(Debug)]
pub(super) struct UsersLock {
    _file: File,
}

impl UsersLock {
    /// Joins the users; waits while the last of the former ones stops the cluster.
    pub(super) fn join(folders: &Folders, wait: Duration) -> Result<Self, StoreError> {
        let path = Self::path(folders);
        let file = open(&path)?;
        let give_up = Instant::now() + wait;
        loop {
            match file.try_lock_shared() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < give_up => {
                    thread::sleep(LOOK_AGAIN);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::ClusterNotReady {
                        data_dir: folders.data_dir().to_owned(),
                        waited: wait,
                    });
                }
                Err(TryLockError::Error(error)) => {
                    return Err(StoreError::folder("lock", &path)(error));
                }
            }
        }
    }

    /// The proof that nobody uses the cluster, nor can begin to; none where somebody does.
    pub(super) fn try_alone(folders: &Folders) -> Result<Option<Self>, StoreError> {
        let path = Self::path(folders);
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(StoreError::folder("lock", &path)(error)),
        }
    }

    fn path(folders: &Folders) -> PathBuf {
        folders.data_dir().join("users.lock")
    }
}

fn open(path: &Path) -> Result<File, StoreError> {
    File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(StoreError::folder("open", path))
}
