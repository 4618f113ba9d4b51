//! The part of the OpenAPI document that is about who asks: accounts, tokens, the trail, and what each address asks.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::guard::{BodyKind, Requirement};
use super::router::RouteEntry;

/// What is said of an address that is not about data.
const SAID: [(&str, &str, &str); 13] = [
    ("GET", "/sign-in", "The page to sign in at"),
    (
        "POST",
        "/sign-in",
        "Begins a session: a cookie, and the way to the map",
    ),
    (
        "GET",
        "/sign-in/link/{secret}",
        "The page that sets a password",
    ),
    (
        "POST",
        "/sign-in/link/{secret}",
        "Sets a password, once, and begins a session",
    ),
    ("POST", "/sign-out", "Ends the session"),
    ("GET", "/me", "Who asks, and what they may do"),
    (
        "POST",
        "/me/password",
        "Sets another password; other sessions end",
    ),
    ("GET", "/accounts", "All accounts"),
    (
        "POST",
        "/accounts",
        "Makes an account; the link that sets its password is told once",
    ),
    (
        "GET",
        "/tokens",
        "One's own tokens; all of them for who manages accounts",
    ),
    (
        "POST",
        "/tokens",
        "Makes a token of one's own; it is told once",
    ),
    ("DELETE", "/tokens/{name}", "Revokes a token"),
    (
        "GET",
        "/audit",
        "What was done, by whom: at most 1,000 rows after number `after`, in order",
    ),
];

/// How a client proves who it is.
pub(super) fn security_schemes() -> Value {
    json!({
        "token": { "type": "http", "scheme": "bearer", "description": "A token of an account." },
        "session": { "type": "apiKey", "in": "cookie", "name": super::guard::COOKIE },
    })
}

/// What an address asks, in the words of OpenAPI; no entry is nothing, an empty entry is a choice.
fn security(requirement: Requirement) -> Value {
    match requirement {
        Requirement::Nothing => json!([]),
        Requirement::Reading => json!([{}, { "token": [] }, { "session": [] }]),
        Requirement::Session => json!([{ "session": [] }]),
        Requirement::Right(right) if !right.is_for_tokens() => json!([{ "session": [] }]),
        Requirement::Account | Requirement::Right(_) => {
            json!([{ "token": [] }, { "session": [] }])
        }
    }
}

/// Says of every address what it asks, and adds those that are not about data.
pub(super) fn add_accounts(paths: &mut Map<String, Value>, table: &[RouteEntry]) {
    for (path, item) in paths.iter_mut() {
        let entry = table.iter().find(|entry| is_of(entry, path));
        let requirement = entry.map_or(Requirement::Reading, |entry| entry.requirement);
        item["get"]["security"] = security(requirement);
    }
    for (method, path, summary) in &SAID {
        let entry = table
            .iter()
            .find(|entry| entry.method.as_str() == *method && entry.path == *path);
        if let Some(entry) = entry {
            let item = paths.entry((*path).to_owned()).or_insert_with(|| json!({}));
            item[method.to_lowercase()] = operation(entry, summary);
        }
    }
}

/// Whether a path of the document, in which collections have their own, is one of the table.
fn is_of(entry: &RouteEntry, path: &str) -> bool {
    let (of_table, of_document) = (entry.path.split('/'), path.split('/'));
    let is_same = |(table, document): (&str, &str)| table == document || table.starts_with('{');
    entry.method == Method::GET
        && of_table.clone().count() == of_document.clone().count()
        && of_table.zip(of_document).all(is_same)
}

fn operation(entry: &RouteEntry, summary: &str) -> Value {
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    let word = |part: &str| part.trim_matches(['{', '}']).replace('-', "_");
    let words: Vec<String> = entry.path.split('/').skip(1).map(word).collect();
    let method = entry.method.as_str().to_lowercase();
    let mut operation = json!({
        "tags": ["accounts"],
        "operationId": format!("{method}_{}", words.join("_")),
        "summary": summary,
        "parameters": parameters(entry),
        "security": security(entry.requirement),
        "responses": {
            "400": problem,
            "401": problem,
            "403": problem,
            "404": problem,
            "500": problem,
            "503": problem,
        },
    });
    let (status, said) = match (entry.changes, &entry.method) {
        (None, _) => ("200", "What was asked for."),
        (Some(BodyKind::Form), _) => ("303", "Done: the way to the next page."),
        (Some(BodyKind::Json), _) => ("201", "It is made."),
        (Some(BodyKind::Empty), _) => ("204", "It is done."),
    };
    operation["responses"][status] = json!({ "description": said });
    let media_type = match entry.changes {
        Some(BodyKind::Form) => Some("application/x-www-form-urlencoded"),
        Some(BodyKind::Json) => Some("application/json"),
        Some(BodyKind::Empty) | None => None,
    };
    if let Some(media_type) = media_type {
        operation["requestBody"] = json!({
            "required": true,
            "content": { media_type: { "schema": { "type": "object" } } },
        });
    }
    operation
}

fn parameters(entry: &RouteEntry) -> Vec<Value> {
    let of_path = entry.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        Some((name, "path"))
    });
    let of_query: &[&str] = match (entry.changes, entry.path) {
        (None, "/audit") => &super::audit::AUDIT_NAMES,
        (None, "/sign-in" | "/sign-in/link/{secret}" | "/me") => &["lang", "problem"],
        (Some(BodyKind::Form), _) => &["lang"],
        _ => &[],
    };
    let of_query = of_query.iter().map(|name| (*name, "query"));
    let parameter = |(name, place): (&str, &str)| {
        json!({
            "name": name,
            "in": place,
            "required": place == "path",
            "schema": { "type": "string" },
        })
    };
    of_path.chain(of_query).map(parameter).collect()
}
