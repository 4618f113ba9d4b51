//! What is wrong with settings, and what would be right.

use std::fmt;
use std::net::IpAddr;

/// One setting that cannot be used.
///
/// No message repeats the database address, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsProblem {
    /// Two databases are named.
    #[error(
        "--data-dir and DATABASE_URL name two databases: give --data-dir for a private one or set DATABASE_URL, not both"
    )]
    TwoDatabases,
    /// The address of the database is of an unknown kind.
    #[error("DATABASE_URL does not begin with postgres:// or postgresql://")]
    DatabaseUrl,
    /// A variable of the environment is not UTF-8.
    #[error("{0} is not UTF-8")]
    NotUtf8(&'static str),
    /// There is no place for data.
    #[error(
        "no place for data: neither XDG_DATA_HOME nor HOME is an absolute path; give --data-dir"
    )]
    NoDataDirectory,
    /// The data directory is no path.
    #[error("--data-dir is empty")]
    EmptyDataDirectory,
    /// The working directory, from which a relative data directory counts, cannot be found.
    #[error("--data-dir is relative, and the working directory cannot be found: {0}")]
    NoWorkingDirectory(String),
    /// Two addresses to listen on.
    #[error("--listen and --port both name a port: give one of them")]
    TwoPorts,
    /// No address and port.
    #[error("--listen `{0}` is not an address and port such as 127.0.0.1:8080 or [::1]:8080")]
    Listen(String),
    /// An address that others can reach.
    #[error(
        "--listen {0} would be open to other machines, and there is no sign-in yet: listen on 127.0.0.1 or [::1]"
    )]
    NotLoopback(IpAddr),
    /// No known form of log lines.
    #[error("{setting} `{word}` is unknown: expected text or json")]
    LogFormat {
        /// Where it was said.
        setting: &'static str,
        /// What was said.
        word: String,
    },
}

/// Every problem of the settings, at least one, one a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SettingsError {
    /// The problems, in the order of the settings.
    pub problems: Vec<SettingsProblem>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot use these settings:")?;
        for problem in &self.problems {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}
