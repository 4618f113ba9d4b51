//! Numbers and ranges in words, in two languages.

use crate::domain::{Language, Metric, ReachState};

/// A whole number with its thousands set apart: `41.200` in Indonesian, `41,200` in English.
pub(super) fn whole(number: i64, language: Language) -> String {
    let separator = match language {
        Language::Indonesian => '.',
        Language::English => ',',
    };
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A number with one decimal where it is not whole.
fn decimal(tenths: i64, language: Language) -> String {
    let mark = match language {
        Language::Indonesian => ',',
        Language::English => '.',
    };
    let text = whole(tenths / 10, language);
    match tenths % 10 {
        0 => text,
        fraction => format!("{text}{mark}{fraction}"),
    }
}

/// A cost: minutes, metres below one kilometre, or kilometres; with its unit.
///
/// From ten minutes on they are whole: tenths would promise more than a model knows.
/// Rounded up, so that what misses a threshold never seems to meet it.
pub(super) fn cost(cost: u32, metric: Metric, language: Language) -> String {
    const TEN_MINUTES_MS: u32 = 600_000;
    const MINUTE_MS: u32 = 60_000;
    let cost = match metric {
        Metric::Time if TEN_MINUTES_MS <= cost => {
            cost.div_ceil(MINUTE_MS).saturating_mul(MINUTE_MS)
        }
        _ => cost,
    };
    let (number, unit) = number_and_unit(cost, metric, language);
    format!("{number} {unit}")
}

fn number_and_unit(cost: u32, metric: Metric, language: Language) -> (String, &'static str) {
    const TENTH_OF_A_MINUTE_MS: i64 = 6_000;
    const METRE_MM: i64 = 1_000;
    const TENTH_OF_A_KILOMETRE_MM: i64 = 100_000;
    let cost = i64::from(cost);
    match metric {
        Metric::Time => {
            let minutes = decimal(rounded_up(cost, TENTH_OF_A_MINUTE_MS), language);
            let unit = match language {
                Language::Indonesian => "menit",
                Language::English => "min",
            };
            (minutes, unit)
        }
        Metric::Distance if cost < 10 * TENTH_OF_A_KILOMETRE_MM => {
            (whole(rounded_up(cost, METRE_MM), language), "m")
        }
        Metric::Distance => (
            decimal(rounded_up(cost, TENTH_OF_A_KILOMETRE_MM), language),
            "km",
        ),
    }
}

fn rounded_up(number: i64, unit: i64) -> i64 {
    (number + unit - 1) / unit
}

/// The range of a class: above `from`, up to `to`.
pub(super) fn range(
    from: Option<u32>,
    to: Option<u32>,
    metric: Metric,
    language: Language,
) -> String {
    match (from, to) {
        (None, None) => match language {
            Language::Indonesian => "semua nilai".to_owned(),
            Language::English => "all values".to_owned(),
        },
        (None, Some(to)) => {
            let (largest, unit) = number_and_unit(to, metric, language);
            format!("≤ {largest} {unit}")
        }
        (Some(from), None) => {
            let (least, unit) = number_and_unit(from, metric, language);
            format!("> {least} {unit}")
        }
        (Some(from), Some(to)) => {
            let (least, least_unit) = number_and_unit(from, metric, language);
            let (largest, unit) = number_and_unit(to, metric, language);
            if least_unit == unit {
                format!("{least}–{largest} {unit}")
            } else {
                format!("{least} {least_unit} – {largest} {unit}")
            }
        }
    }
}

/// A state in a few words, for legends.
pub(super) fn state_name(state: ReachState, language: Language) -> &'static str {
    match (state, language) {
        (ReachState::Within, Language::Indonesian) => "Terjangkau",
        (ReachState::Within, Language::English) => "Within reach",
        (ReachState::BeyondCutoff, Language::Indonesian) => "Di luar batas hitung",
        (ReachState::BeyondCutoff, Language::English) => "Beyond the cutoff",
        (ReachState::NoPath, Language::Indonesian) => "Tidak ada jalur",
        (ReachState::NoPath, Language::English) => "No path",
        (ReachState::Unsnapped, Language::Indonesian) => "Jauh dari jalan",
        (ReachState::Unsnapped, Language::English) => "Far from any road",
        (ReachState::NoInput, Language::Indonesian) => "Data belum ada",
        (ReachState::NoInput, Language::English) => "Data missing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Milliseconds;

    #[test]
    fn numbers_are_written_as_each_language_does() {
        assert_eq!(whole(1_234_567, Language::Indonesian), "1.234.567");
        assert_eq!(whole(999, Language::English), "999");
        let label = |minutes: f64| {
            let time = Milliseconds::from_seconds(minutes * 60.0).0;
            cost(time, Metric::Time, Language::Indonesian)
        };
        assert_eq!(label(2.5), "2,5 menit");
        assert_eq!(label(12.5), "13 menit");
        assert_eq!(
            cost(1_500_000, Metric::Distance, Language::English),
            "1.5 km"
        );
    }

    #[test]
    fn a_range_names_its_unit_once_where_both_ends_share_it() {
        let label = |from, to| range(from, to, Metric::Distance, Language::Indonesian);
        assert_eq!(label(None, Some(500_000)), "≤ 500 m");
        assert_eq!(label(Some(500_000), Some(1_000_000)), "500 m – 1 km");
        assert_eq!(label(Some(1_000_000), Some(2_000_000)), "1–2 km");
        assert_eq!(label(Some(2_000_000), None), "> 2 km");
        assert_eq!(label(None, None), "semua nilai");
    }
}
