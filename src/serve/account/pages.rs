//! The pages of accounts as the server draws them.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::LINK_START;
use super::texts::{self, Text};
use crate::app::{AccountError, AppError, account_of_link};
use crate::domain::{Language, Right, Secret, Visitor};
use crate::serve::error::Problem;
use crate::serve::negotiate::{language, prefers_html};
use crate::serve::query::Query;
use crate::serve::state::ServeState;

/// Nothing but forms to this server, and nobody frames it.
const CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

const STYLE: &str = include_str!("../templates/account.css");

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    language: Language,
    title: &'static str,
    problem: Option<&'static str>,
    /// Labels and what they stand for.
    facts: Vec<(&'static str, String)>,
    forms: Vec<Form>,
    /// Addresses and what they are called.
    links: Vec<(String, &'static str)>,
}

struct Form {
    action: String,
    fields: Vec<Field>,
    button: &'static str,
}

struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
}

impl Field {
    fn password(
        name: &'static str,
        label: Text,
        autocomplete: &'static str,
        language: Language,
    ) -> Self {
        Self {
            name,
            label: label.say(language),
            kind: "password",
            autocomplete,
        }
    }
}

/// The style of these pages.
pub(in crate::serve) async fn style(uri: Uri) -> Result<Response, Problem> {
    Query::of(&uri, &[])?.finish()?;
    let media_type = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((media_type, STYLE).into_response())
}

/// `/sign-in`.
pub(in crate::serve) async fn sign_in_page(
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (language, problem) = asked(&uri, &headers)?;
    let name = Field {
        name: "name",
        label: texts::NAME.say(language),
        kind: "text",
        autocomplete: "username",
    };
    let password = Field::password("password", texts::PASSWORD, "current-password", language);
    respond(&AccountPage {
        language,
        title: texts::SIGN_IN.say(language),
        problem,
        facts: Vec::new(),
        forms: vec![Form {
            action: format!("/sign-in?lang={language}"),
            fields: vec![name, password],
            button: texts::SIGN_IN.say(language),
        }],
        links: Vec::new(),
    })
}

/// The page of a link: it is used by its form, not by looking at it.
pub(in crate::serve) async fn link_page(
    State(state): State<ServeState>,
    Path(secret): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (language, problem) = asked(&uri, &headers)?;
    let mut page = AccountPage {
        language,
        title: texts::SET_PASSWORD.say(language),
        problem,
        facts: Vec::new(),
        forms: Vec::new(),
        links: vec![("/sign-in".to_owned(), texts::SIGN_IN.say(language))],
    };
    match account_of(&state, &secret).await? {
        None => page.problem = Some(texts::LINK_OVER.say(language)),
        Some(account) => {
            page.facts = vec![(texts::ACCOUNT.say(language), account)];
            page.forms = vec![Form {
                action: format!("{LINK_START}{secret}?lang={language}"),
                fields: vec![
                    Field::password("password", texts::NEW_PASSWORD, "new-password", language),
                    Field::password("again", texts::AGAIN, "new-password", language),
                ],
                button: texts::SET_PASSWORD.say(language),
            }];
        }
    }
    respond(&page)
}

/// The account of a link that works.
async fn account_of(state: &ServeState, secret: &str) -> Result<Option<String>, Problem> {
    let Some(link) = Secret::parse(secret) else {
        return Ok(None);
    };
    match account_of_link(&state.database, &link).await {
        Ok(account) => Ok(Some(account.to_string())),
        Err(AppError::Account(AccountError::LinkInvalid)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `/me`: who asks, and what they may do.
pub(in crate::serve) async fn me(
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (language, problem) = asked(&uri, &headers)?;
    let rights = Right::ALL.iter().filter(|right| visitor.has(**right));
    let rights: Vec<&str> = rights.map(|right| right.as_str()).collect();
    if !prefers_html(&headers) {
        let body = json!({
            "account": visitor.account,
            "full_name": visitor.full_name,
            "role": visitor.grant.role(),
            "layers": visitor.grant.layers(),
            "area": visitor.grant.area(),
            "rights": rights,
            "by_token": visitor.token_rights.is_some(),
        });
        return Ok(private(axum::Json(body).into_response()));
    }
    let scope = visitor.grant.area().map(str::to_owned);
    let scope = scope.unwrap_or_else(|| visitor.grant.layers().join(", "));
    let mut facts = vec![
        (texts::ACCOUNT.say(language), visitor.account.to_string()),
        (texts::ROLE.say(language), visitor.grant.role().to_string()),
        (texts::SCOPE.say(language), scope),
        (texts::RIGHTS.say(language), rights.join(", ")),
    ];
    facts.retain(|(_, fact)| !fact.is_empty());
    let mut links = Vec::new();
    if visitor.has(Right::ReadAudit) {
        let trail = texts::TRAIL.say(language);
        links.push((format!("/audit?lang={language}"), trail));
    }
    respond(&AccountPage {
        language,
        title: texts::ACCOUNT.say(language),
        problem,
        facts,
        forms: own_forms(language),
        links,
    })
}

fn own_forms(language: Language) -> Vec<Form> {
    let old = Field::password("old", texts::OLD_PASSWORD, "current-password", language);
    let password = Field::password("password", texts::NEW_PASSWORD, "new-password", language);
    let again = Field::password("again", texts::AGAIN, "new-password", language);
    vec![
        Form {
            action: format!("/me/password?lang={language}"),
            fields: vec![old, password, again],
            button: texts::CHANGE_PASSWORD.say(language),
        },
        Form {
            action: format!("/sign-out?lang={language}"),
            fields: Vec::new(),
            button: texts::SIGN_OUT.say(language),
        },
    ]
}

/// The language of a page, and what it has to say of the form that led back to it.
fn asked(uri: &Uri, headers: &HeaderMap) -> Result<(Language, Option<&'static str>), Problem> {
    let mut query = Query::of(uri, &["lang", "problem"])?;
    let language = query.word("lang").unwrap_or_else(|| language(headers));
    let problem = query.choice("problem", &texts::problem_choices());
    query.finish()?;
    Ok((language, problem.map(|text| text.say(language))))
}

/// A page that is of one person, for this moment.
pub(in crate::serve) fn respond(page: &impl Template) -> Result<Response, Problem> {
    let html = page.render().map_err(Problem::internal)?;
    let mut response = private(Html(html).into_response());
    let head = response.headers_mut();
    head.insert(header::CONTENT_SECURITY_POLICY, CSP);
    head.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    Ok(response)
}

/// What nobody keeps.
pub(super) fn private(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}
