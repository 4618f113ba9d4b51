//! An indicator as a picture: its answer, the villages' outlines, where people and facilities are.
//!
//! What is drawn and how is `publish`'s; here words and numbers of the answer become those of the picture.

mod mercator;
mod texts;

use std::collections::HashMap;

use geo_types::MultiPolygon;

use self::mercator::on_map;
use self::texts::Texts;
use crate::app::answer::{CATALOGUE, IndicatorAnswer, Row};
use crate::domain::{DatasetVersionId, Language, Layer, People, ReachState};
use crate::publish::{
    ClassMethod, GeometryError, Look, MapPicture, PictureSettlement, PictureVillage, read_area,
};
use crate::store::reads::{ReadError, Reads, RunPlace};

pub use crate::publish::{PictureForm, PictureSize};
pub use texts::{
    classes_in_words, number_in_words, place_in_words, rule_in_words, sources_in_words,
};

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum MapPictureError {
    /// The database failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A stored outline that is none.
    #[error("cannot draw the village {code}: {cause}")]
    Outline {
        /// The village.
        code: String,
        /// What is wrong with its outline.
        cause: GeometryError,
    },
}

/// How a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureWanted {
    /// Language of its texts.
    pub language: Language,
    /// How its classes were made.
    pub method: ClassMethod,
    /// Pixels that the whole district is drawn on, the longer way.
    pub n_pixels: u32,
}

/// The picture of an answer whose rows are villages.
///
/// Three statements, besides those of the answer.
///
/// # Errors
/// The database fails, or holds an outline that cannot be read.
pub async fn map_picture(
    reads: &Reads,
    answer: &IndicatorAnswer,
    wanted: PictureWanted,
) -> Result<MapPicture, MapPictureError> {
    let outlines = outlines(reads, answer, wanted.n_pixels).await?;
    let settlements = if version(answer, Layer::Settlements).is_some() {
        let rule = &answer.rule;
        reads.run_places(&rule.run_id, rule.metric).await?
    } else {
        // Without settlements, people stand in the middle of their village: nothing that a circle could add.
        Vec::new()
    };
    let layer = CATALOGUE.service(answer.rule.service).layer;
    let facilities = match version(answer, layer) {
        Some(version) => {
            let rule = &answer.rule;
            reads
                .counted_facilities(version, &rule.tier, rule.season)
                .await?
        }
        None => Vec::new(),
    };
    let texts = Texts { answer, wanted };
    let (headline, rule) = texts.headline_and_rule();
    Ok(MapPicture {
        language: wanted.language,
        description: texts.description(),
        is_sample: answer.notice.is_some(),
        villages: villages(answer, outlines, wanted.language),
        settlements: settlements
            .iter()
            .map(|place| settlement(answer, place))
            .collect(),
        words: texts.words(!settlements.is_empty(), !facilities.is_empty()),
        facilities: facilities.into_iter().map(on_map).collect(),
        legend: texts.legend(),
        source: texts.sources(),
        date: texts.date(),
        version: texts.version(),
        headline,
        rule,
    })
}

/// The version of a layer that the answer was made from.
fn version(answer: &IndicatorAnswer, layer: Layer) -> Option<DatasetVersionId> {
    let input = answer.inputs.iter().find(|input| input.layer == layer)?;
    Some(input.version)
}

async fn outlines(
    reads: &Reads,
    answer: &IndicatorAnswer,
    n_pixels: u32,
) -> Result<HashMap<String, MultiPolygon<f64>>, MapPictureError> {
    let (Some(version), Some(bbox)) = (version(answer, Layer::Villages), answer.bbox) else {
        return Ok(HashMap::new());
    };
    let resolution_m = mercator::longer_side_m(bbox) / f64::from(n_pixels.max(1));
    let mut outlines = HashMap::new();
    for outline in reads.outlines(version, resolution_m).await? {
        let code = outline.code.to_string();
        match read_area(&outline.wkb) {
            Ok(area) => outlines.insert(code, area),
            Err(cause) => return Err(MapPictureError::Outline { code, cause }),
        };
    }
    Ok(outlines)
}

/// The villages in order of code, so that the same data make the same picture.
fn villages(
    answer: &IndicatorAnswer,
    mut outlines: HashMap<String, MultiPolygon<f64>>,
    language: Language,
) -> Vec<PictureVillage> {
    let mut rows: Vec<&Row> = answer.rows.iter().collect();
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    rows.into_iter()
        .filter_map(|row| {
            Some(PictureVillage {
                outline: outlines.remove(&row.code)?,
                title: texts::title(answer, row, language),
                kecamatan: row.kecamatan_code.clone(),
                look: look(answer, row.state, &row.class),
                code: row.code.clone(),
            })
        })
        .collect()
}

/// The look of a class's letter, or of a state that has none.
fn look(answer: &IndicatorAnswer, state: ReachState, letter: &str) -> Look {
    match answer.classes.iter().find(|class| class.letter == letter) {
        Some(class) if state == ReachState::Within => Look::Class {
            letter: class.letter.clone(),
            colour: class.colour,
        },
        _ => Look::State(state),
    }
}

fn settlement(answer: &IndicatorAnswer, place: &RunPlace) -> PictureSettlement {
    let class = place.cost.and_then(|cost| {
        let is_up_to = |to: i64| i64::from(cost) <= to;
        let mut classes = answer.classes.iter();
        classes.find(|class| class.to.is_none_or(|to| is_up_to(to.0)))
    });
    PictureSettlement {
        place: on_map(place.place),
        people: place.people.map(People::to_count),
        look: look(
            answer,
            place.state,
            class.map_or("", |class| class.letter.as_str()),
        ),
    }
}
