//! A choropleth as a picture: SVG text and PNG, from plain structs.
//!
//! Nothing here computes a class, a count or a sentence: words and numbers come ready from who knows them.
//! The same input gives the same bytes. Looks are presentation attributes alone, no style sheet and no script,
//! so the strictest content security policy shows the picture whole.

mod block;
mod borders;
mod chrome;
mod font;
mod ground;
mod hatches;
mod inline;
mod letters;
mod map_layer;
mod png;
mod scale_bar;
mod sheet;
mod size;
mod svg;
mod wrap;

#[cfg(test)]
mod tests;

use geo_types::{Coord, MultiPolygon};

pub use inline::inline_map;
pub use png::{PictureError, write_png};
pub use sheet::write_svg;
pub use size::{MAX_SIDE_PX, MIN_HEIGHT_PX, MIN_WIDTH_PX, PictureSize};

use super::palette::{Rgb, hatch};
use crate::domain::{Language, ReachState};

/// The formats of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureForm {
    /// Lines and text that stay sharp at any size.
    Svg,
    /// Pixels.
    Png,
}

impl PictureForm {
    /// Every format, by its suffix.
    pub const ALL: [(&'static str, Self); 2] = [("svg", Self::Svg), ("png", Self::Png)];

    /// Its suffix.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }
}

/// The bytes of a picture; see [`write_svg`] and [`write_png`].
///
/// # Errors
/// A PNG cannot be drawn.
pub fn draw(
    picture: &MapPicture,
    size: PictureSize,
    form: PictureForm,
) -> Result<Vec<u8>, PictureError> {
    let svg = write_svg(picture, size);
    match form {
        PictureForm::Svg => Ok(svg.into_bytes()),
        PictureForm::Png => write_png(&svg),
    }
}

/// Everything that a picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct MapPicture {
    /// Language of the texts.
    pub language: Language,
    /// The sentence above the map.
    pub headline: String,
    /// What a screen reader says of the picture.
    pub description: String,
    /// Whether any of it is sample data: the notice then lies across.
    pub is_sample: bool,
    /// The villages, in order of code.
    pub villages: Vec<PictureVillage>,
    /// Where people live.
    pub settlements: Vec<PictureSettlement>,
    /// Where the facilities are: metres of EPSG:3857.
    pub facilities: Vec<Coord<f64>>,
    /// Classes, best first, then states.
    pub legend: Vec<PictureLegendRow>,
    /// The words of the legend.
    pub words: PictureWords,
    /// How the numbers came about, in one line.
    pub rule: String,
    /// Where the data come from.
    pub source: String,
    /// Date of the data.
    pub date: String,
    /// The run that made the numbers.
    pub version: String,
}

/// A village's area and look.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureVillage {
    /// Its code.
    pub code: String,
    /// What it is told apart by on hover: its name, kecamatan, class and value.
    pub title: String,
    /// What its kecamatan is known by; none where unknown.
    pub kecamatan: Option<String>,
    /// Its area in metres of EPSG:3857; neighbours share their borders' vertices.
    pub outline: MultiPolygon<f64>,
    /// How it is filled.
    pub look: Look,
}

/// A settlement, drawn as a circle whose area grows with its people.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureSettlement {
    /// Metres of EPSG:3857.
    pub place: Coord<f64>,
    /// Its people; none where unknown: drawn smallest.
    pub people: Option<f64>,
    /// How it is filled.
    pub look: Look,
}

/// The look of a class, or of a state that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// A class of the legend.
    Class {
        /// Its letter.
        letter: String,
        /// Its fill.
        colour: Rgb,
    },
    /// A state without a class: a grey hatch of its own.
    State(ReachState),
}

/// A row of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureLegendRow {
    /// Its swatch.
    pub look: Look,
    /// What it stands for: a range or a state.
    pub label: String,
    /// Its villages, as they are written.
    pub villages: String,
    /// Its people, as they are written; none where unknown.
    pub people: Option<String>,
}

/// The fixed words of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureWords {
    /// What the colours mean.
    pub legend: String,
    /// Above the numbers of villages.
    pub villages: String,
    /// Above the numbers of people.
    pub people: String,
    /// Beside the circle; none where no settlement is drawn.
    pub settlements: Option<String>,
    /// Beside the facilities' mark; none where none is drawn.
    pub facilities: Option<String>,
    /// Beside the border's line.
    pub kecamatan: String,
    /// The letter of the north arrow.
    pub north: String,
    /// What stands across sample data.
    pub sample: String,
}

impl Look {
    /// Its letter or sign.
    fn letter(&self) -> &str {
        match self {
            Self::Class { letter, .. } => letter,
            Self::State(state) => hatch(*state).map_or("", |hatch| hatch.sign),
        }
    }

    /// What its letter is written in.
    fn ink(&self) -> Rgb {
        match self {
            Self::Class { colour, .. } => colour.ink(),
            Self::State(_) => Rgb::BLACK,
        }
    }

    /// A paint for `fill`.
    fn fill(&self) -> String {
        match self {
            Self::Class { colour, .. } => colour.to_string(),
            Self::State(state) => {
                hatch(*state).map_or("none".to_owned(), |hatch| format!("url(#{})", hatch.id))
            }
        }
    }

    /// A plain colour, for what is too small for a hatch.
    fn plain_fill(&self) -> Rgb {
        match self {
            Self::Class { colour, .. } => *colour,
            Self::State(state) => hatch(*state).map_or(Rgb::WHITE, |hatch| hatch.ground),
        }
    }
}
