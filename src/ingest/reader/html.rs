//! Descriptions of Google Earth, which are pages, as plain text.

/// Elements whose content is no text.
const WITHOUT_TEXT: [&str; 4] = ["script", "style", "head", "title"];

/// Whether a text has tags in it.
pub(super) fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        text[at + 1..]
            .starts_with(|next: char| next.is_ascii_alphabetic() || next == '/' || next == '!')
            && text[at..].contains('>')
    })
}

/// The text of a page: rows of tables and paragraphs on lines of their own, cells apart by a blank, tags and what
/// they load gone.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_text(&mut text, &rest[..at]);
        rest = &rest[at..];
        let Some(end) = tag_end(rest) else {
            // No tag after all.
            push_text(&mut text, rest);
            rest = "";
            break;
        };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        if WITHOUT_TEXT.contains(&name.as_str()) && !tag.starts_with('/') && !tag.ends_with('/') {
            rest = behind(rest, &name);
        }
        text.push(match name.as_str() {
            "br" | "p" | "tr" | "div" | "table" | "li" | "ul" | "h1" | "h2" | "h3" | "h4" => '\n',
            "td" | "th" => ' ',
            _ => continue,
        });
    }
    push_text(&mut text, rest);
    let lines = text.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.join(" ")
    });
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Where a tag that begins a text ends; quotes and comments hold what they hold.
fn tag_end(text: &str) -> Option<usize> {
    if text.starts_with("<!--") {
        return text.find("-->").map(|at| at + 2);
    }
    let mut quote = None;
    for (at, character) in text.char_indices().skip(1) {
        match (quote, character) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), character) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

/// What follows the end of an element.
fn behind<'a>(text: &'a str, name: &str) -> &'a str {
    let wanted = format!("</{name}");
    let mut parts = text.as_bytes().windows(wanted.len());
    let end = parts.position(|part| part.eq_ignore_ascii_case(wanted.as_bytes()));
    let end = end.and_then(|at| Some(at + text[at..].find('>')? + 1));
    end.map_or("", |end| &text[end..])
}

/// Text with the five entities of XML, the hard blank, and numbers of characters.
fn push_text(text: &mut String, part: &str) {
    let mut rest = part;
    while let Some(at) = rest.find('&') {
        push_blanked(text, &rest[..at]);
        rest = &rest[at..];
        let entity = rest.bytes().take(11).position(|byte| byte == b';');
        let found = entity.and_then(|end| Some((end, character(&rest[1..end])?)));
        let (end, character) = found.unwrap_or((0, '&'));
        text.push(character);
        rest = &rest[end + 1..];
    }
    push_blanked(text, rest);
}

/// A line end in a page is a blank.
fn push_blanked(text: &mut String, part: &str) {
    text.extend(part.chars().map(|character| match character {
        '\n' | '\r' => ' ',
        character => character,
    }));
}

fn character(entity: &str) -> Option<char> {
    let number = |digits: &str, radix| char::from_u32(u32::from_str_radix(digits, radix).ok()?);
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let digits = entity.strip_prefix('#')?;
            let found = match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => number(hexadecimal, 16),
                None => number(digits, 10),
            };
            found.filter(|character| !character.is_control())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_a_line_for_each_row() {
        let page = "<html><head><style>td{color:red}</style></head><body>\
            <table border=\"1\"><tr><td>Nama</td><td>Pustu &amp; Posyandu</td></tr>\
            <tr><td>Kode</td>\n<td>A&nbsp;1 &lt;lama&gt;</td></tr></table></body></html>";
        assert_eq!(plain(page), "Nama Pustu & Posyandu\nKode A 1 <lama>");
    }

    #[test]
    fn nothing_that_runs_or_loads_is_left() {
        let page =
            "a<script>alert('x > y')</script>b<img src=x onerror=\"alert(1)\">c<!-- <b> -->d<br/>e";
        assert_eq!(plain(page), "abcd\ne");
        assert_eq!(plain("x<script>never closed"), "x");
    }

    #[test]
    fn text_without_tags_is_no_page() {
        for text in ["a < b", "5<6 & 7>2", "x <3", "tinggi<", ""] {
            assert!(!is_html(text), "{text}");
        }
        assert!(is_html("a<br>b"));
        assert!(is_html("</b>"));
        assert_eq!(plain("5 < 6 &copy; &#65;&#x42;&#0;"), "5 < 6 &copy; AB&#0;");
    }
}
