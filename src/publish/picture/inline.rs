//! The map alone, for a page that says the rest in its own words.

use super::chrome::{strip_height, write_strip, write_watermark};
use super::ground::{Ground, GroundBox, Pane, Precision};
use super::map_layer::{MapScale, write_map};
use super::svg::{Svg, escaped, font_family};
use super::{MapPicture, hatches};

/// Width of the drawing's own coordinates, which are whole numbers: the page scales them.
const WIDTH: f64 = 1000.0;
/// A district that is longer from north to south is drawn narrower instead.
const MAX_HEIGHT: f64 = 1000.0;
/// So that lines on the edge are whole.
const MARGIN: f64 = 4.0;
/// Size of text.
const BASE: f64 = 22.0;

/// The map with scale and north as an `<svg>` element of a page; none where no village has an outline.
///
/// Villages carry their code as `data-code` and their title as `<title>`.
pub fn inline_map(picture: &MapPicture) -> Option<String> {
    let outlines = picture.villages.iter().map(|village| &village.outline);
    let ground = GroundBox::around(outlines)?;
    let (ground_width, ground_height) = ground.extent();
    let map_width = WIDTH - 2.0 * MARGIN;
    let map = Pane {
        left: MARGIN,
        top: MARGIN,
        width: map_width,
        height: (map_width * ground_height / ground_width).min(MAX_HEIGHT),
    };
    let strip = Pane {
        top: map.top + map.height,
        height: strip_height(BASE),
        ..map
    };
    let height = (strip.top + strip.height + MARGIN).ceil();
    let mut svg = Svg::default();
    svg.put(format_args!(
        "<svg class=\"picture\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" {}>\
         <title>{}</title><desc>{}</desc>",
        font_family(),
        escaped(&picture.headline),
        escaped(&picture.description),
    ));
    hatches::write_definitions(&mut svg, 1.25);
    let ground = Ground::fitted(ground, map, Precision::Pixel);
    let scale = MapScale {
        unit: 1.25,
        letter_size: 17.0,
    };
    write_map(&mut svg, picture, &ground, scale);
    write_strip(&mut svg, picture, &ground, strip, BASE);
    if picture.is_sample {
        write_watermark(&mut svg, picture, map);
    }
    svg.put(format_args!("</svg>"));
    Some(svg.0)
}
