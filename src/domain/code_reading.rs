//! What a text that should be a village code may have been before a spreadsheet got hold of it.

use std::fmt;

use super::bps::{BpsDistrict, bps_digits};

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeForm {
    /// `1503012001`, also with separators of thousands.
    Digits,
    /// `15-03-01-2001` and the like.
    Separators,
    /// `15.03.1.2001`, `15.0301201`.
    LostZeros,
    /// `1.503E+09`.
    PowerOfTen,
    /// `15:03:01`, or a fraction of a day.
    Time,
    /// `1/15/2003`, or days since 1900.
    Date,
    /// `15.03.012.001`, the groups of BPS.
    BpsGroups,
}

impl fmt::Display for CodeForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "digits without dots",
            Self::Separators => "one with other separators",
            Self::LostZeros => "one that lost zeros",
            Self::PowerOfTen => "a number in powers of ten, which lost digits",
            Self::Time => "a time of day",
            Self::Date => "a date",
            Self::BpsGroups => "one in the groups of BPS",
        })
    }
}

/// What a text may stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeReading {
    /// A whole code of Kemendagri.
    Village(String),
    /// A code of Kemendagri of which only the beginning is left.
    Beginning(String),
    /// A code of BPS, with its district where the table has it.
    Bps(Option<&'static BpsDistrict>),
}

impl fmt::Display for CodeReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Village(code) => f.write_str(code),
            Self::Beginning(beginning) => write!(f, "a code that begins with {beginning}"),
            Self::Bps(Some(district)) => write!(
                f,
                "a BPS code of {} ({})",
                district.kemendagri, district.name
            ),
            Self::Bps(None) => f.write_str("a BPS code, which is another one"),
        }
    }
}

/// 2000-01-01 in days since 1899-12-30.
const DAY_OF_2000: u32 = 36_526;

type Readings = Option<(CodeForm, Vec<CodeReading>)>;

/// What `text`, which is no whole code, may have been; none where nothing points to a code.
pub(super) fn readings(text: &str) -> Readings {
    let text = text.trim().trim_start_matches('\'').trim();
    if text.len() > 40 || !text.is_ascii() {
        return None;
    }
    let ways: [fn(&str) -> Readings; 8] = [
        ten_digits, bps_groups, separated, lost_zeros, power, time, date, serial,
    ];
    ways.iter().find_map(|way| way(text))
}

/// Ten digits, as a number or with separators of thousands.
fn ten_digits(text: &str) -> Readings {
    let whole = text
        .strip_suffix(".0")
        .or_else(|| text.strip_suffix(",0"))
        .unwrap_or(text);
    let is_grouped = |separator: char| {
        let lengths: Vec<usize> = whole.split(separator).map(str::len).collect();
        lengths == [1, 3, 3, 3]
    };
    let digits = match ['.', ',', ' '].into_iter().find(|each| is_grouped(*each)) {
        Some(separator) => whole.replace(separator, ""),
        None => whole.to_owned(),
    };
    let is_code = digits.len() == 10 && all_digits(&digits);
    is_code.then(|| (CodeForm::Digits, both(&digits)))
}

/// Kemendagri's code without dots, and the code of BPS: nothing in ten digits tells which.
fn both(digits: &str) -> Vec<CodeReading> {
    vec![
        CodeReading::Village(dotted(digits)),
        CodeReading::Bps(BpsDistrict::of(digits)),
    ]
}

fn bps_groups(text: &str) -> Readings {
    let digits = bps_digits(text)?;
    Some((
        CodeForm::BpsGroups,
        vec![CodeReading::Bps(BpsDistrict::of(&digits))],
    ))
}

/// Ten digits, parted where Kemendagri has dots and nowhere else.
fn separated(text: &str) -> Readings {
    let groups: Vec<&str> = text
        .split(['.', '-', '/', ' ', '_', ',', ':'])
        .filter(|group| !group.is_empty())
        .collect();
    let digits = groups.concat();
    if groups.len() < 2 || digits.len() != 10 || !all_digits(&digits) {
        return None;
    }
    let mut end = 0;
    let fits = groups[..groups.len() - 1].iter().all(|group| {
        end += group.len();
        [2, 4, 6].contains(&end)
    });
    let village = CodeReading::Village(dotted(&digits));
    fits.then(|| (CodeForm::Separators, vec![village]))
}

/// Four groups of which some are short, or a number such as 15.0301201 whose end was zeros.
fn lost_zeros(text: &str) -> Readings {
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    let digits = match groups[..] {
        [province, district, kecamatan, village]
            if [province, district, kecamatan]
                .iter()
                .all(|group| (1..=2).contains(&group.len()))
                && (1..=4).contains(&village.len()) =>
        {
            format!(
                "{province:0>2}{district:0>2}{kecamatan:0>2}{}",
                whole_village(village)
            )
        }
        [province, rest] if province.len() == 2 && (5..8).contains(&rest.len()) => {
            format!("{province}{rest:0<8}")
        }
        _ => return None,
    };
    all_digits(&digits).then(|| {
        (
            CodeForm::LostZeros,
            vec![CodeReading::Village(dotted(&digits))],
        )
    })
}

/// The numbers of villages begin with 1 or 2: a short one that does lost its end, any other its beginning.
fn whole_village(village: &str) -> String {
    if village.len() == 3 && village.starts_with(['1', '2']) {
        format!("{village}0")
    } else {
        format!("{village:0>4}")
    }
}

/// `1.503E+09`: of ten digits only the first are left.
fn power(text: &str) -> Readings {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent = exponent.trim_start_matches('+').trim_start_matches('0');
    let (first, rest) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let digits = format!("{first}{rest}");
    if exponent != "9" || first.len() != 1 || digits.len() > 10 || !all_digits(&digits) {
        return None;
    }
    let known = match digits.len() {
        10 => return Some((CodeForm::PowerOfTen, both(&digits))),
        1 => return None,
        length => &digits[..length.min(6) / 2 * 2],
    };
    let mut readings = vec![CodeReading::Beginning(pairs(known))];
    if known.len() >= 4 {
        readings.push(CodeReading::Bps(BpsDistrict::of(known)));
    }
    Some((CodeForm::PowerOfTen, readings))
}

/// `15:03:01`, also behind the day zero of a spreadsheet, and by the twelve-hour clock.
fn time(text: &str) -> Readings {
    let upper = text.to_ascii_uppercase();
    let clock = upper.split(' ').find(|part| part.contains(':'))?;
    let mut parts: Vec<u32> = Vec::new();
    for part in clock.split(':') {
        let seconds_only = part.split('.').next()?;
        parts.push(small(seconds_only)?);
    }
    if upper.ends_with("PM") && parts[0] < 12 {
        parts[0] += 12;
    }
    let is_time = parts.len() <= 3 && parts[1..].iter().all(|part| *part < 60);
    if !is_time {
        return None;
    }
    Some((CodeForm::Time, vec![of_clock(&parts)?]))
}

/// Hours, minutes, seconds as groups: `15:03:00` was `15.03`, and no group but the last can be missing.
fn of_clock(parts: &[u32]) -> Option<CodeReading> {
    let last = parts.iter().rposition(|part| *part > 0)?;
    let is_code = last > 0 && (11..24).contains(&parts[0]);
    is_code.then(|| beginning(&parts[..=last]))
}

/// `1/15/2003`, `15-Jan-03`, `2003-01-15`: day, month and the year's end are the groups of a code.
fn date(text: &str) -> Readings {
    let parts: Vec<&str> = text.split(['/', '-', ' ', '.']).collect();
    let (first, middle, last) = match parts[..] {
        [first, middle, last] => (first, middle, last.split('T').next()?),
        [first, middle, last, clock] if clock.contains(':') => (first, middle, last),
        _ => return None,
    };
    let candidates = if first.len() == 4 {
        vec![(last, middle, first)]
    } else {
        vec![(first, middle, last), (middle, first, last)]
    };
    let mut readings: Vec<CodeReading> = Vec::new();
    for (day, month, year) in candidates {
        // `15.03.01` is a code of a kecamatan and no date.
        let is_code = text.contains('.') && year.len() == 2;
        if let (Some(day), Some(month), Some(year), false) =
            (small(day), month_number(month), end_of_year(year), is_code)
            && (11..=31).contains(&day)
        {
            let reading = beginning(&[day, month, year]);
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
    }
    (!readings.is_empty()).then_some((CodeForm::Date, readings))
}

/// What a spreadsheet keeps of a date or a time: days since 1899-12-30, or a fraction of a day.
fn serial(text: &str) -> Readings {
    let number: f64 = text.replace(',', ".").parse().ok()?;
    if number > 0.0 && number < 1.0 {
        let seconds = number * 86_400.0;
        let is_whole = (seconds - seconds.round()).abs() < 0.01;
        let seconds: u32 = format!("{seconds:.0}").parse().ok()?;
        let reading = of_clock(&[seconds / 3600, seconds / 60 % 60, seconds % 60])?;
        return is_whole.then(|| (CodeForm::Time, vec![reading]));
    }
    let days: u32 = text.parse().ok()?;
    let (year, month, day) = civil(days.checked_sub(DAY_OF_2000)?)?;
    (day >= 11).then(|| (CodeForm::Date, vec![beginning(&[day, month, year])]))
}

/// Years since 2000, month and day of the day that many days after 2000-01-01, up to 2030.
fn civil(mut days: u32) -> Option<(u32, u32, u32)> {
    for year in 0..=30 {
        let february = if year % 4 == 0 { 29 } else { 28 };
        let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, length) in (1..).zip(months) {
            if days < length {
                return Some((year, month, days + 1));
            }
            days -= length;
        }
    }
    None
}

fn month_number(text: &str) -> Option<u32> {
    const MONTHS: [&[&str]; 12] = [
        &["jan"],
        &["feb"],
        &["mar"],
        &["apr"],
        &["mei", "may"],
        &["jun"],
        &["jul"],
        &["agu", "aug"],
        &["sep"],
        &["okt", "oct"],
        &["nov"],
        &["des", "dec"],
    ];
    if let Some(number) = small(text) {
        return (1..=12).contains(&number).then_some(number);
    }
    let start = text.get(..3)?.to_ascii_lowercase();
    let is_month = |names: &&[&str]| names.contains(&start.as_str());
    (1..)
        .zip(MONTHS)
        .find(|(_, names)| is_month(names))
        .map(|(number, _)| number)
}

/// The last two digits of a year of this century or the one before.
fn end_of_year(text: &str) -> Option<u32> {
    match text.len() {
        2 => small(text),
        4 if text.starts_with("19") || text.starts_with("20") => small(&text[2..]),
        _ => None,
    }
}

/// A number of one or two digits.
fn small(text: &str) -> Option<u32> {
    ((1..=2).contains(&text.len()) && all_digits(text))
        .then(|| text.parse().ok())
        .flatten()
}

fn beginning(groups: &[u32]) -> CodeReading {
    let groups: Vec<String> = groups.iter().map(|group| format!("{group:02}")).collect();
    CodeReading::Beginning(groups.join("."))
}

/// Ten digits with Kemendagri's dots.
fn dotted(digits: &str) -> String {
    format!("{}.{}", pairs(&digits[..6]), &digits[6..])
}

fn pairs(digits: &str) -> String {
    let mut pairs = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && position % 2 == 0 {
            pairs.push('.');
        }
        pairs.push(digit);
    }
    pairs
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VILLAGE: &str = "15.03.01.2001";

    fn said(text: &str) -> Option<(CodeForm, String)> {
        readings(text).map(|(form, readings)| {
            let readings: Vec<String> = readings.iter().map(ToString::to_string).collect();
            (form, readings.join("; "))
        })
    }

    #[test]
    fn what_a_spreadsheet_makes_of_a_code_is_recognised() {
        let both = format!("{VILLAGE}; a BPS code of 15.03 (Kabupaten Sarolangun)");
        let kecamatan = "a code that begins with 15.03.01";
        let rows = [
            ("1503012001", CodeForm::Digits, both.as_str()),
            ("1503012001.0", CodeForm::Digits, &both),
            ("1.503.012.001", CodeForm::Digits, &both),
            ("1,503,012,001", CodeForm::Digits, &both),
            ("1 503 012 001", CodeForm::Digits, &both),
            (
                "1508010001",
                CodeForm::Digits,
                "15.08.01.0001; a BPS code of 15.09 (Kabupaten Tebo)",
            ),
            (
                "3201012001",
                CodeForm::Digits,
                "32.01.01.2001; a BPS code, which is another one",
            ),
            ("15-03-01-2001", CodeForm::Separators, VILLAGE),
            ("15 03 01 2001", CodeForm::Separators, VILLAGE),
            ("15.03.012001", CodeForm::Separators, VILLAGE),
            ("1503.01.2001", CodeForm::Separators, VILLAGE),
            ("15.03012001", CodeForm::Separators, VILLAGE),
            ("15.03.01.2001.", CodeForm::Separators, VILLAGE),
            ("'15.03.01-2001", CodeForm::Separators, VILLAGE),
            ("15.03.1.2001", CodeForm::LostZeros, VILLAGE),
            ("15.3.1.2001", CodeForm::LostZeros, VILLAGE),
            ("15.03.01.201", CodeForm::LostZeros, "15.03.01.2010"),
            ("15.0301201", CodeForm::LostZeros, "15.03.01.2010"),
            ("15,0301201", CodeForm::LostZeros, "15.03.01.2010"),
            (
                "1.503E9",
                CodeForm::PowerOfTen,
                "a code that begins with 15.03; a BPS code of 15.03 (Kabupaten Sarolangun)",
            ),
            (
                "1,50801E+09",
                CodeForm::PowerOfTen,
                "a code that begins with 15.08.01; a BPS code of 15.09 (Kabupaten Tebo)",
            ),
            ("1.503012001E9", CodeForm::PowerOfTen, &both),
            ("1.5e9", CodeForm::PowerOfTen, "a code that begins with 15"),
            ("15:03:01", CodeForm::Time, kecamatan),
            ("3:03:01 PM", CodeForm::Time, kecamatan),
            ("1899-12-30 15:03:01", CodeForm::Time, kecamatan),
            ("15:03", CodeForm::Time, "a code that begins with 15.03"),
            // 15 h 3 min 1 s = 54,181 s of 86,400.
            ("0.627094907407407", CodeForm::Time, kecamatan),
            (
                "1/15/2003",
                CodeForm::Date,
                "a code that begins with 15.01.03",
            ),
            (
                "2003-01-15T00:00:00",
                CodeForm::Date,
                "a code that begins with 15.01.03",
            ),
            (
                "2003/01/15",
                CodeForm::Date,
                "a code that begins with 15.01.03",
            ),
            (
                "15-Jan-03",
                CodeForm::Date,
                "a code that begins with 15.01.03",
            ),
            (
                "15 Mei 2003",
                CodeForm::Date,
                "a code that begins with 15.05.03",
            ),
            (
                "12/11/2003",
                CodeForm::Date,
                "a code that begins with 12.11.03; a code that begins with 11.12.03",
            ),
            // 2003-01-15 is day 1,110 after 2000-01-01, which is day 36,526 of a spreadsheet.
            ("37636", CodeForm::Date, "a code that begins with 15.01.03"),
            (
                "15.08.010.001",
                CodeForm::BpsGroups,
                "a BPS code of 15.09 (Kabupaten Tebo)",
            ),
        ];
        for (text, form, expected) in rows {
            assert_eq!(said(text), Some((form, expected.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_points_to_no_code_is_not_guessed_at() {
        for text in [
            "",
            "-",
            "Desa Baru",
            "15",
            "15.03",
            "15.03.01",
            "150301",
            "99999",
            "12345678901",
            "15.O3.01.2001",
            "0.5",
            "1e99",
            "25:61",
            "2003-13-40",
            "１５０３０１２００１",
            "NaN",
            "inf",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
