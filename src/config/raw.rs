//! What was typed, before anybody asks what it means.

use std::path::PathBuf;

/// Settings as given on the command line; nothing is checked, `None` was not given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawSettings {
    /// `--data-dir`: where the private database and our own files live.
    pub data_dir: Option<PathBuf>,
    /// `--listen`: address and port, such as `127.0.0.1:8080`.
    pub listen: Option<String>,
    /// `--port`: a port on the loopback address; 0 takes any free one.
    pub port: Option<u16>,
    /// `--log-format`: `text` or `json`.
    pub log_format: Option<String>,
}

/// Who runs the program, as far as it decides where data live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// The superuser, whose home no other user may enter.
    Root,
    /// Anybody else.
    Unprivileged,
}

impl User {
    /// Whoever runs this process.
    pub fn current() -> Self {
        if rustix::process::geteuid().is_root() {
            Self::Root
        } else {
            Self::Unprivileged
        }
    }
}
