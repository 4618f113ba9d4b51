//! A program killed at any step of a change leaves what was there, or what was to come, and both whole.
//!
//! The program is the real one; a proxy in front of the database kills it, before or at once after a message goes on.
//! Before its next message whatever it said has been done; at once after one PostgreSQL is still doing it.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use jangkau::domain::{Layer, Part, Record};
use jangkau::store::{Database, RollbackTo};
use sha2::{Digest, Sha256};

use super::imports::request;
use super::records::facility;
use crate::support::database::ScratchDatabase;
use crate::support::proxy::{Kill, Message, NAME, Proxy, Run, written};

const LAYER: Layer = Layer::Clinics;
const SOURCE: &str = "dinas";

/// Seed of the choice among messages outside the transaction that activates.
const SEED: u64 = 51;

/// Clinics before: all of them.
const N_OLD: u32 = 5;

fn old_records() -> Vec<Record> {
    (0..N_OLD)
        .map(|number| facility(&format!("K-{number}"), number))
        .collect()
}

/// A list of `keys`, of a kind that is not there yet.
fn sheet(keys: std::ops::Range<u32>) -> String {
    let mut text = "id,name,tier,status,lon,lat\n".to_owned();
    for key in keys {
        writeln!(text, "K-{key},Pustu {key},pustu,baik,102.{key:03},-1.9").unwrap();
    }
    text
}

/// Makes the old records the active version, whatever is active.
async fn restore(database: &Database) {
    let mut staging = database.begin_import(LAYER, SOURCE).await.unwrap();
    staging.copy(&old_records()).await.unwrap();
    staging.compose(Part::Layer, &[]).await.unwrap();
    staging.activate(&request()).await.unwrap();
}

/// The hash and number of records of the active version, as it says and as they are.
async fn active(scratch: &ScratchDatabase) -> (String, i64) {
    let versions = scratch.database.active_versions().await.unwrap();
    let version = versions.iter().find(|version| version.layer == LAYER);
    let version = version.unwrap();
    let rows = scratch
        .client()
        .await
        .query(
            "select key, content_hash from facility where dataset_version = $1 order by key",
            &[&version.id.0],
        )
        .await
        .unwrap();
    let mut hash = Sha256::new();
    for row in &rows {
        hash.update(row.get::<_, &str>("key"));
        hash.update([0]);
        hash.update(row.get::<_, &[u8]>("content_hash"));
    }
    let hash: String = hash
        .finalize()
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        });
    assert_eq!(
        hash, version.content_hash,
        "the records are not the version's"
    );
    assert_eq!(rows.len(), usize::try_from(version.n_records).unwrap());
    // What planners read.
    let read = scratch.database.facilities(version.id).await.unwrap();
    assert_eq!(read.len(), rows.len());
    (hash, version.n_records)
}

async fn n_staging_tables(scratch: &ScratchDatabase) -> i64 {
    let client = scratch.client().await;
    let sql = "select count(*) from pg_class where relname like 'staging%' and relkind = 'r'";
    client.query_one(sql, &[]).await.unwrap().get(0)
}

/// The messages of the transaction that activates: from its beginning to its commit.
fn activation(messages: &[Message]) -> std::ops::RangeInclusive<usize> {
    let last = |word: &str| {
        messages
            .iter()
            .rposition(|message| message.query.to_lowercase().starts_with(word))
            .unwrap()
    };
    last("start transaction")..=last("commit")
}

/// How often messages are taken, one in so many.
struct Shares {
    outside: u64,
    inside: u64,
}

/// Where the program is killed: before one message in so many, drawn by the seed, and after those of them that
/// PostgreSQL acts on; before and after the one that commits in any case.
fn kills(messages: &[Message], shares: &Shares) -> Vec<Kill> {
    let inside = activation(messages);
    let mut state = SEED;
    let mut kills = Vec::new();
    for (number, message) in messages.iter().enumerate() {
        // A linear congruence (Knuth's MMIX) is random enough to spread a sample.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let share = if inside.contains(&number) {
            shares.inside
        } else {
            shares.outside
        };
        if number == *inside.end() {
            let before = &messages[..number];
            let commit = before.iter().filter(|message| message.is_commit()).count();
            kills.extend([Kill::BeforeCommit(commit), Kill::AfterCommit(commit)]);
            continue;
        }
        if !(state >> 33).is_multiple_of(share) {
            continue;
        }
        kills.push(Kill::Before(number));
        if message.is_acted_on() {
            kills.push(Kill::After(number));
        }
    }
    kills
}

/// Kills the program at every step that is drawn, and looks at what is left.
async fn killed_anywhere(
    scratch: ScratchDatabase,
    arguments: Vec<String>,
    shares: Shares,
    restore: impl AsyncFn(&Database),
) {
    let proxy = Arc::new(Proxy::before(&scratch.target));
    let run = async |kill: Kill| -> Run {
        let (proxy, arguments) = (Arc::clone(&proxy), arguments.clone());
        let running = move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            proxy.run(&arguments, kill)
        };
        tokio::task::spawn_blocking(running).await.unwrap()
    };
    restore(&scratch.database).await;
    settled(&scratch).await;
    let old = active(&scratch).await;
    let whole = run(Kill::Never).await;
    assert!(whole.status.success(), "{:?}", whole.status);
    let new = active(&scratch).await;
    assert_ne!(old, new);
    let kills = kills(&whole.messages, &shares);
    restore(&scratch.database).await;
    settled(&scratch).await;
    let (mut n_old, mut n_new) = (0, 0);
    for kill in kills {
        let killed = run(kill).await;
        assert!(
            killed.was_killed,
            "{kill:?} never came: {:?}",
            killed.status
        );
        settled(&scratch).await;
        let left = active(&scratch).await;
        n_old += u32::from(left == old);
        n_new += u32::from(left == new);
        assert!(
            left == old || left == new,
            "seed {SEED}: {kill:?} left {left:?}"
        );
        restore(&scratch.database).await;
        settled(&scratch).await;
        assert_eq!(active(&scratch).await, old, "{kill:?}");
        assert_eq!(n_staging_tables(&scratch).await, 0, "{kill:?}");
    }
    assert!(
        0 < n_old && 0 < n_new,
        "seed {SEED}: {n_old} old, {n_new} new"
    );
}

/// Waits until PostgreSQL has done, or dropped, whatever it heard of the killed program, and nobody holds a layer: a
/// program that has to wait for one asks again, and says more than one that has not.
async fn settled(scratch: &ScratchDatabase) {
    let client = scratch.client().await;
    let sql = "select (select count(*) from pg_stat_activity
            where datname = current_database() and application_name = $1)
        + (select count(*) from pg_locks
            where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))";
    while client
        .query_one(sql, &[&NAME])
        .await
        .unwrap()
        .get::<_, i64>(0)
        > 0
    {
        tokio::task::yield_now().await;
    }
}

fn import_of(file: &Path, flags: &[&str]) -> Vec<String> {
    let file = file.to_str().unwrap();
    let arguments = ["import", LAYER.as_str(), file, "--source", SOURCE, "--json"];
    let owned = arguments.iter().chain(flags);
    owned.map(|argument| (*argument).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_killed_at_any_message_leaves_the_old_or_the_new_version_whole() {
    let (_folder, file) = written("faskes.csv", &sheet(0..N_OLD + 2));
    let scratch = ScratchDatabase::migrated().await;
    let shares = Shares {
        outside: 30,
        inside: 1,
    };
    killed_anywhere(scratch, import_of(&file, &[]), shares, restore).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_addition_killed_at_any_message_leaves_the_old_or_the_new_version_whole() {
    let (_folder, file) = written("baru.csv", &sheet(N_OLD..N_OLD + 2));
    let scratch = ScratchDatabase::migrated().await;
    let shares = Shares {
        outside: 30,
        inside: 8,
    };
    killed_anywhere(scratch, import_of(&file, &["--add"]), shares, restore).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rollback_killed_at_any_message_leaves_the_old_or_the_new_version_whole() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let mut staging = database.begin_import(LAYER, SOURCE).await.unwrap();
    staging.copy(&[facility("L", 9)]).await.unwrap();
    let first = staging.activate(&request()).await.unwrap().version;
    restore(database).await;
    let versions = database.active_versions().await.unwrap();
    let second = RollbackTo::Version(versions[0].id);
    let arguments = ["rollback", LAYER.as_str(), "--to", &first.0.to_string()].map(str::to_owned);
    let shares = Shares {
        outside: 10,
        inside: 1,
    };
    killed_anywhere(scratch, arguments.to_vec(), shares, async |database| {
        // Fails where the killed one changed nothing: it is active already.
        let _ = database.roll_back(LAYER, second, "tester").await;
    })
    .await;
}
