//! Blocks of text and swatches whose size is known before they are placed.

use super::font::{ASCENT, DESCENT, Weight, width};
use super::letters::Circle;
use super::map_layer::{circle_data, letter, write_crosses};
use super::svg::{Anchor, INK, PAPER, QUIET, Svg, Text, number};
use super::wrap::wrap;
use super::{Look, MapPicture, PictureLegendRow};

/// Height of a line of text, as a share of its size.
const LINE: f64 = 1.25;
/// Room between columns.
const COLUMN_GAP: f64 = 0.9;
/// Least room of the legend's title, in sizes of text: its longest word fits.
const LEAST_TITLE: f64 = 16.0;

/// Something drawn, relative to the block's upper left corner.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Text(Text),
    Swatch {
        corner: (f64, f64),
        extent: (f64, f64),
        look: Look,
    },
    Settlements {
        middle: (f64, f64),
        size: f64,
    },
    Facility {
        middle: (f64, f64),
        size: f64,
    },
    Border {
        from: (f64, f64),
        length: f64,
        size: f64,
    },
}

/// Items, and the box that holds them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Block {
    items: Vec<Item>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A paragraph's looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prose {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) fill: &'static str,
    pub(super) n_lines: usize,
}

impl Block {
    /// Adds a paragraph below what is there, wrapped to `room_px`.
    pub(super) fn add_prose(&mut self, text: &str, looks: Prose, room_px: f64) {
        for line in wrap(text, looks.size, looks.weight, room_px, looks.n_lines) {
            self.width = self.width.max(width(&line, looks.size, looks.weight));
            let base_line =
                self.height + looks.size * (LINE - ASCENT - DESCENT) / 2.0 + looks.size * ASCENT;
            self.items.push(Item::Text(Text {
                x: 0.0,
                y: base_line,
                size: looks.size,
                weight: looks.weight,
                anchor: Anchor::Start,
                fill: looks.fill.to_owned(),
                words: line,
            }));
            self.height += looks.size * LINE;
        }
    }

    pub(super) fn add_gap(&mut self, height: f64) {
        self.height += height;
    }

    /// The legend: title, rows with counts, and with `has_key` what else is drawn.
    pub(super) fn legend(picture: &MapPicture, base: f64, room_px: f64, has_key: bool) -> Self {
        let mut block = Self::default();
        let title = Prose {
            size: 0.9 * base,
            weight: Weight::Bold,
            fill: INK,
            n_lines: 4,
        };
        let columns = Columns::of(picture, base);
        // A title that is wider than the rows would take room from the map.
        let title_room = columns.width().max(LEAST_TITLE * base).min(room_px);
        block.add_prose(&picture.words.legend, title, title_room);
        block.add_gap(0.2 * base);
        if columns.width() <= room_px {
            block.add_columns(picture, columns, base);
        } else {
            block.add_stacked_rows(picture, base, room_px);
        }
        if has_key {
            block.add_key(picture, base, room_px);
        }
        block
    }

    fn add_columns(&mut self, picture: &MapPicture, columns: Columns, base: f64) {
        let head = Row::head(base);
        let (villages, people) = (&picture.words.villages, &picture.words.people);
        self.push_text(columns.villages_end, head, villages, Anchor::End, QUIET);
        if columns.has_people {
            self.push_text(columns.people_end, head, people, Anchor::End, QUIET);
        }
        self.height += head.height;
        for row in &picture.legend {
            let line = Row::of(base);
            self.push_swatch(&row.look, base, line);
            self.push_text(columns.label, line, &row.label, Anchor::Start, INK);
            self.push_text(columns.villages_end, line, &row.villages, Anchor::End, INK);
            if let Some(people) = &row.people {
                self.push_text(columns.people_end, line, people, Anchor::End, INK);
            }
            self.height += line.height;
        }
        self.width = self.width.max(columns.width());
    }

    fn add_stacked_rows(&mut self, picture: &MapPicture, base: f64, room_px: f64) {
        let indent = swatch_extent(base).0 + 0.5 * base;
        for row in &picture.legend {
            let line = Row::of(base);
            self.push_swatch(&row.look, base, line);
            let mut words = Self::default();
            let label = Prose {
                size: line.size,
                weight: Weight::Regular,
                fill: INK,
                n_lines: 2,
            };
            words.add_prose(&row.label, label, room_px - indent);
            let counts = Prose {
                size: 0.72 * base,
                fill: QUIET,
                ..label
            };
            words.add_prose(&self::counts(picture, row), counts, room_px - indent);
            let lift = (line.height - LINE * line.size) / 2.0;
            self.append(&words, (indent, self.height + lift));
            self.width = self.width.max(indent + words.width);
            self.height += (words.height + 2.0 * lift).max(line.height);
        }
    }

    /// What the marks beside the colours are.
    fn add_key(&mut self, picture: &MapPicture, base: f64, room_px: f64) {
        let indent = swatch_extent(base).0 + 0.5 * base;
        let words = &picture.words;
        let has_borders = picture
            .villages
            .iter()
            .any(|village| village.kecamatan.is_some());
        let entries = [
            (words.facilities.as_ref(), Key::Facility),
            (words.settlements.as_ref(), Key::Settlements),
            (has_borders.then_some(&words.kecamatan), Key::Border),
        ];
        self.add_gap(0.4 * base);
        for (text, key) in entries {
            let Some(text) = text else { continue };
            let mut entry = Self::default();
            let looks = Prose {
                size: 0.72 * base,
                weight: Weight::Regular,
                fill: INK,
                n_lines: 2,
            };
            entry.add_prose(text, looks, room_px - indent);
            let middle = (
                swatch_extent(base).0 / 2.0,
                self.height + looks.size * LINE / 2.0,
            );
            self.items.push(match key {
                Key::Facility => Item::Facility { middle, size: base },
                Key::Settlements => Item::Settlements { middle, size: base },
                Key::Border => Item::Border {
                    from: (0.0, middle.1),
                    length: swatch_extent(base).0,
                    size: base,
                },
            });
            self.append(&entry, (indent, self.height));
            self.width = self.width.max(indent + entry.width);
            self.height += entry.height + 0.25 * base;
        }
    }

    fn push_text(&mut self, x: f64, row: Row, text: &str, anchor: Anchor, fill: &str) {
        self.items.push(Item::Text(Text {
            x,
            y: self.height + row.height / 2.0 + row.size * (ASCENT - DESCENT) / 2.0,
            size: row.size,
            weight: Weight::Regular,
            anchor,
            fill: fill.to_owned(),
            words: text.to_owned(),
        }));
    }

    fn push_swatch(&mut self, look: &Look, base: f64, row: Row) {
        let extent = swatch_extent(base);
        self.items.push(Item::Swatch {
            corner: (0.0, self.height + (row.height - extent.1) / 2.0),
            extent,
            look: look.clone(),
        });
    }

    fn append(&mut self, other: &Self, at: (f64, f64)) {
        self.items
            .extend(other.items.iter().map(|item| item.moved(at)));
    }

    /// Draws the block with its upper left corner at `at`.
    pub(super) fn draw(&self, svg: &mut Svg, at: (f64, f64)) {
        for item in &self.items {
            item.moved(at).draw(svg);
        }
    }
}

enum Key {
    Facility,
    Settlements,
    Border,
}

/// Height and text size of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    height: f64,
    size: f64,
}

impl Row {
    fn head(base: f64) -> Self {
        Self {
            height: base,
            size: 0.7 * base,
        }
    }

    fn of(base: f64) -> Self {
        Self {
            height: 1.45 * base,
            size: 0.85 * base,
        }
    }
}

/// Where the columns of a legend stand.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Columns {
    label: f64,
    villages_end: f64,
    people_end: f64,
    has_people: bool,
}

impl Columns {
    fn of(picture: &MapPicture, base: f64) -> Self {
        let row = Row::of(base);
        let widest = |head: &str, texts: &mut dyn Iterator<Item = &str>| {
            let head = width(head, Row::head(base).size, Weight::Regular);
            texts
                .map(|text| width(text, row.size, Weight::Regular))
                .fold(head, f64::max)
        };
        let rows = &picture.legend;
        let labels = widest("", &mut rows.iter().map(|row| row.label.as_str()));
        let villages = widest(
            &picture.words.villages,
            &mut rows.iter().map(|row| row.villages.as_str()),
        );
        let people = widest(
            &picture.words.people,
            &mut rows.iter().filter_map(|row| row.people.as_deref()),
        );
        let label = swatch_extent(base).0 + 0.5 * base;
        let villages_end = label + labels + COLUMN_GAP * base + villages;
        Self {
            label,
            villages_end,
            people_end: villages_end + COLUMN_GAP * base + people,
            has_people: rows.iter().any(|row| row.people.is_some()),
        }
    }

    fn width(self) -> f64 {
        if self.has_people {
            self.people_end
        } else {
            self.villages_end
        }
    }
}

fn swatch_extent(base: f64) -> (f64, f64) {
    (1.75 * base, 1.2 * base)
}

/// `45 desa · 120.300 jiwa`
fn counts(picture: &MapPicture, row: &PictureLegendRow) -> String {
    let villages = format!("{} {}", row.villages, picture.words.villages);
    match &row.people {
        Some(people) => format!("{villages} · {people} {}", picture.words.people),
        None => villages,
    }
}

impl Item {
    fn moved(&self, by: (f64, f64)) -> Self {
        let moved = |place: (f64, f64)| (place.0 + by.0, place.1 + by.1);
        match self {
            Self::Text(text) => {
                let (x, y) = moved((text.x, text.y));
                Self::Text(Text {
                    x,
                    y,
                    ..text.clone()
                })
            }
            Self::Swatch {
                corner,
                extent,
                look,
            } => Self::Swatch {
                corner: moved(*corner),
                extent: *extent,
                look: look.clone(),
            },
            Self::Settlements { middle, size } => Self::Settlements {
                middle: moved(*middle),
                size: *size,
            },
            Self::Facility { middle, size } => Self::Facility {
                middle: moved(*middle),
                size: *size,
            },
            Self::Border { from, length, size } => Self::Border {
                from: moved(*from),
                length: *length,
                size: *size,
            },
        }
    }

    fn draw(&self, svg: &mut Svg) {
        match self {
            Self::Text(text) => svg.text(text),
            Self::Swatch {
                corner,
                extent,
                look,
            } => {
                let looks = format!("fill=\"{}\" stroke=\"{QUIET}\"", look.fill());
                svg.rect(*corner, *extent, &looks);
                let middle = (corner.0 + extent.0 / 2.0, corner.1 + extent.1 / 2.0);
                if matches!(look, Look::State(_)) {
                    // A sign on its own hatch is read only with paper behind it.
                    let side = 0.75 * extent.1;
                    let at = (middle.0 - side / 2.0, middle.1 - side / 2.0);
                    svg.rect(at, (side, side), &format!("fill=\"{PAPER}\""));
                }
                svg.text(&letter(look, middle, 0.75 * extent.1));
            }
            Self::Settlements { middle, size } => {
                let circle = |dx: f64, radius: f64| Circle {
                    centre: (middle.0 + dx * size, middle.1),
                    radius: radius * size,
                };
                svg.put(format_args!(
                    "<path fill=\"{PAPER}\" stroke=\"{INK}\" d=\"{}{}\"/>",
                    circle_data(circle(-0.4, 0.15)),
                    circle_data(circle(0.25, 0.38)),
                ));
            }
            Self::Facility { middle, size } => {
                let circle = Circle {
                    centre: *middle,
                    radius: 0.35 * size,
                };
                write_crosses(svg, &[circle], 0.07 * size);
            }
            Self::Border { from, length, size } => svg.put(format_args!(
                "<path stroke=\"{INK}\" stroke-width=\"{}\" d=\"M{} {}h{}\"/>",
                number((0.12 * size).max(1.0)),
                number(from.0),
                number(from.1),
                number(*length),
            )),
        }
    }
}
