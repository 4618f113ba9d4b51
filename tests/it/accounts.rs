//! Accounts, signing in, tokens: what proves who asks, and what does not.

use jangkau::app::{
    AccountError, AppError, AuditChoice, add_account, add_link, add_token, change_password,
    enable_account, first_link, revoke_token, set_grant, sign_in, use_link,
};
use jangkau::domain::{Grant, Layer, Right, Role, Secret};
use jangkau::store::{Database, NewAccount, NewToken};
use serde_json::json;

use crate::support::database::ScratchDatabase;

const PASSWORD: &str = "sepuluh katak di sawah";
const HERE: &str = "192.0.2.1";

fn grant(role: Role) -> Grant {
    let layers: &[Layer] = match role {
        Role::Dinas => &[Layer::Clinics],
        _ => &[],
    };
    let area = match role {
        Role::Camat => Some("15.03.01"),
        Role::Desa => Some("15.03.01.2001"),
        _ => None,
    };
    Grant::try_new(role, layers, area).unwrap()
}

async fn link_of(database: &Database, name: &str, role: Role) -> Secret {
    let account = NewAccount {
        name: name.parse().unwrap(),
        full_name: None,
        grant: grant(role),
    };
    add_account(database, &account, "tester").await.unwrap()
}

/// A database where siti, an editor, has set her password.
async fn with_siti() -> ScratchDatabase {
    let scratch = ScratchDatabase::migrated().await;
    let link = link_of(&scratch.database, "siti", Role::Editor).await;
    use_link(&scratch.database, &link, PASSWORD).await.unwrap();
    scratch
}

fn cause<T: std::fmt::Debug>(outcome: Result<T, AppError>) -> AccountError {
    match outcome.unwrap_err() {
        AppError::Account(error) => error,
        other => unreachable!("{other}"),
    }
}

async fn visits(database: &Database, session: &Secret) -> bool {
    let visitor = database.visitor_of_session(&session.hash()).await.unwrap();
    visitor.is_some()
}

/// As if the time to wait had passed.
async fn pass_the_wait(scratch: &ScratchDatabase) {
    let client = scratch.client().await;
    let statement = "update failed_sign_in set wait_until = clock_timestamp()";
    client.batch_execute(statement).await.unwrap();
}

/// As if nobody's time to wait passed during the test.
async fn hold_the_wait(scratch: &ScratchDatabase) {
    let client = scratch.client().await;
    let statement = "update failed_sign_in set wait_until = clock_timestamp() + interval '1 hour'
                     where last_at + interval '0.5 s' < wait_until";
    client.batch_execute(statement).await.unwrap();
}

/// The longest wait that an attempt began with, in whole seconds.
async fn longest_wait_s(scratch: &ScratchDatabase) -> i64 {
    let client = scratch.client().await;
    let statement =
        "select round(extract(epoch from max(wait_until - last_at)))::bigint from failed_sign_in";
    client.query_one(statement, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_link_sets_a_password_once_and_the_password_signs_in() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let link = link_of(database, "siti", Role::Editor).await;
    let short = use_link(database, &link, "pendek").await;
    assert!(matches!(cause(short), AccountError::Password(_)));
    let session = use_link(database, &link, PASSWORD).await.unwrap();
    assert!(visits(database, &session).await);
    let again = use_link(database, &link, "sebelas katak di sawah").await;
    assert_eq!(cause(again), AccountError::LinkInvalid);
    let session = sign_in(database, " Siti ", PASSWORD, HERE).await.unwrap();
    let visitor = database.visitor_of_session(&session.hash()).await.unwrap();
    let visitor = visitor.unwrap();
    assert_eq!(visitor.account.as_str(), "siti");
    assert!(visitor.has(Right::Import));
    database.end_session(&session.hash()).await.unwrap();
    assert!(!visits(database, &session).await);
}

#[tokio::test]
async fn of_two_uses_of_a_link_at_once_one_wins() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let link = link_of(database, "siti", Role::Editor).await;
    let (one, other) = tokio::join!(
        use_link(database, &link, PASSWORD),
        use_link(database, &link, "sebelas katak di sawah")
    );
    assert_ne!(one.is_ok(), other.is_ok());
}

#[tokio::test]
async fn a_link_ends_with_its_time_with_the_next_one_and_with_its_account() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let first = link_of(database, "siti", Role::Editor).await;
    let second = add_link(database, "siti", "tester").await.unwrap();
    let outcome = use_link(database, &first, PASSWORD).await;
    assert_eq!(cause(outcome), AccountError::LinkInvalid);
    let client = scratch.client().await;
    let expire = "update sign_in_link set expires_at = clock_timestamp()";
    client.batch_execute(expire).await.unwrap();
    let outcome = use_link(database, &second, PASSWORD).await;
    assert_eq!(cause(outcome), AccountError::LinkInvalid);
    let third = add_link(database, "siti", "tester").await.unwrap();
    enable_account(database, "siti", false, "tester")
        .await
        .unwrap();
    let outcome = use_link(database, &third, PASSWORD).await;
    assert_eq!(cause(outcome), AccountError::LinkInvalid);
    let outcome = add_link(database, "siti", "tester").await;
    let nobody = AccountError::NoSuchAccount("siti".to_owned());
    assert_eq!(cause(outcome), nobody);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_a_disabled_account_are_answered_alike_row_47() {
    let scratch = with_siti().await;
    let database = &scratch.database;
    link_of(database, "budi", Role::Planner).await;
    link_of(database, "tono", Role::Planner).await;
    enable_account(database, "tono", false, "tester")
        .await
        .unwrap();
    for (name, password) in [
        ("siti", "bukan kata sandinya"),
        ("nobody", PASSWORD),
        ("budi", PASSWORD),
        ("tono", PASSWORD),
        ("' or true; --", PASSWORD),
    ] {
        let outcome = sign_in(database, name, password, name).await;
        assert_eq!(cause(outcome), AccountError::SignInRefused, "{name}");
    }
}

#[tokio::test]
async fn after_five_failures_of_a_name_the_wait_doubles_even_with_the_right_password_row_47() {
    let scratch = with_siti().await;
    let database = &scratch.database;
    let wrong = "bukan kata sandinya";
    for name in ["siti", "nobody"] {
        for address in ["a", "b", "c", "d"] {
            let outcome = sign_in(database, name, wrong, address).await;
            assert_eq!(cause(outcome), AccountError::SignInRefused);
            assert_eq!(longest_wait_s(&scratch).await, 0);
        }
        for wait_s in [1, 2, 4] {
            let outcome = sign_in(database, name, wrong, &wait_s.to_string()).await;
            assert_eq!(cause(outcome), AccountError::SignInRefused);
            assert_eq!(longest_wait_s(&scratch).await, wait_s);
            hold_the_wait(&scratch).await;
            let outcome = sign_in(database, name, PASSWORD, "f").await;
            assert!(matches!(cause(outcome), AccountError::MustWait { .. }));
            pass_the_wait(&scratch).await;
        }
        let client = scratch.client().await;
        let forget = "delete from failed_sign_in";
        client.batch_execute(forget).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_waits_longer_than_a_quarter_of_an_hour_and_a_right_password_forgets() {
    let scratch = with_siti().await;
    let database = &scratch.database;
    let wrong = "bukan kata sandinya";
    let outcome = sign_in(database, "siti", wrong, "a").await;
    assert_eq!(cause(outcome), AccountError::SignInRefused);
    let client = scratch.client().await;
    let often = "update failed_sign_in set n_failures = 2000000";
    client.batch_execute(often).await.unwrap();
    let outcome = sign_in(database, "siti", wrong, "b").await;
    assert_eq!(cause(outcome), AccountError::SignInRefused);
    assert_eq!(longest_wait_s(&scratch).await, 15 * 60);
    pass_the_wait(&scratch).await;
    sign_in(database, "siti", PASSWORD, "c").await.unwrap();
    let outcome = sign_in(database, "siti", wrong, "d").await;
    assert_eq!(cause(outcome), AccountError::SignInRefused);
    let outcome = sign_in(database, "siti", PASSWORD, "e").await;
    assert!(outcome.is_ok(), "one failure is no reason to wait");
}

#[tokio::test]
async fn one_password_over_many_names_waits_by_its_address_row_47() {
    let scratch = with_siti().await;
    let database = &scratch.database;
    for name in ["a1", "a2", "a3", "a4", "a5"] {
        let outcome = sign_in(database, name, "musim hujan 2026", HERE).await;
        assert_eq!(cause(outcome), AccountError::SignInRefused);
    }
    assert_eq!(longest_wait_s(&scratch).await, 1);
    hold_the_wait(&scratch).await;
    let outcome = sign_in(database, "siti", PASSWORD, HERE).await;
    assert!(matches!(cause(outcome), AccountError::MustWait { .. }));
    // An attempt that had to wait counts for nobody, and other addresses are not held up.
    let elsewhere = sign_in(database, "siti", PASSWORD, "192.0.2.2").await;
    assert!(elsewhere.is_ok());
    // A right password does not wash an address clean.
    pass_the_wait(&scratch).await;
    sign_in(database, "siti", PASSWORD, HERE).await.unwrap();
    let outcome = sign_in(database, "a6", "musim hujan 2026", HERE).await;
    assert_eq!(cause(outcome), AccountError::SignInRefused);
    assert_eq!(longest_wait_s(&scratch).await, 2);
}

#[tokio::test]
async fn many_attempts_at_once_are_no_way_around() {
    const ATTEMPTS: usize = 12;
    let scratch = with_siti().await;
    let outcome = sign_in(&scratch.database, "siti", "bukan kata sandinya", HERE).await;
    assert_eq!(cause(outcome), AccountError::SignInRefused);
    // The next failure is the eleventh, and the wait after it 64 s.
    let client = scratch.client().await;
    let often = "update failed_sign_in set n_failures = 10";
    client.batch_execute(often).await.unwrap();
    let attempts: Vec<_> = (0..ATTEMPTS)
        .map(|number| {
            let database = scratch.database.clone();
            tokio::spawn(async move {
                let address = number.to_string();
                let outcome = sign_in(&database, "siti", "bukan kata sandinya", &address).await;
                cause(outcome)
            })
        })
        .collect();
    let mut n_tried = 0;
    for attempt in attempts {
        n_tried += usize::from(attempt.await.unwrap() == AccountError::SignInRefused);
    }
    assert_eq!(n_tried, 1);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_when_its_week_is_over_and_with_its_account() {
    let scratch = with_siti().await;
    let database = &scratch.database;
    let client = scratch.client().await;
    for end in [
        "update session set seen_at = clock_timestamp() - interval '8 hours'",
        "update session set expires_at = clock_timestamp()",
        "update account set disabled_at = clock_timestamp()",
    ] {
        let session = sign_in(database, "siti", PASSWORD, HERE).await.unwrap();
        assert!(visits(database, &session).await);
        client.batch_execute(end).await.unwrap();
        assert!(!visits(database, &session).await, "{end}");
    }
}

#[tokio::test]
async fn another_password_ends_the_other_sessions_and_asks_for_the_old_one() {
    let scratch = with_siti().await;
    let database = &scratch.database;
    let this = sign_in(database, "siti", PASSWORD, HERE).await.unwrap();
    let other = sign_in(database, "siti", PASSWORD, HERE).await.unwrap();
    let siti = "siti".parse().unwrap();
    let new = "sebelas katak di sawah";
    let passwords = ("bukan kata sandinya", new);
    let outcome = change_password(database, &siti, passwords, &this, HERE).await;
    assert_eq!(cause(outcome), AccountError::SignInRefused);
    let passwords = (PASSWORD, new);
    change_password(database, &siti, passwords, &this, HERE)
        .await
        .unwrap();
    assert!(visits(database, &this).await);
    assert!(!visits(database, &other).await);
    let outcome = sign_in(database, "siti", PASSWORD, HERE).await;
    assert_eq!(cause(outcome), AccountError::SignInRefused);
    sign_in(database, "siti", new, HERE).await.unwrap();
}

fn token(name: &str, account: &str, rights: &[Right]) -> NewToken {
    NewToken {
        name: name.parse().unwrap(),
        account: account.to_owned(),
        rights: rights.to_vec(),
        expires_days: 30,
    }
}

#[tokio::test]
async fn a_token_does_what_it_was_made_for_until_it_is_revoked_or_expires_row_46() {
    let scratch = with_siti().await;
    let database = &scratch.database;
    let client = scratch.client().await;
    for (name, end) in [
        ("revoked", ""),
        (
            "expired",
            "update api_token set expires_at = clock_timestamp()",
        ),
        (
            "disabled",
            "update account set disabled_at = clock_timestamp()",
        ),
    ] {
        let token = token(name, "siti", &[Right::ReadCurrent]);
        let secret = add_token(database, &token, "tester").await.unwrap();
        let visitor = database.visitor_of_token(&secret.hash()).await.unwrap();
        let visitor = visitor.unwrap();
        assert!(visitor.has(Right::ReadCurrent));
        assert!(!visitor.has(Right::Import), "an editor may, this token not");
        if name == "revoked" {
            let others = revoke_token(database, name, Some("budi"), "budi").await;
            let none = AccountError::NoSuchToken(name.to_owned());
            assert_eq!(cause(others), none);
            revoke_token(database, name, None, "tester").await.unwrap();
        }
        client.batch_execute(end).await.unwrap();
        let visitor = database.visitor_of_token(&secret.hash()).await.unwrap();
        assert_eq!(visitor, None, "{name}");
    }
    let tokens = database.tokens(Some("siti")).await.unwrap();
    let states: Vec<&str> = tokens.iter().map(|token| token.state.as_str()).collect();
    assert_eq!(
        states,
        ["valid", "expired", "revoked"],
        "of a disabled account, too"
    );
}

#[tokio::test]
async fn a_token_cannot_do_more_than_its_account() {
    let scratch = with_siti().await;
    let database = &scratch.database;
    link_of(database, "admin", Role::Admin).await;
    let refused = async |account: &str, rights: &[Right]| {
        cause(add_token(database, &token("t1", account, rights), "tester").await)
    };
    let (right, role) = (Right::ReadAudit, Role::Editor);
    let not_of_role = AccountError::NotOfRole { right, role };
    assert_eq!(refused("siti", &[right]).await, not_of_role);
    let right = Right::ManageAccounts;
    let not_for_tokens = AccountError::NotForTokens(right);
    assert_eq!(refused("admin", &[right]).await, not_for_tokens);
    assert_eq!(refused("siti", &[]).await, AccountError::NoRights);
    let nobody = AccountError::NoSuchAccount("budi".to_owned());
    assert_eq!(refused("budi", &[Right::ReadCurrent]).await, nobody);
    // Nor where the account may less than when the token was made.
    let import = token("t2", "siti", &[Right::Import]);
    let secret = add_token(database, &import, "tester").await.unwrap();
    let planner = grant(Role::Planner);
    set_grant(database, "siti", &planner, "tester")
        .await
        .unwrap();
    let visitor = database.visitor_of_token(&secret.hash()).await.unwrap();
    assert!(!visitor.unwrap().has(Right::Import));
}

#[tokio::test]
async fn the_first_link_is_there_until_somebody_can_sign_in() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let first = first_link(database).await.unwrap().unwrap();
    let second = first_link(database).await.unwrap().unwrap();
    let outcome = use_link(database, &first, PASSWORD).await;
    assert_eq!(cause(outcome), AccountError::LinkInvalid);
    let session = use_link(database, &second, PASSWORD).await.unwrap();
    let admin = database.visitor_of_session(&session.hash()).await.unwrap();
    assert!(admin.unwrap().has(Right::ManageAccounts));
    assert_eq!(first_link(database).await.unwrap(), None);
    let scratch = ScratchDatabase::migrated().await;
    link_of(&scratch.database, "siti", Role::Admin).await;
    assert_eq!(first_link(&scratch.database).await.unwrap(), None);
}

#[tokio::test]
async fn secrets_are_stored_as_hashes_and_the_reading_role_sees_none_of_it() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let link = link_of(database, "siti", Role::Editor).await;
    let session = use_link(database, &link, PASSWORD).await.unwrap();
    let token = token("t1", "siti", &[Right::ReadCurrent]);
    let token = add_token(database, &token, "tester").await.unwrap();
    let refused = sign_in(database, "kata sandi saya", "salah", HERE).await;
    assert!(refused.is_err());
    let client = scratch.client().await;
    let mut stored = String::new();
    let tables = [
        "account",
        "sign_in_link",
        "session",
        "api_token",
        "failed_sign_in",
        "audit",
    ];
    for table in tables {
        let statement = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        let row = client.query_one(&statement, &[]).await.unwrap();
        let text: String = row.get(0);
        assert_ne!(text, "", "{table} has rows");
        stored += &text;
    }
    for secret in [link, session, token] {
        assert!(!stored.contains(secret.text().trim_start_matches("jgk_")));
    }
    for text in [PASSWORD, "kata sandi saya", HERE] {
        assert!(!stored.contains(text), "{text}");
    }
    client
        .batch_execute("set role jangkau_reader")
        .await
        .unwrap();
    for table in tables {
        let statement = format!("select from {table}");
        let error = client.batch_execute(&statement).await.unwrap_err();
        let message = error.as_db_error().unwrap().message();
        assert!(message.contains("permission denied"), "{message}");
    }
}

#[tokio::test]
async fn what_is_done_to_accounts_is_in_the_trail_and_names_no_secret() {
    let scratch = with_siti().await;
    let database = &scratch.database;
    sign_in(database, "siti", PASSWORD, HERE).await.unwrap();
    let read = token("t1", "siti", &[Right::ReadCurrent]);
    add_token(database, &read, "tester").await.unwrap();
    revoke_token(database, "t1", None, "tester").await.unwrap();
    let dinas = grant(Role::Dinas);
    set_grant(database, "siti", &dinas, "tester").await.unwrap();
    for enabled in [false, true] {
        enable_account(database, "siti", enabled, "tester")
            .await
            .unwrap();
    }
    add_link(database, "siti", "tester").await.unwrap();
    let choice = AuditChoice::default();
    let rows = database.audit_page(&choice, 0).await.unwrap();
    let told: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {} {}", row.actor, row.action, row.subject))
        .collect();
    assert_eq!(
        told,
        [
            "tester account-add siti",
            "siti password-set siti",
            "siti sign-in siti",
            "tester token-add siti",
            "tester token-revoke siti",
            "tester account-role siti",
            "tester account-disable siti",
            "tester account-enable siti",
            "tester account-link siti",
        ]
    );
    assert!(database.verify_audit().await.unwrap().is_ok());
}

#[tokio::test]
async fn the_commands_make_accounts_and_tokens_and_show_each_secret_once() {
    let scratch = ScratchDatabase::migrated().await;
    let add = ["account", "add", "dinkes", "--role", "dinas"];
    let (code, _) = scratch.command(&add).await;
    assert_eq!(code, Some(2), "a dinas without layers");
    let add = [&add[..], &["--layers", "schools,clinics"]].concat();
    let (code, said) = scratch.command(&add).await;
    assert_eq!(code, Some(0));
    let link = said["link"].as_str().unwrap();
    let secret = Secret::parse(link.strip_prefix("/sign-in/link/").unwrap()).unwrap();
    use_link(&scratch.database, &secret, PASSWORD)
        .await
        .unwrap();
    assert_eq!(scratch.command(&add).await.0, Some(2), "the name is taken");
    let (_, accounts) = scratch.command(&["account", "list"]).await;
    assert_eq!(accounts[0]["layers"], json!(["clinics", "schools"]));
    let for_dinkes = ["token", "add", "qgis", "--account", "dinkes", "--rights"];
    let add = [&for_dinkes[..], &["read,import", "--expires-days", "30"]].concat();
    let (code, said) = scratch.command(&add).await;
    assert_eq!(code, Some(0));
    let token = Secret::parse(said["token"].as_str().unwrap()).unwrap();
    let visitor = scratch.database.visitor_of_token(&token.hash()).await;
    assert!(visitor.unwrap().unwrap().has(Right::Import));
    let add = [&for_dinkes[..], &["publish"]].concat();
    assert_eq!(scratch.command(&add).await.0, Some(2), "not of the role");
    let (_, tokens) = scratch.command(&["token", "list"]).await;
    assert!(!tokens.to_string().contains(&token.text()));
    for (arguments, expected) in [
        (&["token", "revoke", "qgis"][..], 0),
        (&["token", "revoke", "nothing"], 5),
        (&["account", "role", "dinkes", "planner"], 0),
        (&["account", "disable", "dinkes"], 0),
        (&["account", "link", "dinkes"], 5),
        (&["account", "enable", "dinkes"], 0),
        (&["account", "link", "nobody"], 5),
    ] {
        let (code, _) = scratch.command(arguments).await;
        assert_eq!(code, Some(expected), "{arguments:?}");
    }
}
