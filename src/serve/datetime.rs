//! The `datetime` parameter: checked as the standard says, and then of no effect.
//!
//! Features here have no time of their own, and such features match every time
//! (OGC 17-069r4, requirement 26).

/// Whether `text` is an instant, or an interval of instants, open ends or a duration.
pub(super) fn check(text: &str) -> Result<(), String> {
    let is_open = |end: &str| end.is_empty() || end == "..";
    let is_valid = match text.split_once('/') {
        None => is_instant(text),
        Some((start, end)) if is_open(start) => is_instant(end),
        Some((start, end)) if is_open(end) => is_instant(start),
        Some((start, end)) if is_instant(start) => is_duration(end) || is_interval(start, end),
        Some(_) => false,
    };
    is_valid
        .then_some(())
        .ok_or_else(|| format!("`{text}` is not a date, a time in UTC or an interval of them"))
}

fn is_interval(start: &str, end: &str) -> bool {
    // Dates and times of one form sort as text; of two forms, the date decides.
    let length = start.len().min(end.len()).min("2026-11-24".len());
    is_instant(end) && start.get(..length) <= end.get(..length)
}

/// `2026-11-24` or `2026-11-24T08:00:00Z`, with a fraction or an offset (RFC 3339).
fn is_instant(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else {
        return is_date(text);
    };
    is_date(date) && is_time(time)
}

/// Whether `text` is a day that there is: `2026-11-24`.
pub(super) fn is_date(text: &str) -> bool {
    let numbers = numbers(text, '-', &[4, 2, 2]);
    numbers.is_some_and(|date| {
        let leap = date[0] % 4 == 0 && (date[0] % 100 != 0 || date[0] % 400 == 0);
        let n_days = match date[1] {
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u32::from(leap),
            _ => 31,
        };
        (1..=12).contains(&date[1]) && (1..=n_days).contains(&date[2])
    })
}

fn is_time(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked("08:00:00".len()) else {
        return false;
    };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let has_fraction_digits = !rest.starts_with('.') || zone.len() + 1 < rest.len();
    is_clock(clock, &[2, 2, 2]) && has_fraction_digits && is_zone(zone)
}

fn is_zone(text: &str) -> bool {
    matches!(text, "Z" | "z")
        || text
            .strip_prefix(['+', '-'])
            .is_some_and(|offset| is_clock(offset, &[2, 2]))
}

fn is_clock(text: &str, widths: &[usize]) -> bool {
    numbers(text, ':', widths).is_some_and(|clock| {
        let is_second_or_minute = |number: &u32| *number <= 60;
        clock[0] <= 23 && clock[1] <= 59 && clock[2..].iter().all(is_second_or_minute)
    })
}

/// ISO 8601, such as `P2D` or `P1Y2M10DT2H30M`.
fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let has_something = !date.is_empty() || time.is_some();
    has_something
        && parts_in_order(date, "YMWD")
        && time.is_none_or(|time| !time.is_empty() && parts_in_order(time, "HMS"))
}

fn parts_in_order(text: &str, units: &str) -> bool {
    let mut units = units.chars();
    let mut n_digits = 0;
    for character in text.chars() {
        if character.is_ascii_digit() {
            n_digits += 1;
        } else if n_digits > 0 && units.any(|unit| unit == character) {
            n_digits = 0;
        } else {
            return false;
        }
    }
    n_digits == 0
}

/// Numbers of exactly these widths, joined by a separator.
fn numbers(text: &str, separator: char, widths: &[usize]) -> Option<Vec<u32>> {
    let groups: Vec<&str> = text.split(separator).collect();
    let is_digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let lengths = groups.iter().map(|group| group.len());
    if !lengths.eq(widths.iter().copied()) || !groups.iter().all(is_digits) {
        return None;
    }
    groups.iter().map(|group| group.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_intervals_and_durations_are_understood() {
        for text in [
            "2021-01-01",
            "2024-02-29T23:59:60Z",
            "2021-01-01T00:00:00.5+07:00",
            "2021-01-01/2021-12-31",
            "2021-01-01/2021-01-01T10:00:00Z",
            "../2021-01-01",
            "2021-01-01/",
            "2021-01-01/P2D",
            "2021-01-01T00:00:00Z/P1Y2M10DT2H30M",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "../..",
            "/",
            "yesterday",
            "2021-13-01",
            "2023-02-29",
            "2021-01-01T25:00:00Z",
            "2021-01-01T10:00:00",
            "2021-01-01T10:00:00.Z",
            "2021-12-31/2021-01-01",
            "2021-01-01/P",
            "2021-01-01/P2",
            "2021-01-01/2021-01-02/2021-01-03",
            "'; drop table village; --",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
