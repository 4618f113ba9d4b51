//! The private cluster with real processes: started, shared, killed, found again.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jangkau::store::{Cluster, ClusterHandle, StoreError};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::database::{connect, scratch_folder};

/// Names the data directory that [`another_process_supervises_when_it_is_asked_to`] is to supervise.
const SUPERVISE: &str = "JANGKAU_TEST_SUPERVISE";

/// Far more than a restart takes, so that a slow machine does not fail the test.
const PATIENCE: Duration = Duration::from_mins(1);

/// Not a test of its own: the other process of the tests below, which start this binary again with only this test.
#[test]
fn another_process_supervises_when_it_is_asked_to() {
    let Some(data_dir) = std::env::var_os(SUPERVISE) else {
        return;
    };
    let _cluster = Cluster::supervise(Path::new(&data_dir)).unwrap();
    // Until it is killed.
    loop {
        std::thread::park();
    }
}

/// The other process; killed as `kill -9` does when it is dropped.
struct Other(Child);

impl Other {
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.kill();
    }
}

fn supervise_in_another_process(data_dir: &Path) -> Other {
    supervise_with(data_dir, &[])
}

fn supervise_with(data_dir: &Path, environment: &[(&str, &OsStr)]) -> Other {
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "store::cluster::another_process_supervises_when_it_is_asked_to",
        ])
        .env(SUPERVISE, data_dir)
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The supervisor writes its number when it holds the lock; `open` then waits until the cluster is ready.
    let number = child.id().to_string();
    wait_until("the other process supervises", || {
        fs::read_to_string(data_dir.join("supervisor.lock")).is_ok_and(|text| text == number)
    });
    Other(child)
}

fn kill(pid: u32) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let give_up = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < give_up, "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn is_alive(pid: u32) -> bool {
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

/// The one value of the one row of a statement, as text.
fn ask(cluster: &ClusterHandle, expression: &str) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = connect(&cluster.target()).await;
        let row = client
            .query_one(&format!("select ({expression})::text"), &[])
            .await
            .unwrap();
        row.get(0)
    })
}

fn keep_a_seven(cluster: &ClusterHandle) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = connect(&cluster.target()).await;
        client
            .batch_execute("create table kept as select 7 as value")
            .await
            .unwrap();
    });
}

#[test]
fn a_closed_cluster_is_stopped_and_keeps_its_rows() {
    let folder = scratch_folder();
    let cluster = Cluster::open(folder.path()).unwrap();
    let pid = cluster.postmaster_pid().unwrap();
    keep_a_seven(&cluster);
    cluster.close().unwrap();
    assert!(!is_alive(pid));

    let cluster = Cluster::open(folder.path()).unwrap();
    assert_eq!(ask(&cluster, "select value from kept"), "7");
}

#[test]
fn the_cluster_checks_its_pages_and_listens_to_nobody_outside() {
    let folder = scratch_folder();
    let cluster = Cluster::open(folder.path()).unwrap();
    for (setting, value) in [
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
        ("fsync", "on"),
        ("lc_collate", "C"),
    ] {
        assert_eq!(
            ask(&cluster, &format!("current_setting('{setting}')")),
            value
        );
    }
}

#[test]
fn the_last_to_leave_stops_the_cluster() {
    let folder = scratch_folder();
    let first = Cluster::open_scratch(folder.path()).unwrap();
    let second = Cluster::open_scratch(folder.path()).unwrap();
    let pid = first.postmaster_pid().unwrap();
    first.close().unwrap();
    assert_eq!(second.postmaster_pid(), Some(pid));
    second.close().unwrap();
    assert!(!is_alive(pid));
}

#[test]
fn many_who_open_at_once_share_one_cluster() {
    let folder = scratch_folder();
    let handles: Vec<ClusterHandle> = std::thread::scope(|scope| {
        let openers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| Cluster::open_scratch(folder.path()).unwrap()))
            .collect();
        openers
            .into_iter()
            .map(|opener| opener.join().unwrap())
            .collect()
    });
    let pid = handles[0].postmaster_pid().unwrap();
    for handle in handles {
        assert_eq!(handle.postmaster_pid(), Some(pid));
        handle.close().unwrap();
    }
    assert!(!is_alive(pid));
}

#[test]
fn a_second_supervisor_is_refused_while_other_commands_connect() {
    let folder = scratch_folder();
    let other = supervise_in_another_process(folder.path());
    let error = Cluster::supervise(folder.path()).unwrap_err();
    let command = Cluster::open(folder.path()).unwrap();
    assert_eq!(ask(&command, "1 + 1"), "2");
    let pid_of_other = other.0.id();
    // Killed first, so that the command is the last to leave and stops the cluster.
    drop(other);
    command.close().unwrap();
    assert!(
        matches!(error, StoreError::SupervisorRunning { pid: Some(pid), .. } if pid == pid_of_other)
    );
}

#[test]
fn a_supervisor_may_begin_while_a_command_runs() {
    let folder = scratch_folder();
    let command = Cluster::open(folder.path()).unwrap();
    let pid = command.postmaster_pid();
    let supervisor = Cluster::supervise(folder.path()).unwrap();
    command.close().unwrap();
    assert_eq!(supervisor.postmaster_pid(), pid);
}

#[test]
fn row_51_a_killed_program_leaves_a_cluster_that_the_next_one_takes_over() {
    let folder = scratch_folder();
    let mut other = supervise_in_another_process(folder.path());
    let pid = Cluster::open(folder.path()).map(|command| command.postmaster_pid());
    other.kill();

    let next = Cluster::supervise(folder.path()).unwrap();
    assert_eq!(next.postmaster_pid(), pid.unwrap());
    assert_eq!(ask(&next, "1 + 1"), "2");
}

#[test]
fn row_55_a_killed_postgres_is_started_again_by_its_supervisor() {
    let folder = scratch_folder();
    let cluster = Cluster::supervise(folder.path()).unwrap();
    let first = cluster.postmaster_pid().unwrap();
    // A process that is busy does not notice the death at once, and holds the old memory for a while.
    let target = cluster.target();
    let busy = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let client = connect(&target).await;
            client
                .simple_query("select count(*) from generate_series(1, 10000000) n where n % 7 = 3")
                .await
        })
    });
    wait_until("a process is busy", || {
        ask(
            &cluster,
            "select count(*) from pg_stat_activity where query like '%generate_series(1,%' and state = 'active' and pid <> pg_backend_pid()",
        ) == "1"
    });
    kill(first);
    wait_until("another postgres runs", || {
        cluster.postmaster_pid().is_some_and(|pid| pid != first)
    });
    let next = Cluster::open(folder.path()).unwrap();
    assert_eq!(ask(&next, "1 + 1"), "2");
    // Whether the busy statement still got its answer out is of no interest.
    drop(busy.join().unwrap());
}

#[test]
fn a_killed_program_and_a_killed_postgres_recover_at_the_next_start() {
    let folder = scratch_folder();
    let mut other = supervise_in_another_process(folder.path());
    let command = Cluster::open(folder.path()).unwrap();
    let pid = command.postmaster_pid().unwrap();
    keep_a_seven(&command);
    other.kill();
    kill(pid);
    drop(command);

    let next = Cluster::open(folder.path()).unwrap();
    assert_eq!(ask(&next, "select value from kept"), "7");
}

#[test]
fn a_pid_file_that_names_somebody_else_does_not_stop_the_start() {
    let folder = scratch_folder();
    Cluster::open_scratch(folder.path())
        .unwrap()
        .close()
        .unwrap();
    // As after a power cut, when the number has been given to another program: to this one.
    let us = std::process::id();
    let text = format!("{us}\n/nowhere\n1700000000\n5432\n/nowhere\n\n  1  1\nready   \n");
    fs::write(folder.path().join("postgres/postmaster.pid"), text).unwrap();

    let cluster = Cluster::open_scratch(folder.path()).unwrap();
    assert_eq!(ask(&cluster, "1 + 1"), "2");
}

#[test]
fn a_cluster_that_was_never_finished_is_made_anew() {
    let folder = scratch_folder();
    let unfinished = folder.path().join("postgres.unfinished");
    fs::create_dir(&unfinished).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    let cluster = Cluster::open_scratch(folder.path()).unwrap();
    assert_eq!(ask(&cluster, "1 + 1"), "2");
    assert!(!unfinished.exists());
}

#[test]
fn a_cluster_is_found_where_somebody_with_another_runtime_directory_has_its_socket() {
    // Root has only one.
    if rustix::process::geteuid().is_root() {
        return;
    }
    let folder = scratch_folder();
    let runtime_dir = scratch_folder();
    let mut other = supervise_with(
        folder.path(),
        &[("XDG_RUNTIME_DIR", runtime_dir.path().as_os_str())],
    );
    let command = Cluster::open(folder.path()).unwrap();
    assert_eq!(ask(&command, "1 + 1"), "2");
    other.kill();
    command.close().unwrap();
}

#[test]
fn root_runs_a_cluster_as_whoever_owns_it() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let folder = scratch_folder();
    Cluster::open_scratch(folder.path())
        .unwrap()
        .close()
        .unwrap();
    // A number is enough: no account needs to have it.
    let owner = "54321:54321";
    let changed = Command::new("chown")
        .args(["-R", owner])
        .arg(folder.path().join("postgres"))
        .status()
        .unwrap();
    assert!(changed.success());
    let cluster = Cluster::open_scratch(folder.path()).unwrap();
    let pid = cluster.postmaster_pid().unwrap();
    let process = fs::metadata(format!("/proc/{pid}")).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&process), 54321);
    assert_eq!(ask(&cluster, "1 + 1"), "2");
}

#[test]
fn a_folder_that_postgres_cannot_reach_is_named() {
    // Only root hands the cluster to another user.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let folder = scratch_folder();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let error = Cluster::open_scratch(&closed.join("data")).unwrap_err();
    assert!(matches!(error, StoreError::NotTraversable { folder, .. } if folder == closed));
}
