//! The supervisor's thread: it starts PostgreSQL again when its main process has died.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::postmaster::{Postmaster, Server};

/// How often it looks: reading two small files.
const EVERY: Duration = Duration::from_millis(500);

/// How long it tries to start before it says so in the log and begins anew.
const TRY_FOR: Duration = Duration::from_secs(60);

/// A running watch.
#[derive(Debug)]
pub(super) struct Watch {
    thread: JoinHandle<()>,
    /// Nothing is ever sent: the thread ends when this is dropped.
    stop: Sender<()>,
}

impl Watch {
    pub(super) fn start(server: Server) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(EVERY) {
                if Postmaster::find(server.folders()).is_none() {
                    restart(&server);
                }
            }
        });
        Self { thread, stop }
    }

    /// Ends the watch, after a restart that is under way.
    pub(super) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the watch over PostgreSQL panicked");
        }
    }
}

fn restart(server: &Server) {
    tracing::warn!("PostgreSQL has died: starting it again");
    match server.ensure_running(TRY_FOR) {
        Ok(()) => tracing::info!("PostgreSQL runs again"),
        Err(error) => tracing::error!(%error, "cannot start PostgreSQL again: trying on"),
    }
}
