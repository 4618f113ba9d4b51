//! PostgreSQL's main process: whether it runs, how it is made, started and stopped.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::folders::Folders;
use super::programs::{Programs, run};
use super::settings::{self, Durability};
use super::LOOK_AGAIN;
use crate::store::error::StoreError;

/// How long one start may take before it counts as failed: crash recovery included.
const START_WAIT_S: u64 = 60;

/// How long a stop may take: a checkpoint of `shared_buffers` to a slow disk.
const STOP_WAIT_S: u64 = 60;

/// What PostgreSQL writes when processes of a killed main process have not yet left its memory.
const OLD_MEMORY: &str = "pre-existing shared memory block";

/// A main process that is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Postmaster {
    pub(super) pid: u32,
    /// Whether it takes connections.
    pub(super) is_ready: bool,
}

impl Postmaster {
    /// The main process of a cluster; none where it is not running, whatever `postmaster.pid` says.
    pub(super) fn find(folders: &Folders) -> Option<Self> {
        let text = fs::read_to_string(folders.cluster().join("postmaster.pid")).ok()?;
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        // Line 8 is its state, padded: `starting`, `ready`, `stopping`.
        let is_ready = lines.nth(6).is_some_and(|state| state.trim() == "ready");
        serves(pid, &folders.cluster()).then_some(Self { pid, is_ready })
    }
}

/// Whether a process is alive and was started on this cluster: numbers of dead processes are given out again.
fn serves(pid: u32, cluster: &Path) -> bool {
    // Of a process that ended and was not yet reaped the command line is empty.
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| {
        line.split(|byte| *byte == 0)
            .any(|word| word == cluster.as_os_str().as_encoded_bytes())
    })
}

/// One cluster and the programs that run it.
#[derive(Debug, Clone)]
pub(super) struct Server {
    folders: Folders,
    programs: Programs,
    durability: Durability,
}

impl Server {
    pub(super) fn new(folders: Folders, durability: Durability) -> Result<Self, StoreError> {
        let programs = Programs::find(&folders.cluster(), folders.account.clone())?;
        Ok(Self {
            folders,
            programs,
            durability,
        })
    }

    pub(super) fn folders(&self) -> &Folders {
        &self.folders
    }

    /// Whether connections are taken.
    pub(super) fn is_ready(&self) -> bool {
        Postmaster::find(&self.folders).is_some_and(|postmaster| postmaster.is_ready)
            && UnixStream::connect(self.folders.socket_dir().join(".s.PGSQL.5432")).is_ok()
    }

    /// Makes, adopts or starts the cluster. The caller holds the supervisor's lock.
    pub(super) fn ensure_running(&self, wait: Duration) -> Result<(), StoreError> {
        self.make_if_missing()?;
        let give_up = Instant::now() + wait;
        while !self.is_ready() {
            if give_up <= Instant::now() {
                return Err(StoreError::ClusterNotReady {
                    data_dir: self.folders.data_dir().to_owned(),
                    waited: wait,
                });
            }
            match Postmaster::find(&self.folders) {
                Some(_starting_or_stopping) => thread::sleep(LOOK_AGAIN),
                None => self.start(give_up)?,
            }
        }
        Ok(())
    }

    /// Starts the main process; again and again while processes of its killed forerunner are ending.
    fn start(&self, give_up: Instant) -> Result<(), StoreError> {
        self.folders.make_private(self.folders.socket_dir())?;
        self.forget_foreign_pid()?;
        loop {
            match self.try_start() {
                Err(StoreError::Program { cause, .. })
                    if cause.contains(OLD_MEMORY) && Instant::now() < give_up =>
                {
                    thread::sleep(LOOK_AGAIN);
                }
                outcome => return outcome,
            }
        }
    }

    fn try_start(&self) -> Result<(), StoreError> {
        let options = settings::as_options(&settings::settings(&self.folders, self.durability));
        let log = self.folders.cluster().join("start.log");
        remove_file_if_there(&log)?;
        // `pg_ctl` puts the server into a session of its own: Ctrl-C in our terminal does not reach it.
        let mut command = self.programs.command("pg_ctl");
        command
            .arg("start")
            .args(["--wait", "--silent", "--timeout"])
            .arg(START_WAIT_S.to_string())
            .arg("--pgdata")
            .arg(self.folders.cluster())
            .arg("--log")
            .arg(&log)
            .arg("--options")
            .arg(options);
        let outcome = run(&mut command, "start PostgreSQL");
        match outcome {
            Ok(_) => Ok(()),
            Err(StoreError::Program {
                doing,
                program,
                cause,
            }) => Err(StoreError::Program {
                doing,
                program,
                // Its reasons stand in the log only.
                cause: format!("{cause}\n{}", fs::read_to_string(&log).unwrap_or_default()),
            }),
            Err(other) => Err(other),
        }
    }

    /// Removes a `postmaster.pid` whose number now belongs to another program, or to a main process that ended and
    /// was not yet reaped: PostgreSQL would take either for its own main process and refuse to start.
    /// A number that is free PostgreSQL clears away itself. Its shared memory still guards against processes of the
    /// former main process.
    fn forget_foreign_pid(&self) -> Result<(), StoreError> {
        let path = self.folders.cluster().join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&path) else {
            return Ok(());
        };
        let pid = text.lines().next().unwrap_or_default().trim();
        if Path::new("/proc").join(pid).exists() {
            remove_file_if_there(&path)?;
        }
        Ok(())
    }

    /// Stops the main process if it runs, and removes the socket's folder.
    pub(super) fn stop(&self) -> Result<(), StoreError> {
        if Postmaster::find(&self.folders).is_some() {
            let mut command = self.programs.command("pg_ctl");
            command
                .arg("stop")
                .args(["--wait", "--silent", "--mode", "fast", "--timeout"])
                .arg(STOP_WAIT_S.to_string())
                .arg("--pgdata")
                .arg(self.folders.cluster());
            run(&mut command, "stop PostgreSQL")?;
        }
        let folder = self.folders.socket_dir();
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(StoreError::folder("remove", folder)(error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Makes a new cluster under another name and renames it when it is whole.
    fn make_if_missing(&self) -> Result<(), StoreError> {
        let cluster = self.folders.cluster();
        if cluster.exists() {
            return Ok(());
        }
        let unfinished = self.folders.unfinished_cluster();
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(StoreError::folder("remove", &unfinished))?;
        }
        self.folders.make_private(&unfinished)?;
        let mut command = self.programs.command("initdb");
        command
            .args(["--encoding=UTF8", "--locale=C", "--data-checksums"])
            .args(["--auth-local=trust", "--auth-host=reject"])
            .arg(format!("--username={}", settings::SUPERUSER))
            .arg("--pgdata")
            .arg(&unfinished);
        if self.durability == Durability::Scratch {
            command.arg("--no-sync");
        }
        run(&mut command, "make a PostgreSQL cluster")?;
        self.make_database(&unfinished)?;
        fs::rename(&unfinished, &cluster).map_err(StoreError::folder("name", &cluster))?;
        fs::File::open(self.folders.data_dir())
            .and_then(|folder| folder.sync_all())
            .map_err(StoreError::folder("sync", self.folders.data_dir()))
    }

    /// Makes our database without starting a server: `postgres --single` reads statements from its input.
    fn make_database(&self, cluster: &Path) -> Result<(), StoreError> {
        let doing = "make the database";
        let mut command = self.programs.command("postgres");
        command
            .args(["--single", "-j", "-D"])
            .arg(cluster)
            .arg("postgres")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let failed = |cause: String| StoreError::Program {
            doing,
            program: "postgres".to_owned(),
            cause,
        };
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let statement = format!("create database {};\n\n", settings::DATABASE);
        if let Some(mut input) = child.stdin.take() {
            input
                .write_all(statement.as_bytes())
                .map_err(|error| failed(error.to_string()))?;
        }
        let output = child
            .wait_with_output()
            .map_err(|error| failed(error.to_string()))?;
        let said = String::from_utf8_lossy(&output.stderr);
        // A statement that fails does not fail the program.
        if output.status.success() && !said.contains("ERROR:") {
            Ok(())
        } else {
            Err(failed(said.trim().to_owned()))
        }
    }
}

fn remove_file_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(StoreError::folder("remove", path)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
