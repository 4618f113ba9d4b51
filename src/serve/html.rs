//! The pages as the server draws them: `/` for planners, `/embed` for frames of other people's pages.
//!
//! Each is whole without a script; the script of `web/` takes over what stands in `#app`.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use super::access::{WANTED_NAMES, wanted};
use super::caching::EntityTag;
use super::error::Problem;
use super::first_screen::{FirstScreen, asked};
use super::indicator_query::{NAMES, as_query, indicator};
use super::page;
use super::query::Query;
use super::site::Site;
use super::state::ServeState;
use crate::app::answer::{AnswerError, FoundIndicator, GroupBy, RowChoice, Wanted, find_indicator};
use crate::app::picture::{PictureWanted, map_picture};
use crate::domain::{Indicator, Language};
use crate::publish::words::{filled, word};
use crate::store::reads::Reads;

/// Pixels that the map of a page is drawn on: more vertices would not be seen, and would have to be sent.
const INLINE_PIXELS: u32 = 700;

/// Everything comes from here, nothing is inline, and nobody but ourselves frames the planner's page.
const PLANNER_CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     worker-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'",
);

/// The same for the page that is made to be framed.
const EMBED_CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors *",
);

/// What is on every page.
struct Page {
    language: Language,
    title: String,
    description: String,
    social_image: Option<String>,
    notice: Option<&'static str>,
    /// The same page in each language.
    in_indonesian: String,
    in_english: String,
    /// The planner's page of the same numbers.
    full_screen: String,
}

/// Why there is nothing to show, and what there is instead.
#[derive(Default)]
struct Nothing {
    lines: Vec<String>,
    others: Vec<Other>,
}

struct Other {
    href: String,
    name: String,
}

#[derive(Template)]
#[template(path = "planner.html")]
struct PlannerPage {
    page: Page,
    screen: Option<FirstScreen>,
    nothing: Nothing,
}

#[derive(Template)]
#[template(path = "embed.html")]
struct EmbedPage {
    page: Page,
    screen: Option<FirstScreen>,
    nothing: Nothing,
}

/// The two pages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Planner,
    Embed,
}

impl Page {
    fn word(&self, key: &str) -> String {
        word(self.language, key)
    }

    /// The address of a file of the bundle.
    #[expect(
        clippy::unused_self,
        reason = "templates name what they use through the page"
    )]
    fn asset(&self, name: &str) -> String {
        page::asset_address(name)
    }

    fn is_indonesian(&self) -> bool {
        self.language == Language::Indonesian
    }
}

/// Query parameters of the planner's page: those of `/access`.
pub(super) fn planner_names() -> Vec<&'static str> {
    [&NAMES[..], &WANTED_NAMES[..], &["f"]].concat()
}

/// The planner's page.
pub(super) async fn planner(
    state: &ServeState,
    site: &Site,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let names = planner_names();
    let mut response = respond(state, site, (uri, headers), &names, Kind::Planner).await?;
    let head = response.headers_mut();
    head.insert(header::CONTENT_SECURITY_POLICY, PLANNER_CSP);
    head.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    Ok(response)
}

/// `/embed`: `height` is the frame's business and is only let through.
pub(super) async fn embed(
    State(state): State<ServeState>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let names = [&NAMES[..], &["classes", "n", "lang", "height"]].concat();
    let mut response = respond(&state, &site, (&uri, &headers), &names, Kind::Embed).await?;
    let head = response.headers_mut();
    head.insert(header::CONTENT_SECURITY_POLICY, EMBED_CSP);
    Ok(response)
}

async fn respond(
    state: &ServeState,
    site: &Site,
    (uri, headers): (&Uri, &HeaderMap),
    names: &[&str],
    kind: Kind,
) -> Result<Response, Problem> {
    let mut query = Query::of(uri, names)?;
    let indicator = indicator(&mut query, &state.catalogue);
    let wanted = Wanted {
        // The map needs every village; the script sorts and filters the table.
        by: GroupBy::Village,
        rows: RowChoice::default(),
        ..wanted(&mut query, headers)
    };
    query.finish()?;
    let reads = state.database.reads().await?;
    let (found, others) = find(&reads, &indicator, names_an_indicator(uri)).await?;
    let mut parts = found.as_ref().map_or_else(
        || others.iter().map(ToString::to_string).collect(),
        FoundIndicator::tag_parts,
    );
    parts.push(wanted.language.to_string());
    parts.push(page::bundle_version());
    EntityTag::of(uri, headers, &parts)
        .or_else(headers, async {
            let html = match found {
                Some(found) => with_screen(&reads, site, uri, found, &wanted, kind).await?,
                None => without_screen(&indicator, &others, uri, &wanted, kind),
            };
            Ok(Html(html.map_err(Problem::internal)?).into_response())
        })
        .await
}

/// The run of an indicator; where none was named, that of the first that was computed. Else those there are.
async fn find(
    reads: &Reads,
    indicator: &Indicator,
    is_named: bool,
) -> Result<(Option<FoundIndicator>, Vec<Indicator>), Problem> {
    match find_indicator(reads, indicator).await {
        Ok(found) => return Ok((Some(found), Vec::new())),
        Err(AnswerError::RunMissing { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let others = reads.indicators().await?;
    match others.first() {
        Some(first) if !is_named => Ok((Some(find_indicator(reads, first).await?), Vec::new())),
        _ => Ok((None, others)),
    }
}

fn names_an_indicator(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .any(|name| NAMES.contains(&name))
}

async fn with_screen(
    reads: &Reads,
    site: &Site,
    uri: &Uri,
    found: FoundIndicator,
    wanted: &Wanted,
    kind: Kind,
) -> Result<askama::Result<String>, Problem> {
    let answer = found.read(reads, wanted).await?;
    let of_picture = PictureWanted {
        language: wanted.language,
        method: wanted.method,
        n_pixels: INLINE_PIXELS,
    };
    let picture = map_picture(reads, &answer, of_picture).await?;
    let screen = FirstScreen::new(&answer, picture, wanted);
    let asked = asked(&answer, wanted);
    let service = word(wanted.language, &format!("service.{}", answer.rule.service));
    let mark = if answer.notice.is_some() {
        "CONTOH – "
    } else {
        ""
    };
    let page = Page {
        language: wanted.language,
        title: format!("{mark}{service} – Jangkau"),
        description: screen.headline.clone(),
        social_image: Some(site.address(&format!("/map.png?{asked}&width=1200&height=630"))),
        notice: answer.notice,
        in_indonesian: in_language(uri, Language::Indonesian),
        in_english: in_language(uri, Language::English),
        full_screen: format!("/?{asked}"),
    };
    Ok(render(kind, page, Some(screen), Nothing::default()))
}

fn without_screen(
    indicator: &Indicator,
    others: &[Indicator],
    uri: &Uri,
    wanted: &Wanted,
    kind: Kind,
) -> askama::Result<String> {
    let language = wanted.language;
    let name = indicator.to_string();
    let nothing = Nothing {
        lines: vec![
            filled(language, "page.empty.indicator", &[("indicator", &name)]),
            word(language, "page.empty.do"),
        ],
        others: others
            .iter()
            .map(|other| Other {
                href: format!("/?{}&lang={language}", as_query(other)),
                name: other.to_string(),
            })
            .collect(),
    };
    let page = Page {
        language,
        title: format!("{} – Jangkau", word(language, "page.empty")),
        description: word(language, "page.tagline"),
        social_image: None,
        notice: None,
        in_indonesian: in_language(uri, Language::Indonesian),
        in_english: in_language(uri, Language::English),
        full_screen: format!("/?lang={language}"),
    };
    render(kind, page, None, nothing)
}

fn render(
    kind: Kind,
    page: Page,
    screen: Option<FirstScreen>,
    nothing: Nothing,
) -> askama::Result<String> {
    match kind {
        Kind::Planner => PlannerPage {
            page,
            screen,
            nothing,
        }
        .render(),
        Kind::Embed => EmbedPage {
            page,
            screen,
            nothing,
        }
        .render(),
    }
}

/// The query of an address with its language replaced.
fn in_language(uri: &Uri, language: Language) -> String {
    let query = uri.query().unwrap_or_default();
    let kept = query
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("lang"));
    let mut address = String::from("?");
    for pair in kept {
        address.push_str(pair);
        address.push('&');
    }
    format!("{address}lang={language}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_language_keeps_the_rest_of_the_query() {
        let uri: Uri = "/?service=water&lang=id&n=4".parse().unwrap();
        let english = in_language(&uri, Language::English);
        assert_eq!(english, "?service=water&n=4&lang=en");
        let uri: Uri = "/".parse().unwrap();
        assert_eq!(in_language(&uri, Language::Indonesian), "?lang=id");
    }

    #[test]
    fn an_indicator_is_named_by_any_of_its_parameters() {
        let is_named = |uri: &str| names_an_indicator(&uri.parse().unwrap());
        assert!(is_named("/?lang=id&service=water"));
        assert!(!is_named("/?lang=id&classes=equal"));
        assert!(!is_named("/"));
    }
}
