//! The command line: what was typed becomes settings and a use case; what comes of it is printed.

mod accounts;
mod accounts_arguments;
mod arguments;
mod audit;
mod codes;
mod commands;
mod error;
mod export;
mod files;
mod files_arguments;
mod history;
mod output;
mod serving;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;
use tracing_subscriber::EnvFilter;

use arguments::{Arguments, Command, Listen, Shared};
use error::CliError;

use crate::config::{LogFormat, RawSettings, Settings, User};
use crate::ingest::{ReaderCommand, reader};

/// Runs the program with its arguments, the first of which is its name.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.collect();
    // The child process: before anything else is set up, since it limits itself.
    if arguments
        .get(1)
        .is_some_and(|first| first == ReaderCommand::ARGUMENT)
    {
        return reader::run();
    }
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Where even this cannot be printed there is nowhere left to say so.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match start(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !matches!(error, CliError::Refused) {
                // Where even this cannot be printed there is nowhere left to say so.
                let _ = writeln!(io::stderr().lock(), "jangkau: {error}");
            }
            error.exit_code()
        }
    }
}

fn start(arguments: Arguments) -> Result<(), CliError> {
    let settings = settings(&arguments.shared, listen(&arguments.command))?;
    start_log(settings.log_format);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let cancel = Arc::new(AtomicBool::new(false));
        if !matches!(arguments.command, Command::Run(_) | Command::Serve(_)) {
            cancel_on_interrupt(Arc::clone(&cancel));
        }
        commands::dispatch(arguments, settings, cancel).await
    })
}

fn listen(command: &Command) -> Option<&Listen> {
    match command {
        Command::Run(run) => Some(&run.listen),
        Command::Serve(listen) => Some(listen),
        _ => None,
    }
}

fn settings(shared: &Shared, listen: Option<&Listen>) -> Result<Settings, CliError> {
    let raw = RawSettings {
        data_dir: shared.data_dir.clone(),
        listen: listen.and_then(|listen| listen.listen.clone()),
        port: listen.and_then(|listen| listen.port),
        log_format: shared.log_format.clone(),
    };
    Ok(Settings::resolve(
        &raw,
        |name| std::env::var_os(name),
        User::current(),
    )?)
}

fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    match format {
        LogFormat::Json => log.json().init(),
        LogFormat::Text => log.init(),
    }
}

/// The first Ctrl-C asks the work to stop and leave nothing half done.
fn cancel_on_interrupt(cancel: Arc<AtomicBool>) {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            cancel.store(true, Ordering::Relaxed);
        }
    });
}
