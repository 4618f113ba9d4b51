//! How wide a text is: advance widths of the embedded font, read from its own tables.
//!
//! Kerning and shaping are left out: both make Latin text narrower, if anything, so what fits here fits when drawn.

/// The regular face, which `web/build.mjs` takes from a package.
pub(super) const REGULAR: &[u8] = include_bytes!("../../../web/dist/DejaVuSans.ttf");
/// The bold face.
pub(super) const BOLD: &[u8] = include_bytes!("../../../web/dist/DejaVuSans-Bold.ttf");

/// Families in order: the embedded one, a system font of the same widths, then whatever is there.
pub(super) const FAMILY: &str = "DejaVu Sans,Verdana,sans-serif";

/// How far letters and brackets rise above the line, as a share of the font's size.
pub(super) const ASCENT: f64 = 0.8;
/// How far they hang below it.
pub(super) const DESCENT: f64 = 0.24;

/// The two faces in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Width of a text in pixels when it is drawn `size` pixels high.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let face = match weight {
        Weight::Regular => Face { bytes: REGULAR },
        Weight::Bold => Face { bytes: BOLD },
    };
    let units: f64 = text.chars().map(|letter| face.advance(letter)).sum();
    units * size
}

/// A TrueType file.
///
/// A table that is not where the format says gives no widths, and each letter then counts one size: too wide, never
/// too narrow.
///
/// # References
/// OpenType 1.9.1: `cmap` format 4, `head`, `hhea`, `hmtx`.
struct Face {
    bytes: &'static [u8],
}

impl Face {
    /// Advance of a letter as a share of the font's size.
    fn advance(&self, letter: char) -> f64 {
        self.advance_units(letter)
            .zip(self.units_per_em())
            .map_or(1.0, |(advance, em)| f64::from(advance) / f64::from(em))
    }

    fn units_per_em(&self) -> Option<u16> {
        self.u16(self.table(*b"head")? + 18).filter(|em| 0 < *em)
    }

    fn advance_units(&self, letter: char) -> Option<u16> {
        let glyph = usize::from(self.glyph(letter)?);
        let n_advances = usize::from(self.u16(self.table(*b"hhea")? + 34)?);
        // The glyphs after the last advance all share it.
        let index = glyph.min(n_advances.checked_sub(1)?);
        self.u16(self.table(*b"hmtx")? + 4 * index)
    }

    /// Number of the glyph of a letter; 0, the empty box, where the face has none.
    fn glyph(&self, letter: char) -> Option<u16> {
        let Ok(code) = u16::try_from(u32::from(letter)) else {
            return Some(0);
        };
        let segments = self.segments()?;
        let doubled = usize::from(self.u16(segments + 6)?);
        let ends = segments + 14;
        let starts = ends + doubled + 2;
        let deltas = starts + doubled;
        let offsets = deltas + doubled;
        for index in (0..doubled).step_by(2) {
            if self.u16(ends + index)? < code {
                continue;
            }
            let start = self.u16(starts + index)?;
            if code < start {
                return Some(0);
            }
            let delta = self.u16(deltas + index)?;
            let offset = usize::from(self.u16(offsets + index)?);
            if offset == 0 {
                return Some(code.wrapping_add(delta));
            }
            let place = offsets + index + offset + 2 * usize::from(code - start);
            return self.u16(place).map(|glyph| glyph.wrapping_add(delta));
        }
        Some(0)
    }

    /// Where the format 4 part of the table of characters starts.
    fn segments(&self) -> Option<usize> {
        let cmap = self.table(*b"cmap")?;
        (0..usize::from(self.u16(cmap + 2)?))
            .filter_map(|index| self.u32(cmap + 8 + 8 * index))
            .filter_map(|offset| usize::try_from(offset).ok())
            .map(|offset| cmap + offset)
            .find(|part| self.u16(*part) == Some(4))
    }

    fn table(&self, tag: [u8; 4]) -> Option<usize> {
        let n_tables = usize::from(self.u16(4)?);
        let record = (0..n_tables)
            .map(|index| 12 + 16 * index)
            .find(|record| self.bytes.get(*record..record + 4) == Some(&tag[..]))?;
        usize::try_from(self.u32(record + 8)?).ok()
    }

    fn u16(&self, place: usize) -> Option<u16> {
        let bytes = self.bytes.get(place..place + 2)?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    }

    fn u32(&self, place: usize) -> Option<u32> {
        let bytes = self.bytes.get(place..place + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The regular face has 2048 units to the em; a digit is 1303 of them wide, an `i` 569.
    #[test]
    fn digits_are_as_wide_as_the_font_says() {
        assert!((width("0", 2048.0, Weight::Regular) - 1303.0).abs() < 1e-9);
        assert!((width("i", 2048.0, Weight::Regular) - 569.0).abs() < 1e-9);
        assert!(width("m", 10.0, Weight::Regular) < width("m", 10.0, Weight::Bold));
    }

    #[test]
    fn a_text_is_as_wide_as_its_letters() {
        let letters: f64 = ["d", "e", "s", "a"]
            .map(|letter| width(letter, 12.0, Weight::Regular))
            .iter()
            .sum();
        assert!((width("desa", 12.0, Weight::Regular) - letters).abs() < 1e-9);
        assert!(width("", 12.0, Weight::Bold).abs() < 1e-9);
    }

    #[test]
    fn a_letter_that_the_font_lacks_still_takes_room() {
        assert!(0.0 < width("\u{1F6F5}", 10.0, Weight::Regular));
    }
}
