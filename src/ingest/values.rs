//! Texts of tables as numbers and dates, in the spellings of Indonesian offices.

use std::str::FromStr;

/// A number that is at least 0, with a decimal point or comma and perhaps `unit` after it.
///
/// `1.234` is one and a bit here: only [`count`] knows thousands without a decimal part.
pub(super) fn number(text: &str, unit: &str) -> Option<f64> {
    let text = text.trim();
    let text = text.strip_suffix(unit).unwrap_or(text).trim();
    let plain = match (text.rfind(','), text.rfind('.')) {
        (None, _) => text.to_owned(),
        (Some(_), None) => text.replace(',', "."),
        (Some(comma), Some(point)) if point < comma => {
            ungrouped(&text[..comma], '.')? + "." + &text[comma + 1..]
        }
        (Some(_), Some(point)) => ungrouped(&text[..point], ',')? + &text[point..],
    };
    let is_number = !plain.is_empty()
        && plain
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain
        .parse()
        .ok()
        .filter(|number: &f64| is_number && number.is_finite())
}

/// A count, and whether separators of thousands were taken out of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Count {
    pub(super) count: f64,
    pub(super) had_thousands: bool,
}

/// A count that is at least 0: `1.234`, `1,234` and `1 234` are one thousand two hundred and thirty-four.
pub(super) fn count(text: &str) -> Option<Count> {
    let text = text.trim();
    for separator in ['.', ',', ' '] {
        if text.contains(separator)
            && let Some(digits) = ungrouped(text, separator)
        {
            return Some(Count {
                count: digits.parse().ok()?,
                had_thousands: true,
            });
        }
    }
    Some(Count {
        count: number(text, "")?,
        had_thousands: false,
    })
}

/// The digits of `1.234.567`: one to three, then groups of exactly three.
fn ungrouped(text: &str, separator: char) -> Option<String> {
    let mut groups = text.split(separator);
    let first = groups.next()?;
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let is_grouped = (1..=3).contains(&first.len())
        && is_digits(first)
        && groups.all(|group| group.len() == 3 && is_digits(group));
    is_grouped.then(|| text.replace(separator, ""))
}

/// Which half of the earth a coordinate is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hemisphere {
    North,
    South,
    East,
    West,
}

impl Hemisphere {
    /// Whether it is said of a latitude, and not of a longitude.
    pub(super) fn is_of_latitude(self) -> bool {
        matches!(self, Self::North | Self::South)
    }

    /// Whether its degrees are negative.
    pub(super) fn is_negative(self) -> bool {
        matches!(self, Self::South | Self::West)
    }
}

impl FromStr for Hemisphere {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "north" => Ok(Self::North),
            "south" => Ok(Self::South),
            "east" => Ok(Self::East),
            "west" => Ok(Self::West),
            _ => Err(format!("`{word}` is no hemisphere")),
        }
    }
}

/// A date as `YYYY-MM-DD`, from that or from day, month, year; a time of day after it is left out.
pub(super) fn date(text: &str) -> Option<String> {
    let day = text.trim().split(['T', ' ']).next()?;
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let [first, month, last] = parts[..] else {
        return None;
    };
    let (year, day) = if first.len() == 4 {
        (first, last)
    } else {
        (last, first)
    };
    if year.len() != 4 {
        return None;
    }
    let (year, month, day): (u32, u32, u32) =
        (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let is_day = (1..=days_in_month(year, month)?).contains(&day);
    is_day.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn days_in_month(year: u32, month: u32) -> Option<u32> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if is_leap => Some(29),
        2 => Some(28),
        _ => None,
    }
}

/// A station along a road in metres: `12+300`, `STA 12+300`, or bare metres; none for anything else.
pub(super) fn station_m(text: &str) -> Option<f64> {
    let text = text.trim();
    let text = ["STA", "sta", "Sta", "KM", "km", "Km"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .map_or(text, |rest| rest.trim_start_matches(['.', ':', ' ']));
    let metres = match text.split_once('+') {
        Some((kilometres, metres)) => {
            let whole: u32 = kilometres.trim().parse().ok()?;
            let rest = number(metres.trim(), "m")?;
            (rest < 1000.0).then(|| f64::from(whole) * 1000.0 + rest)?
        }
        None => number(text, "m")?,
    };
    (metres.is_finite() && metres >= 0.0).then_some(metres)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_before_three_digits_means_thousands_in_a_count_only() {
        assert_eq!(count("1.234").map(|count| count.count), Some(1234.0));
        assert_eq!(
            count("12,345,678").map(|count| count.count),
            Some(12_345_678.0)
        );
        assert_eq!(count("1 234").map(|count| count.count), Some(1234.0));
        assert_eq!(number("1.234", ""), Some(1.234));
        assert_eq!(count("1.5").map(|count| count.count), Some(1.5));
        assert_eq!(count("1234,5").map(|count| count.count), Some(1234.5));
    }

    #[test]
    fn both_separators_say_which_is_the_decimal() {
        assert_eq!(number("1.234,5", ""), Some(1234.5));
        assert_eq!(number("1,234.5", ""), Some(1234.5));
        assert_eq!(number("12,34.5", ""), None);
        assert_eq!(number("3,5 m", "m"), Some(3.5));
    }

    #[test]
    fn words_signs_and_infinities_are_no_numbers() {
        for text in ["", "-5", "inf", "nan", "1e9", "about 7", "."] {
            assert_eq!(number(text, ""), None, "{text}");
            assert_eq!(count(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_is_written_year_first_whichever_way_it_came() {
        assert_eq!(date("06/04/2022").as_deref(), Some("2022-04-06"));
        assert_eq!(date("2022/04/06").as_deref(), Some("2022-04-06"));
        assert_eq!(date("2022-04-06T10:00:00Z").as_deref(), Some("2022-04-06"));
        assert_eq!(date("29-2-2024").as_deref(), Some("2024-02-29"));
        assert_eq!(date("29-2-2023"), None);
        assert_eq!(date("06/04/22"), None);
    }

    #[test]
    fn a_station_is_kilometres_and_metres_or_metres() {
        for (text, metres) in [
            ("0+000", Some(0.0)),
            ("12+300", Some(12_300.0)),
            ("STA 1+250,5", Some(1250.5)),
            ("km 2 + 050", Some(2050.0)),
            ("750", Some(750.0)),
            ("750 m", Some(750.0)),
            ("1+1000", None),
            ("-5", None),
            ("awal", None),
            ("+", None),
        ] {
            assert_eq!(station_m(text), metres, "{text}");
        }
    }
}
