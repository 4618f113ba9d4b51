//! `/map.svg` and `/map.png`: an indicator as a picture, for whoever does not click.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};

use super::access::wanted;
use super::caching::EntityTag;
use super::error::Problem;
use super::indicator_query::{NAMES, indicator};
use super::query::Query;
use super::state::ServeState;
use crate::app::answer::{IndicatorAnswer, file_name, find_indicator};
use crate::app::picture::{PictureWanted, map_picture};
use crate::publish::{MAX_SIDE_PX, MIN_HEIGHT_PX, MIN_WIDTH_PX, PictureForm, PictureSize, draw};

/// Query parameters besides those of the indicator.
pub(super) const PICTURE_NAMES: [&str; 5] = ["classes", "n", "lang", "width", "height"];

/// Nothing runs in a picture, so any page may show or frame it.
const PICTURE_CSP: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors *");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The picture as SVG.
pub(super) async fn svg(
    state: State<ServeState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    picture(state, uri, headers, PictureForm::Svg).await
}

/// The picture as PNG.
pub(super) async fn png(
    state: State<ServeState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    picture(state, uri, headers, PictureForm::Png).await
}

async fn picture(
    State(state): State<ServeState>,
    uri: Uri,
    headers: HeaderMap,
    form: PictureForm,
) -> Result<Response, Problem> {
    let names = [&NAMES[..], &PICTURE_NAMES[..]].concat();
    let mut query = Query::of(&uri, &names)?;
    let indicator = indicator(&mut query, &state.catalogue);
    let wanted = wanted(&mut query, &headers);
    let size = size(&mut query);
    query.finish()?;

    let reads = state.database.reads().await?;
    let found = find_indicator(&reads, &indicator).await?;
    let mut parts = found.tag_parts();
    parts.push(wanted.language.to_string());
    let mut response = EntityTag::of(&uri, &headers, &parts)
        .or_else(&headers, async {
            let answer = found.read(&reads, &wanted).await?;
            let of_picture = PictureWanted {
                language: wanted.language,
                method: wanted.method,
                n_pixels: size.width_px().max(size.height_px()),
            };
            let picture = map_picture(&reads, &answer, of_picture).await?;
            drop(reads);
            // Drawing takes longer than a thread that serves requests may be away.
            let drawn = tokio::task::spawn_blocking(move || draw(&picture, size, form));
            let bytes = drawn
                .await
                .map_err(Problem::internal)?
                .map_err(Problem::internal)?;
            let head = [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static(form.media_type()),
                ),
                (header::CONTENT_DISPOSITION, disposition(&answer, form)?),
            ];
            Ok::<_, Problem>((head, bytes).into_response())
        })
        .await?;
    // On 304 as well: a browser takes over its headers.
    let head = response.headers_mut();
    head.insert(header::CONTENT_SECURITY_POLICY, PICTURE_CSP);
    head.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// Takes the size from a query: 16:9 where one side or none is asked for.
fn size(query: &mut Query) -> PictureSize {
    let pixels = |query: &mut Query, name, least: u32| {
        let range = i64::from(least)..=i64::from(MAX_SIDE_PX);
        let number = query.whole_number(name, range)?;
        u32::try_from(number).ok()
    };
    let width = pixels(query, "width", MIN_WIDTH_PX);
    let height = pixels(query, "height", MIN_HEIGHT_PX);
    match PictureSize::of_sides(width, height) {
        Ok(size) => size,
        Err(detail) => {
            query.refuse("width", detail);
            PictureSize::WIDE
        }
    }
}

/// `inline; filename="CONTOH-jangkau-clinic.motorcycle.dry.time-0a1b2c3d.svg"`
fn disposition(answer: &IndicatorAnswer, form: PictureForm) -> Result<HeaderValue, Problem> {
    let name = file_name(&answer.rule, answer.notice.is_some(), form.as_str());
    HeaderValue::from_str(&format!("inline; filename=\"{name}\"")).map_err(Problem::internal)
}
