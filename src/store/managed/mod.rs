//! The private PostgreSQL cluster of a data directory.
//!
//! Phases: find the programs → make the cluster if there is none → start it, or adopt one that a killed program
//! left running → hand out its socket → the last user stops it.
//!
//! Two lock files in the data directory, both released by the kernel however a program ends:
//! - `users.lock`, shared: held by every handle. Whoever finds nobody else in it stops the cluster.
//! - `supervisor.lock`, exclusive: held by [`Cluster::supervise`] for its life, and by anybody for the moment of
//!   starting or stopping. A supervisor writes its process id into it.
//!
//! Everything here blocks; asynchronous callers use a blocking thread.

mod account;
mod folders;
mod locks;
mod postmaster;
mod programs;
mod settings;
mod watch;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use self::folders::Folders;
use self::locks::{SupervisorLock, UsersLock};
use self::postmaster::{Postmaster, Server};
use self::settings::Durability;
use self::watch::Watch;
use super::Target;
use super::error::StoreError;

/// How long a command waits for a cluster that somebody else is starting, stopping or recovering.
/// Crash recovery replays at most `max_wal_size` (1 GB) of log: under a minute on an office disk.
const READY_WAIT: Duration = Duration::from_secs(90);

/// How often a waiting command looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Doors to the private cluster of a data directory.
#[derive(Debug)]
pub struct Cluster;

impl Cluster {
    /// A running cluster for one command: whoever runs it, it is there until the handle is closed.
    ///
    /// Makes the cluster where there is none. The data directory may be shared with a supervisor and with other
    /// commands; the last of them to close stops the cluster.
    ///
    /// # Errors
    /// No PostgreSQL programs, a folder that cannot be used, or a cluster that does not start in time.
    pub fn open(data_dir: &Path) -> Result<ClusterHandle, StoreError> {
        ClusterHandle::open(data_dir, Durability::Full)
    }

    /// As [`Cluster::open`], without waiting for the disk: a power cut loses everything. For tests only.
    ///
    /// # Errors
    /// As [`Cluster::open`].
    pub fn open_scratch(data_dir: &Path) -> Result<ClusterHandle, StoreError> {
        ClusterHandle::open(data_dir, Durability::Scratch)
    }

    /// A running cluster, restarted within seconds when PostgreSQL dies, until the handle is closed.
    ///
    /// # Errors
    /// As [`Cluster::open`], and [`StoreError::SupervisorRunning`] when another process supervises already.
    pub fn supervise(data_dir: &Path) -> Result<ClusterHandle, StoreError> {
        let (server, users) = enter(data_dir, Durability::Full)?;
        let lock = SupervisorLock::hold(server.folders(), READY_WAIT)?;
        server.ensure_running(READY_WAIT)?;
        let watch = Watch::start(server.clone());
        Ok(ClusterHandle {
            server,
            users: Some(users),
            supervision: Some((lock, watch)),
        })
    }
}

/// A running cluster; closing or dropping it stops PostgreSQL unless somebody else still uses it.
#[derive(Debug)]
pub struct ClusterHandle {
    server: Server,
    /// Present until closed.
    users: Option<UsersLock>,
    /// Present while this process supervises.
    supervision: Option<(SupervisorLock, Watch)>,
}

impl ClusterHandle {
    fn open(data_dir: &Path, durability: Durability) -> Result<Self, StoreError> {
        let (server, users) = enter(data_dir, durability)?;
        let give_up = Instant::now() + READY_WAIT;
        while !server.is_ready() {
            if let Some(_starting) = SupervisorLock::try_take(server.folders())? {
                server.ensure_running(READY_WAIT)?;
            } else if Instant::now() < give_up {
                thread::sleep(LOOK_AGAIN);
            } else {
                return Err(StoreError::ClusterNotReady {
                    data_dir: data_dir.to_owned(),
                    waited: READY_WAIT,
                });
            }
        }
        Ok(Self {
            server,
            users: Some(users),
            supervision: None,
        })
    }

    /// Where to connect.
    pub fn target(&self) -> Target {
        Target::Socket {
            dir: self.server.folders().socket_dir().to_owned(),
            user: settings::SUPERUSER.to_owned(),
            database: settings::DATABASE.to_owned(),
        }
    }

    /// The process id of PostgreSQL's main process; none while it is down.
    pub fn postmaster_pid(&self) -> Option<u32> {
        Postmaster::find(self.server.folders()).map(|postmaster| postmaster.pid)
    }

    /// Leaves the cluster, and stops it if nobody else uses it. Open connections are cut.
    ///
    /// # Errors
    /// PostgreSQL does not stop.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.leave()
    }

    fn leave(&mut self) -> Result<(), StoreError> {
        let Some(users) = self.users.take() else {
            return Ok(());
        };
        drop(users);
        let mut lock = match self.supervision.take() {
            Some((lock, watch)) => {
                watch.stop();
                Some(lock)
            }
            None => SupervisorLock::try_take(self.server.folders())?,
        };
        // Another user that left while we held the supervisor's lock could not stop the cluster: look again
        // after giving the lock back, so that one of the two always does.
        while let Some(held) = lock {
            if let Some(_alone) = UsersLock::try_alone(self.server.folders())? {
                return self.server.stop();
            }
            drop(held);
            lock = match UsersLock::try_alone(self.server.folders())? {
                Some(_alone) => SupervisorLock::try_take(self.server.folders())?,
                None => None,
            };
        }
        Ok(())
    }
}

impl Drop for ClusterHandle {
    fn drop(&mut self) {
        if let Err(error) = self.leave() {
            tracing::error!(%error, "cannot stop the private PostgreSQL cluster");
        }
    }
}

/// Finds folders and programs, and joins the users of the cluster.
fn enter(data_dir: &Path, durability: Durability) -> Result<(Server, UsersLock), StoreError> {
    let folders = Folders::prepare(data_dir)?;
    let users = UsersLock::join(&folders, READY_WAIT)?;
    let server = Server::new(folders, durability)?;
    Ok((server, users))
}
