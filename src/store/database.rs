//! Connections: as owner for the schema, as `jangkau_app` for writing, as `jangkau_reader` for reading.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime,
};
use tokio_postgres::{Client, Config, NoTls};

use super::error::StoreError;

/// Connections that write: imports and runs are few at a time.
const APP_CONNECTIONS: usize = 8;

/// Connections that read: twice the cores of a small server, and room for slow ones.
const READER_CONNECTIONS: usize = 16;

/// How long a caller waits for a free connection before it is told that there is none.
const POOL_WAIT: Duration = Duration::from_secs(5);

/// How long making a connection may take.
const CONNECT_WAIT: Duration = Duration::from_secs(10);

/// Said on each new connection of the owner.
const AS_OWNER: &str = "set search_path to jangkau, public; set timezone to 'UTC'";

/// Said on each new connection for writing.
const AS_APP: &str =
    "set role jangkau_app; set search_path to jangkau, public; set timezone to 'UTC'";

/// Said on each new connection for reading. 15 s: longer than any honest page, shorter than a reader's patience.
/// Reads are many and short: workers and compiled plans cost more than they bring (a tile of zoom 5: 78 ms with
/// workers, 68 without).
const AS_READER: &str = "set role jangkau_reader; set search_path to jangkau, public; \
    set timezone to 'UTC'; set default_transaction_read_only to on; set statement_timeout to '15s'; \
    set jit to off; set max_parallel_workers_per_gather to 0";

/// Which database is meant.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A database behind a unix socket, such as that of the private cluster.
    Socket {
        /// Folder of the socket.
        dir: PathBuf,
        /// The role that owns the schema.
        user: String,
        /// Its name.
        database: String,
    },
    /// A `DATABASE_URL`.
    Url(String),
}

impl fmt::Debug for Target {
    /// Leaves the address out: it may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket {
                dir,
                user,
                database,
            } => f
                .debug_struct("Socket")
                .field("dir", dir)
                .field("user", user)
                .field("database", database)
                .finish(),
            Self::Url(_) => f.write_str("Url(…)"),
        }
    }
}

impl Target {
    fn config(&self) -> Result<Config, StoreError> {
        let mut config = match self {
            Self::Socket {
                dir,
                user,
                database,
            } => {
                let mut config = Config::new();
                config.host_path(dir).user(user).dbname(database);
                config
            }
            Self::Url(url) => url.parse().map_err(StoreError::Url)?,
        };
        config
            .connect_timeout(CONNECT_WAIT)
            .application_name("jangkau");
        Ok(config)
    }
}

/// A database, with its connections. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    config: Config,
    app: Pool,
    reader: Pool,
}

impl Database {
    /// Reaches a database. Its schema is not looked at: see [`Database::migrate`] and [`Database::check_schema`].
    ///
    /// # Errors
    /// An address that cannot be understood, or a database that cannot be reached.
    pub async fn connect(target: &Target) -> Result<Self, StoreError> {
        let config = target.config()?;
        let database = Self {
            app: pool(&config, APP_CONNECTIONS, AS_APP),
            reader: pool(&config, READER_CONNECTIONS, AS_READER),
            config,
        };
        database.owner().await?;
        Ok(database)
    }

    /// Whether the database answers a reader, within the waits of the pool.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let client = self.reader().await?;
        client
            .simple_query("")
            .await
            .map_err(StoreError::sql("ask the database for anything"))?;
        Ok(())
    }

    /// A connection of its own with the owner's rights; closed when dropped.
    pub(super) async fn owner(&self) -> Result<Client, StoreError> {
        self.own(AS_OWNER).await
    }

    /// A connection of its own that may write; closed when dropped, and with it what the session holds.
    pub(super) async fn own_app(&self) -> Result<Client, StoreError> {
        self.own(AS_APP).await
    }

    async fn own(&self, introduction: &str) -> Result<Client, StoreError> {
        let (client, connection) = self
            .config
            .connect(NoTls)
            .await
            .map_err(StoreError::Connect)?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a connection to the database broke");
            }
        });
        client
            .batch_execute(introduction)
            .await
            .map_err(StoreError::sql("prepare a connection"))?;
        Ok(client)
    }

    /// A connection that may write.
    pub(super) async fn app(&self) -> Result<Object, StoreError> {
        self.app.get().await.map_err(StoreError::Pool)
    }

    /// A connection that may only read, and not for long.
    pub(super) async fn reader(&self) -> Result<Object, StoreError> {
        self.reader.get().await.map_err(StoreError::Pool)
    }

    /// The pool of connections that may only read.
    pub fn reader_pool(&self) -> &Pool {
        &self.reader
    }

    /// User and database as they are named in messages.
    pub(super) fn names(&self) -> (String, String) {
        let user = self.config.get_user().unwrap_or_default().to_owned();
        let database = self.config.get_dbname().unwrap_or(&user).to_owned();
        (user, database)
    }
}

fn pool(config: &Config, n_connections: usize, introduction: &'static str) -> Pool {
    let recycling_method = RecyclingMethod::Fast;
    let manager = Manager::from_config(config.clone(), NoTls, ManagerConfig { recycling_method });
    Pool::builder(manager)
        .max_size(n_connections)
        .wait_timeout(Some(POOL_WAIT))
        .create_timeout(Some(CONNECT_WAIT))
        .runtime(Runtime::Tokio1)
        .post_create(Hook::async_fn(move |client, _| {
            Box::pin(async move {
                client
                    .batch_execute(introduction)
                    .await
                    .map_err(HookError::Backend)
            })
        }))
        .build()
        .expect("a runtime is given with the timeouts")
}
