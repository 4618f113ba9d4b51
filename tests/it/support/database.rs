//! Fresh databases on a real PostGIS: one private cluster for the test process, one database a test.
//!
//! The cluster lies under `/tmp`, keeps nothing safe from a power cut, and goes away with the process,
//! however that ends.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use jangkau::store::{Cluster, ClusterHandle, Database, Target};
use serde_json::Value;
use tokio_postgres::{Client, Config, NoTls};

/// A database with our schema in it, copied for each test.
const TEMPLATE: &str = "template_with_schema";

static CLUSTER: LazyLock<ScratchCluster> = LazyLock::new(ScratchCluster::start);
static N_DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database that only one test sees.
pub(crate) struct ScratchDatabase {
    /// Connected.
    pub(crate) database: Database,
    /// Where it is, for those who connect themselves.
    pub(crate) target: Target,
}

impl ScratchDatabase {
    /// A database with our schema and nothing in it.
    pub(crate) async fn migrated() -> Self {
        Self::made(&format!("template {TEMPLATE}")).await
    }

    /// A database without schema or PostGIS.
    pub(crate) async fn empty() -> Self {
        Self::made("").await
    }

    /// A connection of the superuser, to look behind the scenes.
    pub(crate) async fn client(&self) -> Client {
        let client = connect(&self.target).await;
        client
            .batch_execute("set search_path to jangkau, public")
            .await
            .unwrap();
        client
    }

    /// The same database as another role.
    pub(crate) async fn connect_as(&self, role: &str) -> Database {
        let Target::Socket { dir, database, .. } = self.target.clone() else {
            unreachable!("the scratch cluster has a socket")
        };
        let user = role.to_owned();
        let target = Target::Socket {
            dir,
            user,
            database,
        };
        Database::connect(&target).await.unwrap()
    }

    /// What the program says over this database with `--json`, and its exit code.
    pub(crate) async fn command(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let Target::Socket {
            dir,
            user,
            database,
        } = &self.target
        else {
            unreachable!("the scratch cluster has a socket")
        };
        let dir = dir.display();
        let url = format!("postgresql:///{database}?host={dir}&user={user}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_jangkau"));
        command
            .args(arguments)
            .arg("--json")
            .env("DATABASE_URL", url)
            .env("RUST_LOG", "warn");
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let said = serde_json::from_slice(&output.stdout);
        (output.status.code(), said.unwrap_or_default())
    }

    async fn made(how: &str) -> Self {
        let cluster = tokio::task::spawn_blocking(|| &*CLUSTER).await.unwrap();
        let name = format!("test_{}", N_DATABASES.fetch_add(1, Ordering::Relaxed));
        connect(&cluster.named("postgres"))
            .await
            .batch_execute(&format!("create database {name} {how}"))
            .await
            .unwrap();
        let target = cluster.named(&name);
        let database = Database::connect(&target).await.unwrap();
        Self { database, target }
    }
}

/// A folder that the unprivileged user of a test run by root can pass through. Removed when dropped.
pub(crate) fn scratch_folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new()
        .prefix("jangkau-it-")
        .tempdir_in("/tmp")
        .unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

/// A connection of the superuser.
pub(crate) async fn connect(target: &Target) -> Client {
    let Target::Socket {
        dir,
        user,
        database,
    } = target
    else {
        unreachable!("the scratch cluster has a socket")
    };
    let (client, connection) = Config::new()
        .host_path(dir)
        .user(user)
        .dbname(database)
        .connect(NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}

struct ScratchCluster {
    handle: ClusterHandle,
    /// Ends when the pipe to it breaks, that is, with this process.
    _undertaker: Child,
}

impl ScratchCluster {
    fn start() -> Self {
        let folder = scratch_folder().keep();
        let handle = Cluster::open_scratch(&folder).unwrap();
        let undertaker = undertaker(&folder, &handle);
        let cluster = Self {
            handle,
            _undertaker: undertaker,
        };
        let template = cluster.named(TEMPLATE);
        let admin = cluster.named("postgres");
        // The runtime of whichever test came first would end with that test.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        std::thread::spawn(move || {
            runtime.block_on(async {
                connect(&admin)
                    .await
                    .batch_execute(&format!("create database {TEMPLATE}"))
                    .await
                    .unwrap();
                let database = Database::connect(&template).await.unwrap();
                database.migrate().await.unwrap();
            });
        })
        .join()
        .unwrap();
        cluster
    }

    fn named(&self, name: &str) -> Target {
        let Target::Socket { dir, user, .. } = self.handle.target() else {
            unreachable!("a private cluster has a socket")
        };
        Target::Socket {
            dir,
            user,
            database: name.to_owned(),
        }
    }
}

/// A shell that waits for the end of this process, kills the cluster and removes its folders.
fn undertaker(folder: &Path, handle: &ClusterHandle) -> Child {
    let Target::Socket { dir, .. } = handle.target() else {
        unreachable!("a private cluster has a socket")
    };
    let pid = handle.postmaster_pid().unwrap();
    let folders: [PathBuf; 2] = [folder.to_owned(), dir];
    Command::new("sh")
        .arg("-c")
        .arg("cat; kill -QUIT $1; for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 $1 || break; sleep 0.2; done; rm -rf $2 $3")
        .arg("undertaker")
        .arg(pid.to_string())
        .args(folders)
        // Ctrl-C is for the tests, not for who cleans up after them.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
