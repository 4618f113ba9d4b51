//! The two lock files of a data directory. The kernel releases them however their holder ends.
//!
//! A lock belongs to the open file, which a child that another thread has just forked shares until it runs its own
//! program. Closing ours would leave the lock with that child for a moment, so giving a lock back unlocks it.

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
        unlock(&self.file);
    }
}

/// Being one of those who use the cluster.
#[derive(Debug)]
pub(super) struct UsersLock {
    file: File,
}

impl Drop for UsersLock {
    fn drop(&mut self) {
        unlock(&self.file);
    }
}

impl UsersLock {
    /// Joins the users; waits while the last of the former ones stops the cluster.
    pub(super) fn join(folders: &Folders, wait: Duration) -> Result<Self, StoreError> {
        let path = Self::path(folders);
        let file = open(&path)?;
        let give_up = Instant::now() + wait;
        loop {
            match file.try_lock_shared() {
                Ok(()) => return Ok(Self { file }),
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
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(StoreError::folder("lock", &path)(error)),
        }
    }

    fn path(folders: &Folders) -> PathBuf {
        folders.data_dir().join("users.lock")
    }
}

fn unlock(file: &File) {
    if let Err(error) = file.unlock() {
        tracing::warn!(%error, "cannot give a lock back");
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

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_lock_given_back_is_free_although_a_child_was_just_forked() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::prepare(&folder.path().join("data")).unwrap();
        let is_done = AtomicBool::new(false);
        let n_lost = thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !is_done.load(Ordering::Relaxed) {
                        Command::new("true").status().unwrap();
                    }
                });
            }
            let mut n_lost = 0;
            for _ in 0..20_000 {
                // Nothing may end this loop early, or the threads beside it would never stop.
                n_lost += u32::from(UsersLock::join(&folders, Duration::ZERO).is_err());
                n_lost += u32::from(!matches!(UsersLock::try_alone(&folders), Ok(Some(_))));
                n_lost += u32::from(!matches!(SupervisorLock::try_take(&folders), Ok(Some(_))));
            }
            is_done.store(true, Ordering::Relaxed);
            n_lost
        });
        assert_eq!(n_lost, 0);
    }
}
