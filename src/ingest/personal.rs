//! Values that belong to a person: numbers of identity and family cards, mobile telephones, e-mail addresses.

use super::protocol::Cell;

/// What a value seems to be, in words for the report; the value itself is never repeated.
pub(super) fn kind(value: &Cell) -> Option<&'static str> {
    match value {
        Cell::Empty => None,
        Cell::Int(number) => is_card_number(&number.to_string()).then_some(CARD),
        Cell::Real(number) => is_card_number(&format!("{number:.0}")).then_some(CARD),
        Cell::Text(text) => of_text(text),
    }
}

const CARD: &str = "a NIK or number of a family card";

fn of_text(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if is_email(text) {
        return Some("an e-mail address");
    }
    let is_number = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-. ()".contains(&byte));
    if !is_number {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if is_card_number(&digits) {
        Some(CARD)
    } else {
        is_mobile_number(text, &digits).then_some("a telephone number")
    }
}

/// Sixteen digits: six of the place, from province 11 on; day (women plus 40), month and year; four more.
fn is_card_number(digits: &str) -> bool {
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    digits.len() == 16
        && part(0, 2).is_some_and(|province| province >= 11)
        && part(6, 8).is_some_and(|day| matches!(day, 1..=31 | 41..=71))
        && part(8, 10).is_some_and(|month| matches!(month, 1..=12))
}

/// `08…`, `628…` or `+628…` with nine to twelve digits from the 8 on.
fn is_mobile_number(text: &str, digits: &str) -> bool {
    let national = digits.strip_prefix('0').or_else(|| {
        digits
            .strip_prefix("62")
            .filter(|_| text.starts_with(['+', '6']))
    });
    national.is_some_and(|number| number.starts_with('8') && (9..=12).contains(&number.len()))
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !text.contains(char::is_whitespace)
            && !name.is_empty()
            && !host.contains('@')
            && host
                .split_once('.')
                .is_some_and(|(host, domain)| !host.is_empty() && domain.len() >= 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_persons_are_recognised_in_every_spelling() {
        assert_eq!(kind(&Cell::Int(1_503_015_708_900_001)), Some(CARD));
        assert_eq!(
            kind(&Cell::Text("1503 0157 0890 0001".to_owned())),
            Some(CARD)
        );
        for number in ["0812-3456-7890", "+62 812 3456 7890", "6281234567890"] {
            assert_eq!(
                kind(&Cell::Text(number.to_owned())),
                Some("a telephone number")
            );
        }
        assert!(kind(&Cell::Text("bidan@contoh.go.id".to_owned())).is_some());
    }

    #[test]
    fn codes_and_counts_are_not() {
        for text in [
            "15.03.01.2001",
            "10502345",
            "4429368137",
            "2023-04-06",
            "9999999999999999",
            "a@b",
            "RT 01",
        ] {
            assert_eq!(kind(&Cell::Text(text.to_owned())), None, "{text}");
        }
        assert_eq!(kind(&Cell::Real(81_234_567_890.5)), None);
    }
}
