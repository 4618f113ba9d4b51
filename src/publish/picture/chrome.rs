//! What belongs to every map: scale, north, and the notice across a sample.

use super::font::{Weight, width};
use super::ground::{Ground, Pane};
use super::scale_bar::scale_bar;
use super::svg::{Anchor, INK, PAPER, Svg, Text, number};
use super::{MapPicture, PictureSize};
use crate::domain::SAMPLE_NOTICE;

/// Behind the notice.
const NOTICE_GROUND: &str = "#22201c";
const NOTICE_INK: &str = "#ffd98a";
/// How far the words across a sample rise, in degrees.
const SLOPE_DEGREES: f64 = 24.0;

/// Height of the strip with scale and north.
pub(super) fn strip_height(base: f64) -> f64 {
    2.3 * base
}

/// Writes scale bar and north arrow into a strip.
pub(super) fn write_strip(
    svg: &mut Svg,
    picture: &MapPicture,
    ground: &Ground,
    strip: Pane,
    base: f64,
) {
    let north_width = 1.6 * base;
    let bottom = strip.top + strip.height - 0.25 * base;
    let room = (strip.width - north_width - base).min(14.0 * base);
    if let Some(bar) = scale_bar(ground.px_per_ground_metre(), room) {
        let tick = 0.45 * base;
        svg.put(format_args!(
            "<path class=\"scale-bar\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"{}\" \
             d=\"M{} {}v{tick}h{}v-{tick}\" data-length-m=\"{:.0}\"/>",
            number((0.1 * base).max(1.0)),
            number(strip.left),
            number(bottom - tick),
            number(bar.length_px),
            bar.length_m,
            tick = number(tick),
        ));
        svg.text(&Text {
            x: strip.left,
            y: bottom - tick - 0.3 * base,
            size: 0.75 * base,
            weight: Weight::Regular,
            anchor: Anchor::Start,
            fill: INK.to_owned(),
            words: bar.label(),
        });
    }
    let x = strip.left + strip.width - north_width / 2.0;
    let (half, height) = (0.42 * base, 1.1 * base);
    svg.put(format_args!(
        "<path class=\"north\" fill=\"{INK}\" d=\"M{} {}l{half} {height} -{half} -{dent} -{half} {dent}z\"/>",
        number(x),
        number(bottom - height),
        half = number(half),
        height = number(height),
        dent = number(0.3 * base),
    ));
    svg.text(&Text {
        x,
        y: bottom - height - 0.2 * base,
        size: 0.75 * base,
        weight: Weight::Bold,
        anchor: Anchor::Middle,
        fill: INK.to_owned(),
        words: picture.words.north.clone(),
    });
}

/// Height of the band with the notice.
pub(super) fn band_height(base: f64) -> f64 {
    1.5 * base
}

/// Writes the notice along the upper edge.
pub(super) fn write_band(svg: &mut Svg, size: PictureSize, base: f64) {
    let width_px = f64::from(size.width_px());
    let height = band_height(base);
    svg.rect(
        (0.0, 0.0),
        (width_px, height),
        &format!("fill=\"{NOTICE_GROUND}\""),
    );
    let natural = width(SAMPLE_NOTICE, 1.0, Weight::Bold);
    let letters = (0.85 * base).min((width_px - base) / natural);
    svg.text(&Text {
        x: width_px / 2.0,
        y: height / 2.0 + 0.3 * letters,
        size: letters,
        weight: Weight::Bold,
        anchor: Anchor::Middle,
        fill: NOTICE_INK.to_owned(),
        words: SAMPLE_NOTICE.to_owned(),
    });
}

/// Writes the words that lie across a sample, over the map, so that a picture cut out of the picture has them too.
pub(super) fn write_watermark(svg: &mut Svg, picture: &MapPicture, pane: Pane) {
    let text = &picture.words.sample;
    let slope = SLOPE_DEGREES.to_radians();
    let across = (0.95 * pane.width / slope.cos()).min(0.85 * pane.height / slope.sin());
    let size = (across / width(text, 1.0, Weight::Bold)).min(0.25 * pane.height);
    let (x, y) = (
        number(pane.left + pane.width / 2.0),
        number(pane.top + pane.height / 2.0),
    );
    svg.put(format_args!(
        "<text class=\"watermark\" x=\"{x}\" y=\"{y}\" transform=\"rotate(-{SLOPE_DEGREES} {x} {y})\" \
         font-size=\"{}\" font-weight=\"700\" text-anchor=\"middle\" fill=\"{INK}\" fill-opacity=\"0.2\" \
         stroke=\"{PAPER}\" stroke-opacity=\"0.35\" stroke-width=\"{}\" paint-order=\"stroke\" \
         pointer-events=\"none\">{}</text>",
        number(size),
        number(0.06 * size),
        super::svg::escaped(text),
    ));
}
