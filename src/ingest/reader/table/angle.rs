//! A longitude or latitude as people write it: decimal point or comma, degrees and minutes, hemispheres in two languages.

use std::ops::Range;

use crate::ingest::synonyms::{SYNONYMS, folded_word};
use crate::ingest::values::Hemisphere;

/// A coordinate of one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Angle {
    /// Degrees, or whatever unit the table is in; south and west are negative.
    pub(super) value: f64,
    /// Where the text names one.
    pub(super) hemisphere: Option<Hemisphere>,
}

/// Reads one coordinate; none where it is not one.
///
/// `102.7215`, `102,7215`, `-2.30°`, `102° 41' 12" E`, `2°15'30"LS`, `2 15 30 S`, `BT 102 41,2`.
pub(super) fn angle(text: &str) -> Option<Angle> {
    let text = text.trim();
    let words = word_ranges(text);
    let (hemisphere, number) = match words.as_slice() {
        [] => (None, text.to_owned()),
        [word] if word.start == 0 || word.end == text.len() => {
            let hemisphere = hemisphere(&text[word.clone()])?;
            let number = format!("{}{}", &text[..word.start], &text[word.end..]);
            (Some(hemisphere), number)
        }
        // `1e5` and words that are no hemispheres.
        _ => {
            let value: f64 = text.replace(',', ".").parse().ok()?;
            return Some(Angle {
                value,
                hemisphere: None,
            });
        }
    };
    let value = magnitude(number.trim())?;
    let value = match hemisphere {
        Some(hemisphere) if hemisphere.is_negative() => -value.abs(),
        Some(_) | None => value,
    };
    Some(Angle { value, hemisphere })
}

/// Latitude, longitude, and what follows them, of a text that holds both; in the table's order where no
/// hemisphere says otherwise, latitude first.
pub(super) struct Together {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    /// Metres, where there are four numbers, as `KoboToolbox` and ODK write them.
    pub(super) accuracy_m: Option<f64>,
}

/// Reads both coordinates out of one text: `lat lon alt acc`, `-2.3049, 102.7215`, `2°15'30"S 102°41'12"E`.
pub(super) fn together(text: &str) -> Option<Together> {
    // KoboToolbox writes its `_geolocation` as a list.
    let parts = parts(text.trim().trim_matches(['[', ']']).trim())?;
    let [first, second] = [angle(parts[0])?, angle(parts[1])?];
    let is_swapped = match (first.hemisphere, second.hemisphere) {
        (Some(first), Some(second)) if first.is_of_latitude() == second.is_of_latitude() => {
            return None;
        }
        (Some(first), _) => !first.is_of_latitude(),
        (None, Some(second)) => second.is_of_latitude(),
        (None, None) => false,
    };
    let (latitude, longitude) = if is_swapped {
        (second.value, first.value)
    } else {
        (first.value, second.value)
    };
    let accuracy_m = match parts.get(3) {
        Some(accuracy) => Some(magnitude(accuracy)?),
        None => None,
    };
    Some(Together {
        latitude,
        longitude,
        accuracy_m,
    })
}

/// The two to four parts of a text: at blanks where each is a number, else at commas or semicolons, else behind the
/// first of two hemispheres or before the second.
fn parts(text: &str) -> Option<Vec<&str>> {
    let is_few = |parts: &Vec<&str>| (2..=4).contains(&parts.len());
    let is_numbers =
        |parts: &Vec<&str>| is_few(parts) && parts.iter().all(|part| magnitude(part).is_some());
    let blanks = text
        .split(|character: char| character.is_whitespace() || character == ';')
        .map(|part| part.trim_end_matches(','))
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>();
    if is_numbers(&blanks) {
        return Some(blanks);
    }
    let commas: Vec<&str> = text.split([',', ';']).map(str::trim).collect();
    let is_two = commas.len() == 2 && commas.iter().all(|part| angle(part).is_some());
    if is_numbers(&commas) || is_two {
        return Some(commas);
    }
    let words = word_ranges(text);
    let [first, second] = words.as_slice() else {
        return None;
    };
    let cut = if first.start == 0 {
        second.start
    } else {
        first.end
    };
    Some(vec![
        text[..cut].trim_matches([' ', ',', ';']),
        text[cut..].trim_matches([' ', ',', ';']),
    ])
}

fn hemisphere(word: &str) -> Option<Hemisphere> {
    SYNONYMS
        .hemisphere
        .get(&*folded_word(word))
        .copied()
        .flatten()
}

/// Where the words of a text are, blanks inside a word included: `Lintang Selatan` is one.
fn word_ranges(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, character) in text.char_indices() {
        if !character.is_alphabetic() || is_degree_sign(character) {
            continue;
        }
        let end = at + character.len_utf8();
        match words.last_mut() {
            Some(last) if text[last.end..at].chars().all(char::is_whitespace) => last.end = end,
            _ => words.push(at..end),
        }
    }
    words
}

/// `º` is a letter to Unicode, and a degree sign to whoever has no other key.
fn is_degree_sign(character: char) -> bool {
    matches!(character, '°' | 'º' | '˚' | '⁰')
}

fn is_mark(character: char) -> bool {
    is_degree_sign(character)
        || matches!(
            character,
            '\'' | '"' | '’' | '‘' | '′' | '″' | '”' | '“' | '´' | '`' | ':'
        )
}

/// A number, or degrees with minutes and perhaps seconds, apart by their marks, colons or blanks.
fn magnitude(text: &str) -> Option<f64> {
    let is_negative = text.starts_with(['-', '−', '–']);
    let text = text.trim_start_matches(['-', '−', '–', '+']).trim();
    let parts: Vec<&str> = text
        .split(|character: char| is_mark(character) || character.is_whitespace())
        .filter(|part| !part.is_empty())
        .collect();
    let (last, before) = parts.split_last()?;
    let mut value = decimal(last)?;
    // Sixty is what rounding makes of 59.99.
    if 2 < before.len() || (!before.is_empty() && 60.0 < value) {
        return None;
    }
    for (position, part) in before.iter().enumerate().rev() {
        let is_whole = part.bytes().all(|byte| byte.is_ascii_digit());
        let whole: f64 = part.parse().ok().filter(|_| is_whole)?;
        if 0 < position && 60.0 <= whole {
            return None;
        }
        value = whole + value / 60.0;
    }
    Some(if is_negative { -value } else { value })
}

/// A plain number with a decimal point or comma; with both, the first separates thousands.
fn decimal(text: &str) -> Option<f64> {
    let plain = match (text.rfind(','), text.rfind('.')) {
        (Some(comma), Some(point)) if point < comma => text.replace('.', "").replace(',', "."),
        (Some(_), Some(_)) => text.replace(',', ""),
        (Some(_), None) => text.replace(',', "."),
        (None, _) => text.to_owned(),
    };
    let is_plain = plain
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<f64> {
        angle(text).map(|angle| angle.value)
    }

    #[test]
    fn one_place_in_many_spellings() {
        // 41' 12" are 41 × 60 + 12 = 2472 seconds of 3600.
        let east = 102.0 + 2472.0 / 3600.0;
        for text in [
            "102° 41' 12\" E",
            "102°41'12\"BT",
            "102º41’12” BT",
            "102 41 12",
            "102:41:12",
            "102°41'12''",
            "E 102° 41' 12\"",
            "BT 102 41 12",
            "102° 41′ 12,0″ Bujur Timur",
            "102°41,2'",
            "102.686666666666666",
            "102,686666666666666",
            "102.686666666666666°",
        ] {
            let found = value(text).unwrap_or(f64::NAN);
            assert!((found - east).abs() < 1e-9, "{text} is {found}");
        }
    }

    #[test]
    fn the_south_is_negative_however_it_is_said() {
        // 15' 30" are 930 seconds.
        let south = -(2.0 + 930.0 / 3600.0);
        for text in [
            "2°15'30\"S",
            "2° 15' 30\" LS",
            "-2 15 30",
            "−2°15'30\"",
            "LS 2°15'30\"",
            "2°15'30\" Lintang Selatan",
            "-2°15'30\" S",
        ] {
            let found = value(text).unwrap_or(f64::NAN);
            assert!((found - south).abs() < 1e-9, "{text} is {found}");
        }
        assert_eq!(value("2.5 LU"), Some(2.5));
        assert_eq!(value("10 BB"), Some(-10.0));
    }

    #[test]
    fn metres_with_thousands_are_a_number() {
        assert_eq!(value("9.745.123,5"), Some(9_745_123.5));
        assert_eq!(value("276,543.25"), Some(276_543.25));
        assert_eq!(value("1e5"), Some(1e5));
    }

    #[test]
    fn what_is_no_coordinate_is_none() {
        for text in [
            "",
            "Desa",
            "102 61 0",
            "102 0 61",
            "1.5 30 0",
            "1 2 3 4",
            "12 Q",
            "102 41 12 E S",
            "--",
            "°",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn both_in_one_text_latitude_first_unless_a_hemisphere_says_otherwise() {
        for text in [
            "-2.5 102.25 48.1 4.9",
            "-2.5 102.25",
            "-2.5, 102.25",
            "-2.5,102.25",
            "-2,5 102,25",
            "-2,5; 102,25",
            "2.5 S, 102.25 E",
            "2°30'0\"S 102°15'0\"E",
            "102°15'0\"BT 2°30'0\"LS",
            "LS 2,5 BT 102,25",
            "102.25 E, 2.5 S",
        ] {
            let found = together(text).map(|found| (found.latitude, found.longitude));
            assert_eq!(found, Some((-2.5, 102.25)), "{text}");
        }
        let kobo = together("-2.5 102.25 48.1 4.9").unwrap();
        assert_eq!(kobo.accuracy_m, Some(4.9));
        for text in ["-2.5", "RT 2 Dusun Baru", "2 S 3 S", "1 2 3 4 5", ""] {
            assert!(together(text).is_none(), "{text}");
        }
    }
}
