//! PostgreSQL's own programs: where they are, and how they are run.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::account::Account;
use crate::store::error::StoreError;

/// Where Debian keeps one folder a major version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A folder with `initdb`, `pg_ctl` and `postgres`.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    bin: PathBuf,
    account: Option<Account>,
}

impl Programs {
    /// The programs for a cluster: of the version that made it, or the newest where there is none yet.
    ///
    /// Looks in `PG_BIN`, then in Debian's folders, then in `PATH`.
    pub(super) fn find(cluster: &Path, account: Option<Account>) -> Result<Self, StoreError> {
        let candidates: Vec<Self> = folders()
            .into_iter()
            .filter(|bin| {
                ["initdb", "pg_ctl", "postgres"]
                    .iter()
                    .all(|name| bin.join(name).is_file())
            })
            .map(|bin| Self {
                bin,
                account: account.clone(),
            })
            .collect();
        let Ok(wanted) = fs::read_to_string(cluster.join("PG_VERSION")) else {
            return candidates
                .into_iter()
                .next()
                .ok_or(StoreError::NoPrograms { wanted: None });
        };
        let wanted = wanted.trim();
        candidates
            .into_iter()
            .find(|programs| programs.major().as_deref() == Some(wanted))
            .ok_or_else(|| StoreError::NoPrograms {
                wanted: Some(wanted.to_owned()),
            })
    }

    /// A command that runs as the cluster's owner, in a folder everybody may enter, without our `PG…` settings.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        command
            .current_dir("/")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    /// `15` of `postgres (PostgreSQL) 15.8 (Debian …)`.
    fn major(&self) -> Option<String> {
        let output = self.command("postgres").arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.split_whitespace().nth(2)?;
        version.split('.').next().map(str::to_owned)
    }
}

/// Runs a command to its end.
///
/// # Errors
/// It cannot be run, or says that it failed; what it wrote is in the error.
pub(super) fn run(command: &mut Command, doing: &'static str) -> Result<Output, StoreError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |cause: String| StoreError::Program {
        doing,
        program: program.clone(),
        cause,
    };
    let output = command.output().map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = [output.stdout, output.stderr].concat();
    Err(failed(format!(
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&said).trim()
    )))
}

/// Folders that may hold the programs, best first.
fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    folders.extend(std::env::var_os("PG_BIN").map(PathBuf::from));
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let major = entry.file_name().to_str()?.parse().ok()?;
            Some((major, entry.path().join("bin")))
        })
        .collect();
    debian.sort();
    folders.extend(debian.into_iter().rev().map(|(_, bin)| bin));
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    folders
}
