//! `/audit`: what was done and by whom, as JSON, a table or a page.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::account::{page_of, texts};
use super::datetime::is_date;
use super::error::Problem;
use super::negotiate::{language, prefers_html};
use super::query::Query;
use super::site::escaped;
use super::state::ServeState;
use crate::app::{AuditChoice, audit_csv, audit_json};
use crate::domain::{AuditRow, Language};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AuditForm {
    Json,
    Csv,
    Html,
}

/// Its query parameters.
pub(super) const AUDIT_NAMES: [&str; 5] = ["since", "subject", "after", "f", "lang"];

/// The forms of the answer.
const FORMS: [(&str, AuditForm); 3] = [
    ("json", AuditForm::Json),
    ("csv", AuditForm::Csv),
    ("html", AuditForm::Html),
];

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    language: Language,
    title: &'static str,
    headings: [&'static str; 6],
    rows: Vec<AuditRow>,
    next: Option<String>,
    next_label: &'static str,
}

/// At most 1,000 rows after number `after`, in order, and where the next ones are.
pub(super) async fn list(
    State(state): State<ServeState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut query = Query::of(&uri, &AUDIT_NAMES)?;
    let choice = AuditChoice {
        since: query.value("since", day),
        subject: query
            .value("subject", |text| Ok(text.to_owned()))
            .unwrap_or_default(),
    };
    let after = query.whole_number("after", 0..=i64::MAX).unwrap_or(0);
    let language = query.word("lang").unwrap_or_else(|| language(&headers));
    let form = query.choice("f", &FORMS);
    query.finish()?;
    let form = form.unwrap_or(if prefers_html(&headers) {
        AuditForm::Html
    } else {
        AuditForm::Json
    });
    let rows = state.database.audit_page(&choice, after).await?;
    let next = rows.last().map(|last| address(&choice, last.seq, language));
    let mut response = match form {
        AuditForm::Html => page_of(&page(rows, next.clone(), language))?,
        AuditForm::Json => {
            let rows: Vec<_> = rows.iter().map(audit_json).collect();
            Json(json!({ "rows": rows, "next": next })).into_response()
        }
        AuditForm::Csv => csv(&rows),
    };
    let head = response.headers_mut();
    let no_store = HeaderValue::from_static("no-store");
    head.insert(header::CACHE_CONTROL, no_store);
    let link = next.and_then(|next| format!("<{next}>; rel=\"next\"").parse().ok());
    if let Some(link) = link {
        head.insert(header::LINK, link);
    }
    Ok(response)
}

fn day(text: &str) -> Result<String, String> {
    if is_date(text) && !text.starts_with("0000") {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` is no day such as 2026-11-24"))
    }
}

/// Where the rows after a number are.
fn address(choice: &AuditChoice, after: i64, language: Language) -> String {
    let mut query = vec![format!("after={after}"), format!("lang={language}")];
    query.extend(choice.since.as_ref().map(|since| format!("since={since}")));
    if !choice.subject.is_empty() {
        query.push(format!("subject={}", escaped(&choice.subject)));
    }
    format!("/audit?{}", query.join("&"))
}

fn page(rows: Vec<AuditRow>, next: Option<String>, language: Language) -> AuditPage {
    let words = [
        texts::WHEN,
        texts::WHO,
        texts::WHAT,
        texts::TO_WHAT,
        texts::DETAILS,
    ];
    let [when, who, what, to_what, details] = words.map(|text| text.say(language));
    AuditPage {
        language,
        title: texts::TRAIL.say(language),
        headings: ["#", when, who, what, to_what, details],
        rows,
        next,
        next_label: texts::NEXT.say(language),
    }
}

fn csv(rows: &[AuditRow]) -> Response {
    let heads = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"jangkau-audit.csv\"",
        ),
    ];
    (heads, audit_csv(rows)).into_response()
}
