//! The map itself: villages, borders of kecamatan, settlements, facilities, letters.

use std::collections::BTreeMap;

use super::super::palette::Rgb;
use super::borders::shared_borders;
use super::font::Weight;
use super::ground::{Ground, Step};
use super::letters::{Circle, in_px, spot};
use super::svg::{Anchor, INK, Svg, Text, escaped, in_steps, number};
use super::{Look, MapPicture, PictureSettlement};

/// What marks a facility.
pub(super) const FACILITY: &str = "#123c7a";
/// Around villages.
const VILLAGE_LINE: &str = "#6d5f52";
/// Radius of the circle of the most people, in units.
const LARGEST_RADIUS: f64 = 7.0;
/// Radius of the circle of the fewest.
const LEAST_RADIUS: f64 = 1.5;
/// Half the length of a facility's cross, in units.
const FACILITY_REACH: f64 = 5.5;
/// What a letter keeps free around its middle, as a share of its size: half the diagonal of an M.
const LETTER_ROOM: f64 = 0.6;
/// Capitals are 0.73 of the size high; their middle is half of that above the base line.
const CAPITAL_MIDDLE: f64 = 0.365;

/// How large things are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct MapScale {
    /// Pixels of a thin line.
    pub(super) unit: f64,
    /// Size of the letters in villages.
    pub(super) letter_size: f64,
}

/// Writes the map; `ground` says where it lies.
pub(super) fn write_map(svg: &mut Svg, picture: &MapPicture, ground: &Ground, scale: MapScale) {
    let rings: Vec<Vec<Vec<Step>>> = picture
        .villages
        .iter()
        .map(|village| ground.rings(&village.outline))
        .collect();
    write_villages(svg, picture, ground, scale, &rings);
    write_borders(svg, picture, ground, scale, &rings);
    let mut circles = write_settlements(svg, picture, ground, scale);
    circles.extend(write_facilities(svg, picture, ground, scale));
    write_letters(svg, picture, ground, scale, &rings, &circles);
}

fn write_villages(
    svg: &mut Svg,
    picture: &MapPicture,
    ground: &Ground,
    scale: MapScale,
    rings: &[Vec<Vec<Step>>],
) {
    svg.put(format_args!(
        "<g class=\"villages\" stroke=\"{VILLAGE_LINE}\" stroke-width=\"{}\" stroke-linejoin=\"round\" \
         fill-rule=\"evenodd\">",
        number(0.7 * scale.unit)
    ));
    for (village, rings) in picture.villages.iter().zip(rings) {
        svg.put(format_args!(
            "<path data-code=\"{}\" fill=\"{}\" d=\"{}\"><title>{}</title></path>",
            escaped(&village.code),
            village.look.fill(),
            ground.area_data(rings),
            escaped(&village.title),
        ));
    }
    svg.put(format_args!("</g>"));
}

fn write_borders(
    svg: &mut Svg,
    picture: &MapPicture,
    ground: &Ground,
    scale: MapScale,
    rings: &[Vec<Vec<Step>>],
) {
    let villages = picture.villages.iter().zip(rings);
    let borders = shared_borders(
        villages.map(|(village, rings)| (village.kecamatan.as_deref(), rings.as_slice())),
    );
    let mut data = String::new();
    for line in &borders {
        ground.line_data(&mut data, line);
    }
    if !data.is_empty() {
        svg.put(format_args!(
            "<path class=\"kecamatan\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"{}\" \
             stroke-linejoin=\"round\" d=\"{data}\"/>",
            number(1.8 * scale.unit)
        ));
    }
}

/// Writes the circles, large ones first so that small ones stay visible; returns where they are.
fn write_settlements(
    svg: &mut Svg,
    picture: &MapPicture,
    ground: &Ground,
    scale: MapScale,
) -> Vec<Circle> {
    let people = |settlement: &PictureSettlement| settlement.people.unwrap_or(0.0).max(0.0);
    let most = picture.settlements.iter().map(people).fold(0.0, f64::max);
    let radius = |settlement: &PictureSettlement| {
        let share = if 0.0 < most {
            (people(settlement) / most).sqrt()
        } else {
            0.0
        };
        scale.unit * (LARGEST_RADIUS * share).max(LEAST_RADIUS)
    };
    let mut drawn: Vec<(Circle, &Look)> = picture
        .settlements
        .iter()
        .map(|settlement| {
            let circle = Circle {
                centre: ground.px(settlement.place),
                radius: radius(settlement),
            };
            (circle, &settlement.look)
        })
        .collect();
    drawn.sort_by(|(a, _), (b, _)| b.radius.total_cmp(&a.radius));
    if !drawn.is_empty() {
        svg.put(format_args!(
            "<g class=\"settlements\" stroke=\"{INK}\" stroke-width=\"{}\">",
            number(0.6 * scale.unit)
        ));
        // Neighbours of one size and colour share a path: half the bytes of circles.
        let mut paths: Vec<((i64, Rgb), String)> = Vec::new();
        for (circle, look) in &drawn {
            let radius_tenths = in_steps(circle.radius, 10.0);
            let key = (radius_tenths, look.plain_fill());
            let data = circle_data(*circle);
            match paths.iter_mut().find(|(each, _)| *each == key) {
                Some((_, path)) => path.push_str(&data),
                None => paths.push((key, data)),
            }
        }
        for ((_, fill), data) in paths {
            svg.put(format_args!("<path fill=\"{fill}\" d=\"{data}\"/>"));
        }
        svg.put(format_args!("</g>"));
    }
    drawn.into_iter().map(|(circle, _)| circle).collect()
}

/// Two half circles from the leftmost point.
pub(super) fn circle_data(circle: Circle) -> String {
    let (x, y) = circle.centre;
    let radius = number(circle.radius);
    let across = number(2.0 * circle.radius);
    format!(
        "M{} {}a{radius} {radius} 0 1 0 {across} 0a{radius} {radius} 0 1 0-{across} 0",
        number(x - circle.radius),
        number(y),
    )
}

/// Writes the crosses; returns the circles around them.
fn write_facilities(
    svg: &mut Svg,
    picture: &MapPicture,
    ground: &Ground,
    scale: MapScale,
) -> Vec<Circle> {
    let reach = FACILITY_REACH * scale.unit;
    let circles: Vec<Circle> = picture
        .facilities
        .iter()
        .map(|place| Circle {
            centre: ground.px(*place),
            radius: reach,
        })
        .collect();
    write_crosses(svg, &circles, scale.unit);
    circles
}

/// Writes crosses of a dark stroke on a light one, legible on every colour.
pub(super) fn write_crosses(svg: &mut Svg, places: &[Circle], unit: f64) {
    if places.is_empty() {
        return;
    }
    let crosses = |margin: f64| -> String {
        let arms = places.iter().map(|place| {
            let (x, y) = place.centre;
            let reach = place.radius + margin;
            let across = number(2.0 * reach);
            format!(
                "M{} {}h{across}M{} {}v{across}",
                number(x - reach),
                number(y),
                number(x),
                number(y - reach)
            )
        });
        arms.collect()
    };
    svg.put(format_args!(
        "<path class=\"facilities\" fill=\"none\" stroke=\"#ffffff\" stroke-width=\"{}\" d=\"{}\"/>\
         <path class=\"facilities\" fill=\"none\" stroke=\"{FACILITY}\" stroke-width=\"{}\" d=\"{}\"/>",
        number(5.0 * unit),
        crosses(1.2 * unit),
        number(2.6 * unit),
        crosses(0.0),
    ));
}

fn write_letters(
    svg: &mut Svg,
    picture: &MapPicture,
    ground: &Ground,
    scale: MapScale,
    rings: &[Vec<Vec<Step>>],
    circles: &[Circle],
) {
    let size = scale.letter_size;
    let mut by_ink: BTreeMap<(bool, String), Svg> = BTreeMap::new();
    for (village, rings) in picture.villages.iter().zip(rings) {
        let rings = in_px(rings, |step| ground.px_of_step(step));
        let Some((x, y)) = spot(&rings, circles, LETTER_ROOM * size) else {
            continue;
        };
        let is_hatched = matches!(village.look, Look::State(_));
        let ink = village.look.ink().to_string();
        let texts = by_ink.entry((is_hatched, ink)).or_default();
        texts.put(format_args!(
            "<text x=\"{}\" y=\"{}\">{}</text>",
            number(x),
            number(y + CAPITAL_MIDDLE * size),
            escaped(village.look.letter()),
        ));
    }
    for ((is_hatched, ink), texts) in by_ink {
        // On a hatch a sign is read only with paper around it.
        let halo = if is_hatched {
            format!(
                " stroke=\"#ffffff\" stroke-width=\"{}\" paint-order=\"stroke\" font-weight=\"700\"",
                number(0.35 * size)
            )
        } else {
            String::new()
        };
        svg.put(format_args!(
            "<g class=\"letters\" font-size=\"{}\" text-anchor=\"middle\" fill=\"{ink}\"{halo}>{}</g>",
            number(size),
            texts.0,
        ));
    }
}

/// A letter in the middle of a swatch.
pub(super) fn letter(look: &Look, middle: (f64, f64), size: f64) -> Text {
    Text {
        x: middle.0,
        y: middle.1 + CAPITAL_MIDDLE * size,
        size,
        weight: Weight::Bold,
        anchor: Anchor::Middle,
        fill: look.ink().to_string(),
        words: look.letter().to_owned(),
    }
}
