//! Text in lines that fit.

use super::font::{Weight, width};

/// What stands where text was left out.
const ELLIPSIS: char = '…';

/// The lines of a text, none wider than `room_px`, at most `n_lines`; what does not fit ends in `…`.
///
/// A word wider than a line is cut where the line ends.
pub(super) fn wrap(
    text: &str,
    size: f64,
    weight: Weight,
    room_px: f64,
    n_lines: usize,
) -> Vec<String> {
    let fits = |line: &str| width(line, size, weight) <= room_px;
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always a line");
        let longer = if last.is_empty() {
            word.to_owned()
        } else {
            format!("{last} {word}")
        };
        if fits(&longer) {
            *last = longer;
            continue;
        }
        let mut piece = String::new();
        for letter in word.chars() {
            let wider = format!("{piece}{letter}");
            if fits(&wider) || piece.is_empty() {
                piece = wider;
            } else {
                push(&mut lines, std::mem::take(&mut piece));
                piece.push(letter);
            }
        }
        push(&mut lines, piece);
    }
    if n_lines < lines.len() {
        lines.truncate(n_lines);
        if let Some(last) = lines.last_mut() {
            last.push(ELLIPSIS);
            while !fits(last) && 1 < last.chars().count() {
                last.pop();
                last.pop();
                let kept = last.trim_end().len();
                last.truncate(kept);
                last.push(ELLIPSIS);
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Adds a line, in the place of the first where that is still empty.
fn push(lines: &mut Vec<String>, line: String) {
    match lines.last_mut() {
        Some(last) if last.is_empty() => *last = line,
        _ => lines.push(line),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_that_fits_stays_in_one_line() {
        let lines = wrap("dua kata", 10.0, Weight::Regular, 1000.0, 3);
        assert_eq!(lines, ["dua kata"]);
        assert!(wrap("  ", 10.0, Weight::Regular, 100.0, 3).is_empty());
    }

    #[test]
    fn what_is_left_out_is_said() {
        let room = width("satu dua…", 10.0, Weight::Regular);
        let lines = wrap("satu dua tiga empat", 10.0, Weight::Regular, room, 1);
        assert_eq!(lines, ["satu dua…"]);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_room_and_no_letter_is_lost(
            text in "[a-zé ]{0,60}", room_px in 20.0..300.0
        ) {
            let lines = wrap(&text, 12.0, Weight::Bold, room_px, usize::MAX);
            for line in &lines {
                prop_assert!(width(line, 12.0, Weight::Bold) <= room_px, "{line}");
            }
            let letters = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
