//! The small pictures of map styles on one sheet: hatches of states, marks of facilities.

use std::fmt::Write;

use serde::Serialize;
use std::collections::BTreeMap;

use super::palette::{HATCH_TILE_PX, hatch};
use super::picture::{PictureError, write_png};
use crate::domain::ReachState;

/// Side of a mark in pixels.
const MARK_PX: u32 = 20;

/// Room around each picture, so that none bleeds into the next when it is scaled.
const GAP_PX: u32 = 2;

/// A mark: its name, and its shapes as SVG on a square of [`MARK_PX`]. No emblem that is protected by law is among
/// them: a white cross on blue stands for a health facility.
const MARKS: [(&str, &str); 5] = [
    (
        "mark-clinics",
        "<rect x=\"2\" y=\"2\" width=\"16\" height=\"16\" rx=\"3\" fill=\"#12477f\" stroke=\"#fff\" stroke-width=\"2\"/>\
         <path d=\"M8.5 5.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z\" fill=\"#fff\"/>",
    ),
    (
        "mark-water-points",
        "<path d=\"M10 1.5C12.5 5.5 16 8.5 16 12.2a6 6 0 0 1-12 0C4 8.5 7.5 5.5 10 1.5z\" fill=\"#12477f\" \
         stroke=\"#fff\" stroke-width=\"2\"/>",
    ),
    (
        "mark-schools",
        "<path d=\"M10 2L18.5 9.5H16.5V17.5H3.5V9.5H1.5z\" fill=\"#12477f\" stroke=\"#fff\" stroke-width=\"2\"/>\
         <path d=\"M8.2 12.2h3.6v5H8.2z\" fill=\"#fff\"/>",
    ),
    (
        "mark-not-counted",
        "<circle cx=\"10\" cy=\"10\" r=\"4.5\" fill=\"#fff\" stroke=\"#5b6672\" stroke-width=\"2\"/>",
    ),
    (
        "mark-closed",
        "<circle cx=\"10\" cy=\"10\" r=\"6.5\" fill=\"#fff\" stroke=\"#444\" stroke-width=\"2\"/>\
         <path d=\"M5.5 14.5l9-9\" stroke=\"#444\" stroke-width=\"2\"/>",
    ),
];

/// Where a picture is on the sheet, in pixels of the sheet, as `MapLibre` reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpritePlace {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Pixels of the sheet to one of the screen.
    pub pixel_ratio: u32,
}

/// A sheet of pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sprite {
    /// Where each picture is, by name.
    pub places: BTreeMap<String, SpritePlace>,
    /// The sheet as PNG.
    pub png: Vec<u8>,
}

/// Draws the sheet, `pixel_ratio` pixels for each of a common screen.
///
/// # Errors
/// The sheet cannot be drawn: memory is short.
pub fn sprite(pixel_ratio: u32) -> Result<Sprite, PictureError> {
    let pictures = pictures();
    let mut places = BTreeMap::new();
    let (mut shapes, mut x) = (String::new(), GAP_PX);
    for (name, side, picture) in pictures {
        // Writing to a string cannot fail.
        let _ = write!(
            shapes,
            "<svg x=\"{x}\" y=\"{GAP_PX}\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 {side} {side}\">{picture}</svg>"
        );
        let place = SpritePlace {
            x: x * pixel_ratio,
            y: GAP_PX * pixel_ratio,
            width: side * pixel_ratio,
            height: side * pixel_ratio,
            pixel_ratio,
        };
        places.insert(name, place);
        x += side + GAP_PX;
    }
    let height = MARK_PX + 2 * GAP_PX;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {x} {height}\">{shapes}</svg>",
        x * pixel_ratio,
        height * pixel_ratio
    );
    Ok(Sprite {
        places,
        png: write_png(&svg)?,
    })
}

/// Name, side and shapes of each picture.
fn pictures() -> Vec<(String, u32, String)> {
    let hatches = ReachState::ALL.iter().filter_map(|state| hatch(*state));
    let hatches = hatches.map(|hatch| {
        let width = f64::from(hatch.stroke_tenths_px) / 10.0;
        let shapes = format!(
            "<path fill=\"{}\" d=\"M0 0h{HATCH_TILE_PX}v{HATCH_TILE_PX}H0z\"/>\
             <path fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" d=\"{}\"/>",
            hatch.ground, hatch.stroke, hatch.path
        );
        (hatch.id.to_owned(), HATCH_TILE_PX, shapes)
    });
    let marks = MARKS.iter();
    let marks = marks.map(|(name, shapes)| ((*name).to_owned(), MARK_PX, (*shapes).to_owned()));
    hatches.chain(marks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_lies_on_the_sheet_and_apart_from_the_others() {
        for pixel_ratio in [1, 2] {
            let sprite = sprite(pixel_ratio).unwrap();
            // Width and height are big-endian at byte 16 of a PNG.
            let side = |at: usize| u32::from_be_bytes(sprite.png[at..at + 4].try_into().unwrap());
            let (width, height) = (side(16), side(20));
            let mut places: Vec<&SpritePlace> = sprite.places.values().collect();
            places.sort_by_key(|place| place.x);
            for place in &places {
                assert!(place.x + place.width < width && place.y + place.height < height);
            }
            for pair in places.windows(2) {
                assert!(pair[0].x + pair[0].width < pair[1].x);
            }
            // Four states have hatches; there are five marks.
            assert_eq!(places.len(), 4 + 5);
        }
    }
}
