//! SVG text: elements, numbers, escapes.

use std::fmt::Write;

use super::font::{self, Weight};

/// What text and lines are drawn in.
pub(super) const INK: &str = "#22201c";
/// What is said on the side.
pub(super) const QUIET: &str = "#4d473f";
/// The paper.
pub(super) const PAPER: &str = "#ffffff";

/// Where a text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text; `y` is its base line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) anchor: Anchor,
    pub(super) fill: String,
    pub(super) words: String,
}

/// A document while it is written.
#[derive(Debug, Default)]
pub(super) struct Svg(pub(super) String);

impl Svg {
    /// Appends what `format_args!` makes.
    pub(super) fn put(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(arguments);
    }

    pub(super) fn text(&mut self, text: &Text) {
        let weight = match text.weight {
            Weight::Regular => "",
            Weight::Bold => " font-weight=\"700\"",
        };
        let anchor = match text.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        self.put(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight}{anchor} fill=\"{}\">{}</text>",
            number(text.x),
            number(text.y),
            number(text.size),
            text.fill,
            escaped(&text.words),
        ));
    }

    pub(super) fn rect(&mut self, corner: (f64, f64), extent: (f64, f64), looks: &str) {
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {looks}/>",
            number(corner.0),
            number(corner.1),
            number(extent.0),
            number(extent.1),
        ));
    }
}

/// The families of all text, for the outermost element.
pub(super) fn font_family() -> String {
    format!("font-family=\"{}\"", font::FAMILY)
}

/// A coordinate with one decimal, none where it is whole.
pub(super) fn number(value: f64) -> String {
    tenths(in_steps(value, 10.0))
}

/// A number of tenths as a decimal number.
pub(super) fn tenths(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let magnitude = tenths.unsigned_abs();
    match magnitude % 10 {
        0 => format!("{sign}{}", magnitude / 10),
        fraction => format!("{sign}{}.{fraction}", magnitude / 10),
    }
}

/// A coordinate in whole steps of one `per_px`th of a pixel.
pub(super) fn in_steps(value: f64, per_px: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "pictures are a few thousand pixels wide, and a cast of anything larger saturates"
    )]
    let steps = (value * per_px).round() as i64;
    steps
}

/// A text as it may stand between tags and in quotes; what XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            // XML 1.0, 2.2: other control characters and these two are in no document.
            letter if letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}') => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_at_most_one_decimal() {
        assert_eq!(number(12.0), "12");
        assert_eq!(number(-0.04), "0");
        assert_eq!(number(-0.06), "-0.1");
        assert_eq!(number(3.25), "3.3");
    }

    #[test]
    fn markup_stays_text() {
        assert_eq!(escaped("<b>\"&'"), "&lt;b&gt;&quot;&amp;&#39;");
        assert_eq!(escaped("a\u{0}b\nc"), "ab c");
    }
}
