//! Dates as people write them.

use crate::domain::Language;

const INDONESIAN: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The day of an RFC 3339 time: `24 November 2026`; what is no such time stays as it is.
pub fn date_in_words(time: &str, language: Language) -> String {
    let day_of = || {
        let mut parts = time.split('T').next()?.split('-');
        let year: u32 = parts.next()?.parse().ok()?;
        let month: usize = parts.next()?.parse().ok()?;
        let day: u32 = parts.next()?.parse().ok()?;
        let months = match language {
            Language::Indonesian => INDONESIAN,
            Language::English => ENGLISH,
        };
        Some(format!(
            "{day} {} {year}",
            months.get(month.checked_sub(1)?)?
        ))
    };
    day_of().unwrap_or_else(|| time.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_each_language_does() {
        let time = "2026-05-04T08:00:00Z";
        assert_eq!(date_in_words(time, Language::Indonesian), "4 Mei 2026");
        assert_eq!(date_in_words(time, Language::English), "4 May 2026");
        assert_eq!(date_in_words("someday", Language::English), "someday");
        assert_eq!(date_in_words("2026-13-01", Language::English), "2026-13-01");
    }
}
