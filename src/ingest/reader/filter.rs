//! Which filters are passed on: one plain WHERE expression, without statements, queries or functions.
//!
//! The GeoPackage driver hands a filter to `SQLite` as it is, whose functions can open other files.

/// Words that may stand before a parenthesis.
const MAY_OPEN: [&str; 6] = ["in", "and", "or", "not", "between", "like"];

/// Words that belong to statements, not to conditions.
const FORBIDDEN: [&str; 8] = [
    "select", "union", "from", "attach", "pragma", "insert", "update", "delete",
];

/// Checks that `filter` is a condition and nothing more.
///
/// # Errors
/// A sentence that says what is not allowed and at which character.
pub(super) fn check(filter: &str) -> Result<(), String> {
    let refuse = |at: usize, what: &str| {
        Err(format!(
            "cannot use the filter `{filter}`: {what} at character {}",
            filter[..at].chars().count() + 1
        ))
    };
    let mut quote: Option<(char, usize)> = None;
    let mut word = String::new();
    for (at, character) in filter.char_indices() {
        if let Some((open, _)) = quote {
            if character == open {
                quote = None;
            }
            continue;
        }
        if character.is_alphanumeric() || character == '_' {
            word.extend(character.to_lowercase());
            continue;
        }
        if FORBIDDEN.contains(&word.as_str()) {
            return refuse(at - word.len(), "a statement");
        }
        match character {
            '\'' | '"' => quote = Some((character, at)),
            '(' if !word.is_empty() && !MAY_OPEN.contains(&word.as_str()) => {
                return refuse(at, "a function");
            }
            ';' => return refuse(at, "a semicolon"),
            '-' if filter[at..].starts_with("--") => return refuse(at, "a comment"),
            '/' if filter[at..].starts_with("/*") => return refuse(at, "a comment"),
            // A blank may stand between a function and its parenthesis.
            _ if character.is_whitespace() && filter[at..].trim_start().starts_with('(') => {
                continue;
            }
            _ => {}
        }
        word.clear();
    }
    if let Some((_, at)) = quote {
        return refuse(at, "a quote that is not closed");
    }
    if FORBIDDEN.contains(&word.as_str()) {
        return refuse(filter.len() - word.len(), "a statement");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_pass() {
        for filter in [
            "type IN ('clinic','hospital','doctors')",
            "\"addr:city\" = 'select; --' AND NOT (lanes > 2)",
            "population BETWEEN 1 AND 5 OR name LIKE 'Desa%'",
        ] {
            check(filter).unwrap();
        }
    }

    #[test]
    fn statements_functions_and_open_quotes_do_not_and_are_located() {
        let refused = check("a = 1; drop table x").unwrap_err();
        assert!(refused.ends_with("a semicolon at character 6"), "{refused}");
        for filter in [
            "1 in (select 1)",
            "load_extension('x')",
            "load_extension ('x')",
            "a = 'b",
            "a = 1 -- b",
        ] {
            assert!(check(filter).is_err(), "{filter}");
        }
    }
}
