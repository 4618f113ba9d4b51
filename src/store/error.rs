//! What can go wrong between the program and its database; each says what was attempted.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use deadpool_postgres::PoolError;

use crate::domain::{Layer, RunId};

/// A failure of the store. Nothing is half done after it: each change is one transaction.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// PostgreSQL is not installed, or not in the version that made the cluster.
    #[error("cannot find PostgreSQL's programs{}: install Debian's packages postgresql and postgis, or set PG_BIN to the folder of pg_ctl",
        wanted.as_ref().map(|major| format!(" of version {major}, which made this data directory")).unwrap_or_default())]
    NoPrograms {
        /// The major version that made the cluster; none where there is no cluster yet.
        wanted: Option<String>,
    },
    /// Started as root on a machine where nobody else can run PostgreSQL.
    #[error(
        "cannot run PostgreSQL as root, and this machine has neither a user postgres nor nobody"
    )]
    NoAccount,
    /// A folder that is closed to PostgreSQL's user.
    #[error("user {account} cannot pass through {} to {}: choose another --data-dir, or run chmod o+x {}",
        folder.display(), data_dir.display(), folder.display())]
    NotTraversable {
        /// The outermost closed folder.
        folder: PathBuf,
        /// Who cannot pass.
        account: String,
        /// Where they were to go.
        data_dir: PathBuf,
    },
    /// A folder that should be private and is not, or is a link.
    #[error("folder {} is not a folder that only user {owner} can enter: remove it", path.display())]
    UnsafeFolder {
        /// The folder.
        path: PathBuf,
        /// The user id that should own it.
        owner: u32,
    },
    /// The path of the socket does not fit into a socket address.
    #[error("path {} is longer than the 107 bytes of a unix socket: set XDG_RUNTIME_DIR to a shorter folder", path.display())]
    SocketPathTooLong {
        /// The path.
        path: PathBuf,
    },
    /// A file or folder of the data directory cannot be used.
    #[error("cannot {doing} {}: {source}", path.display())]
    Folder {
        /// What was attempted.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// One of PostgreSQL's programs failed.
    #[error("cannot {doing}: {program} said: {cause}")]
    Program {
        /// What was attempted.
        doing: &'static str,
        /// The program.
        program: String,
        /// What it wrote.
        cause: String,
    },
    /// Another process supervises the cluster.
    #[error("cannot supervise {}: {} already does", data_dir.display(),
        pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}")))]
    SupervisorRunning {
        /// The data directory.
        data_dir: PathBuf,
        /// The other process, where it left its number.
        pid: Option<u32>,
    },
    /// The cluster did not take connections in time.
    #[error("PostgreSQL in {} takes no connections after {} s: see postgres/start.log and postgres/log there",
        data_dir.display(), waited.as_secs())]
    ClusterNotReady {
        /// The data directory.
        data_dir: PathBuf,
        /// How long was waited.
        waited: Duration,
    },
    /// `DATABASE_URL` cannot be understood. Its text is left out, since it may hold a password.
    #[error("cannot understand DATABASE_URL: {}", describe(.0))]
    Url(tokio_postgres::Error),
    /// No connection to the database.
    #[error("cannot connect to the database: {}", describe(.0))]
    Connect(tokio_postgres::Error),
    /// No connection from a pool: all are in use, or none can be made.
    #[error("cannot get a connection to the database: {}", describe_pool(.0))]
    Pool(PoolError),
    /// A statement failed.
    #[error("cannot {doing}: {}", describe(source))]
    Sql {
        /// What was attempted.
        doing: &'static str,
        /// What the database said.
        source: tokio_postgres::Error,
    },
    /// A version that the layer does not have.
    #[error("there is no such version of {layer}: see jangkau versions")]
    NoSuchVersion {
        /// The layer.
        layer: Layer,
    },
    /// Nobody went back last.
    #[error(
        "the last change of {layer} was no rollback, so there is none to undo: name a version with --to"
    )]
    NothingToUndo {
        /// The layer.
        layer: Layer,
    },
    /// A version whose records were dropped to save room.
    #[error("the records of that version of {layer} were dropped: import its file again")]
    RecordsDropped {
        /// The layer.
        layer: Layer,
    },
    /// Areas could not be simplified together: the computation itself failed.
    #[error("cannot generalise areas: the computation broke off")]
    Generalise,
    /// A record that cannot be written as a row of its table.
    #[error("cannot write record {key} of {layer} into its table: {cause}")]
    Unwritable {
        /// The layer.
        layer: Layer,
        /// The record.
        key: String,
        /// Why not.
        cause: String,
    },
    /// The user of `DATABASE_URL` lacks a right that the set-up needs.
    #[error("user {user} may not {right} in database {database}: {mend}")]
    MissingRight {
        /// The user.
        user: String,
        /// The database.
        database: String,
        /// What it may not do.
        right: &'static str,
        /// What an administrator can do about it.
        mend: String,
    },
    /// A migration failed; the schema is as before it.
    #[error("cannot migrate the database: {}", describe_migration(.0))]
    Migration(refinery::Error),
    /// The database has no schema of ours, or an older one.
    #[error(
        "the database's schema is at version {found}, this program needs {known}: run jangkau migrate"
    )]
    SchemaBehind {
        /// Version found; 0 is none.
        found: i32,
        /// Version this program brings.
        known: i32,
    },
    /// The database was migrated by a newer program.
    #[error(
        "the database's schema is at version {found}, this program knows only {known}: use the newer program"
    )]
    SchemaAhead {
        /// Version found.
        found: i32,
        /// Newest version this program knows.
        known: i32,
    },
    /// A migration that the database has had is not the one this program knows by its number.
    #[error(
        "migration {version} of the database, {name}, is not the one that this program knows: it was made by another edition"
    )]
    SchemaDiverged {
        /// Number of the migration.
        version: i32,
        /// Its name in the database.
        name: String,
    },
    /// Another import of the layer is under way.
    #[error("cannot import {layer}: another import of this layer is under way")]
    ImportInProgress {
        /// The layer.
        layer: Layer,
    },
    /// A record of another kind than the layer holds.
    #[error("cannot store record {key} in {layer}: it is of another kind")]
    WrongKind {
        /// The layer.
        layer: Layer,
        /// Key of the record.
        key: String,
    },
    /// A value that the column cannot hold.
    #[error("cannot store record {key} in {layer}: {field} is `{value}`")]
    Value {
        /// The layer.
        layer: Layer,
        /// Key of the record.
        key: String,
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// Two records with one key.
    #[error("cannot import {layer}: {detail}")]
    DuplicateKey {
        /// The layer.
        layer: Layer,
        /// What the database said: the key.
        detail: String,
    },
    /// A version cannot be empty.
    #[error("cannot activate {layer}: no record was stored")]
    NoRecords {
        /// The layer.
        layer: Layer,
    },
    /// The people of a village do not add up over the states of a run.
    #[error("cannot save run {run}: people of a village and its states differ: {detail}")]
    NotConserved {
        /// The run.
        run: RunId,
        /// The row, as the database tells it.
        detail: String,
    },
    /// A stored value that this program does not understand.
    #[error("cannot read {what}: {cause}")]
    Unreadable {
        /// What was read.
        what: &'static str,
        /// Why it is not understood.
        cause: String,
    },
}

impl StoreError {
    /// For `map_err`: what was being done to a file or folder.
    pub(super) fn folder(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Folder {
            doing,
            path,
            source,
        }
    }

    /// For `map_err`: which statement was being run.
    pub(super) fn sql(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |source| Self::Sql { doing, source }
    }

    /// For `map_err`: what was being read.
    pub(super) fn unreadable<E: std::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |cause| Self::Unreadable {
            what,
            cause: cause.to_string(),
        }
    }
}

/// The database's own sentence with its detail: the driver's says only `db error`.
pub(super) fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => match said.detail() {
            Some(detail) => format!("{} ({detail})", said.message()),
            None => said.message().to_owned(),
        },
        None => with_causes(error),
    }
}

fn describe_pool(error: &PoolError) -> String {
    match error {
        PoolError::Backend(error) => describe(error),
        other => with_causes(other),
    }
}

fn describe_migration(error: &refinery::Error) -> String {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<tokio_postgres::Error>() {
            return describe(error);
        }
        cause = error.source();
    }
    with_causes(error)
}

/// An error and what caused it, and what caused that, joined by colons.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
