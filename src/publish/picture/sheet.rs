//! The whole picture: headline, map, legend, scale, north, and where it all comes from.

use super::block::{Block, Prose};
use super::chrome::{band_height, strip_height, write_band, write_strip, write_watermark};
use super::font::Weight;
use super::ground::{Ground, GroundBox, Pane, Precision};
use super::hatches;
use super::map_layer::{MapScale, write_map};
use super::svg::{INK, PAPER, QUIET, Svg, escaped, font_family};
use super::{MapPicture, PictureSize};

/// The smallest text size that layouts fall back to.
const LEAST_BASE_PX: f64 = 6.5;
/// How much smaller each try is.
const SHRINK: f64 = 0.94;
/// From this ratio of width to height on, the legend stands beside the map.
const WIDE_RATIO: f64 = 1.15;

/// Where everything is, for one size of text.
struct Layout {
    base: f64,
    head: (Block, (f64, f64)),
    legend: (Block, (f64, f64)),
    foot: (Block, (f64, f64)),
    map: Pane,
    strip: Pane,
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Full,
    /// Shortened headline and rule, no key of marks: where nothing else fits.
    Terse,
}

/// The picture as SVG text.
///
/// Text is as large as leaves the map most of the room; none leaves the picture or lies on another.
pub fn write_svg(picture: &MapPicture, size: PictureSize) -> String {
    let layout = fitted(picture, size);
    let base = layout.base;
    let mut svg = Svg::default();
    svg.put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
         role=\"img\" lang=\"{}\" {}><title>{}</title><desc>{}</desc>",
        picture.language,
        font_family(),
        escaped(&picture.headline),
        escaped(&picture.description),
        w = size.width_px(),
        h = size.height_px(),
    ));
    hatches::write_definitions(&mut svg, base / 16.0);
    let extent = (f64::from(size.width_px()), f64::from(size.height_px()));
    svg.rect((0.0, 0.0), extent, &format!("fill=\"{PAPER}\""));
    let outlines = picture.villages.iter().map(|village| &village.outline);
    if let Some(ground) = GroundBox::around(outlines) {
        let ground = Ground::fitted(ground, layout.map, Precision::TenthOfAPixel);
        let unit = (layout.map.width.min(layout.map.height) / 750.0).max(0.3);
        let scale = MapScale {
            unit,
            letter_size: (0.62 * base).max(6.0),
        };
        write_map(&mut svg, picture, &ground, scale);
        write_strip(&mut svg, picture, &ground, layout.strip, base);
    }
    for (block, at) in [&layout.head, &layout.legend, &layout.foot] {
        block.draw(&mut svg, *at);
    }
    if picture.is_sample {
        write_watermark(&mut svg, picture, layout.map);
        write_band(&mut svg, size, base);
    }
    svg.put(format_args!("</svg>"));
    svg.0
}

/// The layout with the largest text that leaves the map its room.
fn fitted(picture: &MapPicture, size: PictureSize) -> Layout {
    let (width, height) = (f64::from(size.width_px()), f64::from(size.height_px()));
    let mut base = (width / 62.0).min(height / 40.0).max(11.0);
    loop {
        match layout(picture, size, base, Detail::Full) {
            Some(layout) => return layout,
            None if base <= LEAST_BASE_PX => break,
            None => base = (base * SHRINK).max(LEAST_BASE_PX),
        }
    }
    loop {
        // What is terse fits at some size: every block shrinks with its text.
        if let Some(layout) = layout(picture, size, base, Detail::Terse) {
            return layout;
        }
        base *= SHRINK;
    }
}

fn layout(picture: &MapPicture, size: PictureSize, base: f64, detail: Detail) -> Option<Layout> {
    let (width, height) = (f64::from(size.width_px()), f64::from(size.height_px()));
    let margin = 0.9 * base;
    let room = width - 2.0 * margin;
    let head = head(picture, base, room, detail);
    let foot = foot(picture, base, room, detail);
    let band = if picture.is_sample {
        band_height(base)
    } else {
        0.0
    };
    let head_top = band + 0.6 * margin;
    let top = head_top + head.height + 0.6 * margin;
    let foot_top = height - 0.6 * margin - foot.height;
    let body = Pane {
        left: margin,
        top,
        width: room,
        height: foot_top - 0.6 * margin - top,
    };
    let (legend, legend_at, map, strip) = if WIDE_RATIO * height <= width {
        beside(picture, body, base, detail)?
    } else {
        below(picture, body, base, detail)?
    };
    Some(Layout {
        base,
        head: (head, (margin, head_top)),
        legend: (legend, legend_at),
        foot: (foot, (margin, foot_top)),
        map,
        strip,
    })
}

type Body = (Block, (f64, f64), Pane, Pane);

/// Map on the left, legend on the right, scale and north under the legend.
fn beside(picture: &MapPicture, body: Pane, base: f64, detail: Detail) -> Option<Body> {
    let (most, least_height) = match detail {
        Detail::Full => (0.38 * body.width, 0.5 * body.width.min(body.height * 2.0)),
        Detail::Terse => (0.5 * body.width, 0.0),
    };
    let legend = Block::legend(picture, base, most, detail == Detail::Full);
    let strip_height = strip_height(base);
    let is_high_enough = legend.height + 0.4 * base + strip_height <= body.height;
    if !is_high_enough || body.height < least_height || most < legend.width {
        return None;
    }
    let legend_left = body.left + body.width - legend.width;
    let map = Pane {
        width: legend_left - 1.2 * base - body.left,
        ..body
    };
    let strip = Pane {
        left: legend_left,
        top: body.top + body.height - strip_height,
        width: legend.width,
        height: strip_height,
    };
    Some((legend, (legend_left, body.top), map, strip))
}

/// Map above, scale and north under it, then the legend.
fn below(picture: &MapPicture, body: Pane, base: f64, detail: Detail) -> Option<Body> {
    let legend = Block::legend(picture, base, body.width, detail == Detail::Full);
    let strip_height = strip_height(base);
    let map = Pane {
        height: body.height - legend.height - strip_height - base,
        ..body
    };
    let least = match detail {
        Detail::Full => 0.45 * body.height,
        Detail::Terse => 0.1 * body.height,
    };
    if map.height < least.max(base) || body.width < legend.width {
        return None;
    }
    let strip = Pane {
        top: map.top + map.height + 0.2 * base,
        height: strip_height,
        ..body
    };
    let legend_top = body.top + body.height - legend.height;
    Some((legend, (body.left, legend_top), map, strip))
}

fn head(picture: &MapPicture, base: f64, room: f64, detail: Detail) -> Block {
    let mut block = Block::default();
    let looks = Prose {
        size: 1.3 * base,
        weight: Weight::Bold,
        fill: INK,
        n_lines: match detail {
            Detail::Full => 5,
            Detail::Terse => 2,
        },
    };
    block.add_prose(&picture.headline, looks, room);
    block
}

fn foot(picture: &MapPicture, base: f64, room: f64, detail: Detail) -> Block {
    let mut block = Block::default();
    let looks = Prose {
        size: 0.68 * base,
        weight: Weight::Regular,
        fill: QUIET,
        n_lines: match detail {
            Detail::Full => 6,
            Detail::Terse => 1,
        },
    };
    block.add_prose(&picture.rule, looks, room);
    block.add_prose(&picture.source, looks, room);
    let dated = format!("{} · {}", picture.date, picture.version);
    block.add_prose(&dated, looks, room);
    block
}
