//! The doors.

use std::process::ExitCode;

/// Dispatches.
pub fn run(arguments: impl Iterator<Item = std::ffi::OsString>) -> ExitCode {
    let arguments: Vec<_> = arguments.collect();
    if arguments.get(1).is_some_and(|first| first == "read-file") {
        return crate::ingest::reader::run();
    }
    ExitCode::SUCCESS
}
