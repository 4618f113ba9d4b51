//! The audit trail: everything that changes state is in it, and whoever touches it is found.

use jangkau::app::{AuditChoice, export_audit, hexadecimal};
use jangkau::domain::{AuditRow, CodeList, Layer, ListedCode};
use jangkau::store::{Database, ListOrigin, RecordName, RollbackTo};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::imports::import;
use super::records::{code, villages};
use super::runs::run;
use crate::support::database::ScratchDatabase;

async fn trail(database: &Database) -> Vec<AuditRow> {
    let choice = AuditChoice::default();
    database.audit_page(&choice, 0).await.unwrap()
}

fn record(key: &str) -> RecordName {
    RecordName {
        source: "dinas".to_owned(),
        key: key.to_owned(),
    }
}

fn list_of(edition: &str) -> CodeList {
    CodeList {
        edition: edition.to_owned(),
        source: "Dinas".to_owned(),
        codes: vec![ListedCode {
            code: code(0),
            name: "Desa".to_owned(),
            kecamatan: None,
            bps: None,
        }],
    }
}

/// Loads so many lists, a row each.
async fn with_rows(n: usize) -> ScratchDatabase {
    let scratch = ScratchDatabase::migrated().await;
    for number in 1..=n {
        let list = list_of(&format!("{}", 2000 + number));
        let kept = scratch
            .database
            .keep_codes(&list, ListOrigin::LoadedBy("tester"));
        kept.await.unwrap();
    }
    scratch
}

/// What is said of a trail of five rows after a superuser did something to it behind the triggers.
async fn after_tampering(statement: &str) -> String {
    let scratch = with_rows(5).await;
    let chain = scratch.database.verify_audit().await.unwrap().unwrap();
    assert_eq!(chain.n_rows(), 5);
    let tampering = format!("set session_replication_role = replica; {statement}");
    scratch
        .client()
        .await
        .batch_execute(&tampering)
        .await
        .unwrap();
    let verified = scratch.database.verify_audit().await.unwrap();
    verified.unwrap_err().to_string()
}

#[tokio::test]
async fn whatever_changes_state_is_a_row() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let layer = Layer::Villages;
    let first = import(database, layer, &villages(2)).await.version;
    import(database, layer, &villages(3)).await;
    // The same again is no change.
    import(database, layer, &villages(3)).await;
    let back = RollbackTo::Previous;
    database.roll_back(layer, back, "siti").await.unwrap();
    let forth = RollbackTo::BeforeRollback;
    database.roll_back(layer, forth, "siti").await.unwrap();
    let (kept, left_out) = (record("a"), record("b"));
    let clinics = Layer::Clinics;
    let said = database.say_same(clinics, &kept, &left_out, "budi").await;
    said.unwrap();
    for was_said in [true, false] {
        let said = database.say_different(clinics, &left_out, "budi").await;
        assert_eq!(said.unwrap(), was_said);
    }
    let origin = ListOrigin::LoadedBy("budi");
    database.keep_codes(&list_of("2025"), origin).await.unwrap();
    database.save_run(&run("a", None), "budi").await.unwrap();
    database.drop_old_records(1, false, "siti").await.unwrap();
    let rows = trail(database).await;
    let told: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {} {}", row.actor, row.action, row.subject))
        .collect();
    assert_eq!(
        told,
        [
            "tester import villages",
            "tester import villages",
            "siti rollback villages",
            "siti undo villages",
            "budi say-same clinics",
            "budi say-different clinics",
            "budi load-codes codes 2025",
            "budi compute clinic.foot.dry.time",
            "siti drop-records villages",
        ]
    );
    let dropped: Value = serde_json::from_str(&rows[8].details).unwrap();
    assert_eq!(dropped["version"], first.0);
    let chain = database.verify_audit().await.unwrap().unwrap();
    assert_eq!(chain.n_rows(), 9);
}

#[tokio::test]
async fn a_change_that_fails_leaves_no_row() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let mut list = list_of("2025");
    list.codes.push(list.codes[0].clone());
    let kept = database.keep_codes(&list, ListOrigin::LoadedBy("tester"));
    assert!(kept.await.is_err(), "a code is there twice");
    assert_eq!(trail(database).await, []);
}

#[tokio::test]
async fn a_row_that_was_changed_is_found() {
    for change in [
        "actor = 'somebody else'",
        "details = details || '{\"n_codes\": 2}'",
        "at = at + interval '1 microsecond'",
        "hash = sha256('x')",
    ] {
        let found = after_tampering(&format!("update audit set {change} where seq = 3")).await;
        assert_eq!(found, "row 3 is not as it was written", "{change}");
    }
}

#[tokio::test]
async fn a_row_with_a_hash_made_anew_is_found_by_the_next() {
    let found = after_tampering(
        "update audit set actor = 'somebody else' where seq = 3;
         update audit set hash = sha256(previous_hash
             || convert_to(audit_text(seq, at, actor, action, subject, details), 'UTF8')) where seq = 3",
    )
    .await;
    assert_eq!(found, "row 4 does not follow the row before it");
}

#[tokio::test]
async fn a_row_that_was_taken_out_is_found() {
    let found = after_tampering("delete from audit where seq = 3").await;
    assert_eq!(found, "row 3 is missing");
    let found = after_tampering("delete from audit where seq = 1").await;
    assert_eq!(found, "row 1 is missing");
    let closed_up = "delete from audit where seq = 3; update audit set seq = seq - 1 where seq > 3";
    let found = after_tampering(closed_up).await;
    assert_eq!(found, "row 3 does not follow the row before it");
}

#[tokio::test]
async fn rows_that_changed_places_are_found() {
    let found = after_tampering(
        "update audit set seq = 100 where seq = 2;
         update audit set seq = 2 where seq = 3;
         update audit set seq = 3 where seq = 100",
    )
    .await;
    assert_eq!(found, "row 2 does not follow the row before it");
}

#[tokio::test]
async fn rows_that_were_cut_off_at_the_end_give_another_last_hash() {
    let scratch = with_rows(3).await;
    let before = scratch.database.verify_audit().await.unwrap().unwrap();
    let cut = "set session_replication_role = replica; delete from audit where seq = 3";
    scratch.client().await.batch_execute(cut).await.unwrap();
    let after = scratch.database.verify_audit().await.unwrap().unwrap();
    assert_eq!((before.n_rows(), after.n_rows()), (3, 2));
    assert_ne!(before.last_hash(), after.last_hash());
}

#[tokio::test]
async fn nobody_changes_or_removes_a_row_and_only_the_function_writes_one() {
    let scratch = with_rows(1).await;
    let client = scratch.client().await;
    for (role, statement, said) in [
        ("jangkau_app", "update audit set actor = 'x'", "denied"),
        ("jangkau_app", "delete from audit", "denied"),
        ("jangkau_app", "truncate audit", "denied"),
        (
            "jangkau_app",
            "insert into audit select seq + 1, at, actor, action, subject, details, hash, hash from audit",
            "denied",
        ),
        ("jangkau_reader", "select from audit", "denied"),
        (
            "jangkau_reader",
            "select append_audit('x', 'import', 'roads', '{}')",
            "denied",
        ),
        ("none", "update audit set actor = 'x'", "never changed"),
        ("none", "delete from audit", "never changed"),
        ("none", "truncate audit", "never changed"),
    ] {
        let as_role = format!("set role {role}");
        client.batch_execute(&as_role).await.unwrap();
        let error = client.batch_execute(statement).await.unwrap_err();
        let message = error.as_db_error().unwrap().message();
        assert!(message.contains(said), "{role}: {statement}: {message}");
    }
}

#[tokio::test]
async fn rows_written_at_once_make_one_chain() {
    const WRITERS: usize = 12;
    let scratch = ScratchDatabase::migrated().await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let database = scratch.database.clone();
            tokio::spawn(async move {
                let list = list_of(&format!("{}", 2000 + number));
                let kept = database.keep_codes(&list, ListOrigin::LoadedBy("tester"));
                kept.await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let chain = scratch.database.verify_audit().await.unwrap().unwrap();
    assert_eq!(chain.n_rows(), 12);
}

#[tokio::test]
async fn a_clock_that_was_set_back_keeps_the_order_row_58() {
    let scratch = with_rows(1).await;
    // As if the first row had been written before the clock was set back by a day.
    scratch
        .client()
        .await
        .batch_execute(
            "set session_replication_role = replica;
             update audit set at = at + interval '1 day';
             update audit set hash = sha256(previous_hash
                 || convert_to(audit_text(seq, at, actor, action, subject, details), 'UTF8'))",
        )
        .await
        .unwrap();
    let list = list_of("2025");
    let kept = scratch
        .database
        .keep_codes(&list, ListOrigin::LoadedBy("tester"));
    kept.await.unwrap();
    let rows = trail(&scratch.database).await;
    assert_eq!(rows[0].at, rows[1].at);
    let chain = scratch.database.verify_audit().await.unwrap().unwrap();
    assert_eq!(chain.n_rows(), 2);
}

#[tokio::test]
async fn rows_are_chosen_by_day_and_subject() {
    let scratch = with_rows(3).await;
    let n_rows = async |since: Option<&str>, subject: &str| {
        let choice = AuditChoice {
            since: since.map(str::to_owned),
            subject: subject.to_owned(),
        };
        scratch.database.audit_page(&choice, 0).await.unwrap().len()
    };
    assert_eq!(n_rows(Some("2020-01-01"), "codes 200").await, 3);
    assert_eq!(n_rows(Some("2020-01-01"), "codes 2002").await, 1);
    assert_eq!(n_rows(Some("9999-12-31"), "").await, 0);
    assert_eq!(n_rows(None, "roads").await, 0);
}

#[tokio::test]
async fn a_file_of_the_trail_can_be_checked_by_hand() {
    let scratch = with_rows(2).await;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("jejak.json");
    let choice = AuditChoice::default();
    export_audit(&scratch.database, &choice, &out)
        .await
        .unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(rows.len(), 2);
    let mut previous = vec![0_u8; 32];
    for row in &rows {
        let hashed = [
            previous.as_slice(),
            row["text"].as_str().unwrap().as_bytes(),
        ]
        .concat();
        previous = Sha256::digest(hashed).to_vec();
        assert_eq!(row["hash"], hexadecimal(&previous));
    }
}

#[tokio::test]
async fn a_table_of_the_trail_holds_no_formula() {
    let scratch = ScratchDatabase::migrated().await;
    let origin = ListOrigin::LoadedBy("=HYPERLINK(\"http://x\")");
    let list = list_of("2025");
    let kept = scratch.database.keep_codes(&list, origin);
    kept.await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("jejak.csv");
    let choice = AuditChoice::default();
    let n_rows = export_audit(&scratch.database, &choice, &out).await;
    assert_eq!(n_rows.unwrap(), 1);
    let text = std::fs::read_to_string(out).unwrap();
    let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"http"), "{text}");
}

#[tokio::test]
async fn the_command_ends_with_1_and_names_the_row_that_was_touched() {
    let scratch = with_rows(3).await;
    let (code, rows) = scratch.command(&["audit", "--subject", "codes 2002"]).await;
    assert_eq!(code, Some(0));
    assert_eq!(rows[0]["details"]["n_codes"], 1);
    let (code, said) = scratch.command(&["audit", "--verify"]).await;
    assert_eq!((code, &said["rows"]), (Some(0), &Value::from(3)));
    let touch =
        "set session_replication_role = replica; update audit set actor = 'x' where seq = 2";
    scratch.client().await.batch_execute(touch).await.unwrap();
    let (code, said) = scratch.command(&["audit", "--verify"]).await;
    assert_eq!((code, &said["seq"]), (Some(1), &Value::from(2)));
    let (code, _) = scratch.command(&["audit", "--since", "2026-02-30"]).await;
    assert_eq!(code, Some(2));
}
