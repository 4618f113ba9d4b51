//! Query parameters: every one known, given once, and understood; else all that is wrong, at once.

use axum::extract::Query as Pairs;
use axum::http::Uri;

use super::error::{ParameterError, Problem};

/// The parameters of one request, while they are being taken.
pub(super) struct Query {
    pairs: Vec<(String, String)>,
    errors: Vec<ParameterError>,
}

impl Query {
    /// The parameters of an address, of which only `allowed` are known.
    pub(super) fn of(uri: &Uri, allowed: &[&str]) -> Result<Self, Problem> {
        let Pairs(pairs) = Pairs::<Vec<(String, String)>>::try_from_uri(uri).map_err(|cause| {
            Problem::of_query(vec![ParameterError {
                parameter: "?".to_owned(),
                detail: cause.body_text(),
            }])
        })?;
        let mut query = Self {
            pairs,
            errors: Vec::new(),
        };
        let names: Vec<String> = query.pairs.iter().map(|(name, _)| name.clone()).collect();
        for (index, name) in names.iter().enumerate() {
            if !allowed.contains(&name.as_str()) {
                query.refuse(name, unknown(allowed));
            } else if names[..index].contains(name) {
                query.refuse(name, "given more than once");
            }
        }
        Ok(query)
    }

    /// Takes a parameter that `parse` understands; none where it is absent or was refused.
    pub(super) fn value<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (_, text) = self.pairs.iter().find(|(each, _)| each == name)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(detail) => {
                self.refuse(name, detail);
                None
            }
        }
    }

    /// Takes a parameter that is a word of a list.
    pub(super) fn word<T: std::str::FromStr>(&mut self, name: &str) -> Option<T>
    where
        T::Err: ToString,
    {
        self.value(name, |text| {
            text.parse().map_err(|cause: T::Err| cause.to_string())
        })
    }

    /// Takes a parameter that is one of `choices`.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        self.value(name, |text| {
            choices
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, choice)| *choice)
                .ok_or_else(|| {
                    let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                    format!("`{text}` is not one of {}", words.join(", "))
                })
        })
    }

    /// Takes a parameter that is a whole number within a range.
    pub(super) fn whole_number(
        &mut self,
        name: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        self.value(name, |text| {
            text.parse()
                .ok()
                .filter(|number| range.contains(number))
                .ok_or_else(|| {
                    let (least, largest) = range.into_inner();
                    format!("`{text}` is not a whole number from {least} to {largest}")
                })
        })
    }

    /// Notes that a parameter cannot be used.
    pub(super) fn refuse(&mut self, name: &str, detail: impl Into<String>) {
        self.errors.push(ParameterError {
            parameter: name.to_owned(),
            detail: detail.into(),
        });
    }

    /// The end of taking: all that was refused, if anything was.
    pub(super) fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::of_query(self.errors))
        }
    }
}

fn unknown(allowed: &[&str]) -> String {
    if allowed.is_empty() {
        "unknown: this address takes no parameters".to_owned()
    } else {
        format!("unknown: this address takes {}", allowed.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(uri: &str) -> Option<Problem> {
        let uri: Uri = uri.parse().unwrap();
        let mut query = match Query::of(&uri, &["limit", "offset"]) {
            Ok(query) => query,
            Err(problem) => return Some(problem),
        };
        query.whole_number("limit", 1..=10);
        query.whole_number("offset", 0..=10);
        query.finish().err()
    }

    #[test]
    fn everything_wrong_is_named_in_one_answer() {
        let problem = refused("/?limit=unlimited&offset=-1&colour=red").unwrap();
        let names = ["colour", "limit", "offset"];
        assert_eq!(
            problem,
            Problem::of_query(vec![
                ParameterError {
                    parameter: names[0].to_owned(),
                    detail: "unknown: this address takes limit, offset".to_owned(),
                },
                ParameterError {
                    parameter: names[1].to_owned(),
                    detail: "`unlimited` is not a whole number from 1 to 10".to_owned(),
                },
                ParameterError {
                    parameter: names[2].to_owned(),
                    detail: "`-1` is not a whole number from 0 to 10".to_owned(),
                },
            ])
        );
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        assert!(refused("/?limit=1&limit=2").is_some());
        assert!(refused("/?limit=1&offset=2").is_none());
    }
}
