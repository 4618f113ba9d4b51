//! Map styles: `/styles/{day|print|contrast}` draws the current run of an indicator in the classes of `/access`.
//!
//! What a style looks like is in `tiles/styles/`; here its sources and the colours of classes are filled in. It names
//! no address outside this server, and no glyphs: `MapLibre` draws letters from the fonts of the machine then.

mod fill;

use std::sync::LazyLock;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use self::fill::{Filling, fill};
use super::access::wanted;
use super::caching::EntityTag;
use super::error::{Problem, ProblemKind};
use super::indicator_query::{NAMES, as_query, indicator};
use super::query::Query;
use super::site::Site;
use super::state::ServeState;
use crate::app::answer::{GroupBy, Wanted, find_indicator};
use crate::domain::Layer;
use crate::publish::{Sprite, sprite};

/// Every style by its name, as it is in `tiles/styles/`.
pub(super) const STYLES: [(&str, &str); 3] = [
    ("day", include_str!("../../../tiles/styles/day.json")),
    ("print", include_str!("../../../tiles/styles/print.json")),
    (
        "contrast",
        include_str!("../../../tiles/styles/contrast.json"),
    ),
];

/// Query parameters of a style besides those of the indicator.
pub(super) const STYLE_NAMES: [&str; 3] = ["classes", "n", "lang"];

/// Pixels for one of a common screen, of the sheets that styles may ask for.
const RATIOS: [(&str, u32); 2] = [("sprite", 1), ("sprite@2x", 2)];

/// The sheets, drawn when somebody asks for one.
static SPRITES: LazyLock<Result<Vec<Sprite>, String>> = LazyLock::new(|| {
    let sheets = RATIOS.iter().map(|(_, ratio)| sprite(*ratio));
    let sheets: Result<Vec<Sprite>, _> = sheets.collect();
    sheets.map_err(|cause| cause.to_string())
});

/// A style, or a part of the sheet that styles take their small pictures from.
pub(super) async fn style(
    State(state): State<ServeState>,
    Path(name): Path<String>,
    site: Site,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(sheet) = Sheet::parse(&name) {
        Query::of(&uri, &[])?.finish()?;
        return sheet.answer(&headers).await;
    }
    let Some((_, style)) = STYLES.iter().find(|(each, _)| *each == name) else {
        let names: Vec<&str> = STYLES.iter().map(|(name, _)| *name).collect();
        let detail = format!("no style `{name}`: there are {}", names.join(", "));
        return Err(Problem::new(ProblemKind::StyleUnknown, detail));
    };
    let mut query = Query::of(&uri, &[&NAMES[..], &STYLE_NAMES[..]].concat())?;
    let indicator = indicator(&mut query, &state.catalogue);
    let wanted = Wanted {
        by: GroupBy::Village,
        ..wanted(&mut query, &headers)
    };
    query.finish()?;
    let reads = state.database.reads().await?;
    let found = find_indicator(&reads, &indicator).await?;
    let versions = reads.active_versions().await?;
    let layers: Vec<Layer> = versions.iter().map(|version| version.layer).collect();
    let mut parts = found.tag_parts();
    parts.push(wanted.language.to_string());
    parts.extend(layers.iter().map(ToString::to_string));
    EntityTag::of(&uri, &headers, &parts)
        .or_else(&headers, async {
            let answer = found.read(&reads, &wanted).await?;
            let service = state.catalogue.service(indicator.service);
            let filling = Filling {
                site: &site,
                access_query: &as_query(&indicator),
                layers: &layers,
                facilities: service.layer,
                answer: &answer,
                language: wanted.language,
            };
            Ok(Json(fill(style, &filling).map_err(Problem::internal)?).into_response())
        })
        .await
}

/// A part of a sheet.
#[derive(Clone, Copy)]
struct Sheet {
    index: usize,
    is_picture: bool,
}

impl Sheet {
    fn parse(name: &str) -> Option<Self> {
        let (stem, suffix) = name.rsplit_once('.')?;
        let is_picture = match suffix {
            "png" => true,
            "json" => false,
            _ => return None,
        };
        let index = RATIOS.iter().position(|(each, _)| *each == stem)?;
        Some(Self { index, is_picture })
    }

    async fn answer(self, headers: &HeaderMap) -> Result<Response, Problem> {
        // The first who asks has them drawn, which takes milliseconds.
        let sheets = tokio::task::spawn_blocking(|| SPRITES.as_ref())
            .await
            .map_err(Problem::internal)?
            .map_err(Problem::internal)?;
        let sheet = &sheets[self.index];
        EntityTag::of_hash(&Sha256::digest(&sheet.png))
            .or_else(headers, async {
                Ok(if self.is_picture {
                    let kind = HeaderValue::from_static("image/png");
                    ([(header::CONTENT_TYPE, kind)], sheet.png.clone()).into_response()
                } else {
                    Json(&sheet.places).into_response()
                })
            })
            .await
    }
}
