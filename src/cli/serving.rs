//! The commands that stay: the map of a database, and everything in one.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::arguments::Run;
use super::commands::{Opened, Role};
use super::error::CliError;
use super::output::{ProgressLine, print_line, print_sample_notice};
use crate::app::{
    AppError, Database, Routes, SampleParameters, compute, first_link, import_sample, keep_drawn,
    sign_in_link, wants_sample,
};
use crate::config::Settings;
use crate::ingest::ReaderCommand;
use crate::serve::{Limits, RouteError, RouteSource, ServeState, serve};

/// Villages of the sample, as many as the district it is shaped after has.
const SAMPLE_VILLAGES: usize = 158;

/// The seed of the sample that everybody sees first.
const SAMPLE_SEED: u64 = 1;

/// Who computes what is missing when the program starts.
const AT_START: &str = "jangkau run";

/// Everything in one: schema, sample into an empty database, results, map.
pub(super) async fn run(settings: &Settings, typed: &Run) -> Result<(), CliError> {
    let opened = Opened::open(settings, Role::Supervisor).await?;
    let done = match prepare(&opened.database, typed).await {
        Ok(()) => stay(settings, &opened.database).await,
        Err(error) => Err(error),
    };
    opened.close().await?;
    done
}

/// The map of a database whose schema is this program's.
pub(super) async fn serve_only(settings: &Settings) -> Result<(), CliError> {
    let opened = Opened::open(settings, Role::Supervisor).await?;
    let done = match opened.database.check_schema().await {
        Ok(()) => stay(settings, &opened.database).await,
        Err(error) => Err(error.into()),
    };
    opened.close().await?;
    done
}

async fn prepare(database: &Database, typed: &Run) -> Result<(), CliError> {
    database.migrate().await?;
    database.sweep_imports().await?;
    let bar = ProgressLine::new();
    let cancel = Arc::new(AtomicBool::new(false));
    let work = fill(database, typed, &bar, &cancel);
    let mut work = std::pin::pin!(work);
    let done = tokio::select! {
        done = &mut work => done,
        () = stopped() => {
            // The work ends by itself at the next look, and leaves nothing half done.
            cancel.store(true, Ordering::Relaxed);
            work.await.and(Err(CliError::App(AppError::Cancelled)))
        }
    };
    bar.finish();
    done
}

/// The sample where it is wanted, and the results that are missing.
async fn fill(
    database: &Database,
    typed: &Run,
    bar: &ProgressLine,
    cancel: &Arc<AtomicBool>,
) -> Result<(), CliError> {
    let stage = |stage: &str| bar.stage(stage);
    if !typed.no_sample && wants_sample(database).await? {
        print_sample_notice()?;
        let parameters = SampleParameters {
            n_villages: SAMPLE_VILLAGES,
            seed: SAMPLE_SEED,
            inside: None,
        };
        let reader = ReaderCommand::this_program()?;
        import_sample(database, &reader, parameters, &stage, Arc::clone(cancel)).await?;
    }
    match compute(database, None, AT_START, &stage, Arc::clone(cancel)).await {
        // There is nothing to compute for yet.
        Ok(_) | Err(AppError::NoVillages) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Serves until a signal; the address is the last line on standard output.
async fn stay(settings: &Settings, database: &Database) -> Result<(), CliError> {
    let listener = TcpListener::bind(settings.listen).await?;
    let address = listener.local_addr()?;
    let state = ServeState::new(database.clone(), route_source(database), Limits::default());
    if let Some(link) = first_link(database).await? {
        let link = sign_in_link(&link);
        writeln!(
            io::stderr().lock(),
            "nobody can sign in yet: the first admin sets a password at http://{address}{link} (once, within a day)"
        )?;
    }
    print_line(format!("http://{address}/"))?;
    tokio::select! {
        served = serve(state, listener, stopped()) => Ok(served?),
        never = keep_drawn(database) => match never {},
    }
}

fn route_source(database: &Database) -> RouteSource {
    let routes = Arc::new(Routes::new(database.clone()));
    Arc::new(move |request| {
        let routes = Arc::clone(&routes);
        Box::pin(async move {
            let found = routes
                .find(
                    &request.run,
                    &request.indicator,
                    &request.village,
                    request.end,
                )
                .await;
            found.map_err(|error| RouteError(Box::new(error)))
        })
    })
}

/// Resolves at Ctrl-C or when the system asks the process to end.
async fn stopped() {
    let interrupted = async {
        // Without a handler for Ctrl-C only the other signal ends the program.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => drop(terminated.recv().await),
            Err(_no_handler) => std::future::pending::<()>().await,
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
