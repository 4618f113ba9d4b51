//! One feature's values by field: texts, numbers, words of a list.

use std::borrow::Cow;

use crate::domain::{Fields, Finding, FindingCode, People};

use super::columns::{Columns, Origin};
use super::findings::error;
use super::protocol::{Cell, RawFeature};
use super::synonyms::{SYNONYMS, Words, folded_word};
use super::unknowns::{Misreading, Unknowns};
use super::values;

/// The values of one feature.
pub(super) struct Row<'a> {
    pub(super) columns: &'a Columns,
    pub(super) feature: &'a RawFeature,
    pub(super) unknowns: &'a mut Unknowns,
    /// Whether a record is there that keeps what the row does not say.
    pub(super) is_update: bool,
}

impl<'a> Row<'a> {
    /// The text of a field; none where nobody gives it or it stands for no value.
    pub(super) fn text(&self, field: &str) -> Option<String> {
        self.value(field).map(Cow::into_owned)
    }

    /// As [`Self::text`].
    fn value(&self, field: &str) -> Option<Cow<'a, str>> {
        let text = match self.columns.origin(field)? {
            Origin::Constant(constant) => Cow::Borrowed(constant.trim()),
            Origin::Column(column) => match self.feature.values.get(*column)? {
                Cell::Text(text) => Cow::Borrowed(text.trim()),
                other => Cow::Owned(other.to_text()?),
            },
        };
        (!SYNONYMS.is_empty(&text)).then_some(text)
    }

    /// Whether nothing in the file gives a field.
    pub(super) fn has_no_column(&self, field: &str) -> bool {
        self.columns.origin(field).is_none()
    }

    /// The text of a field that a record needs.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn needed(&self, field: &str) -> Result<String, Finding> {
        self.text(field).ok_or_else(|| Finding {
            field: Some(field.to_owned()),
            ..error(
                FindingCode::FieldMissing,
                format!("the record has no `{field}`"),
                "fill it in, or delete the record",
            )
        })
    }

    /// The word of ours for a field's value; a value on no list is noted and none.
    pub(super) fn word<T: Clone>(&mut self, field: &'static str, words: &Words<T>) -> Option<T> {
        self.word_or(field, words, None)
    }

    /// As [`Self::word`], but `known` where the row gives no value, or one on no list; a value that is known to mean
    /// nothing of ours is given, and none.
    pub(super) fn word_or<T: Clone>(
        &mut self,
        field: &'static str,
        words: &Words<T>,
        known: Option<T>,
    ) -> Option<T> {
        let Some(value) = self.value(field) else {
            return known;
        };
        let Some(meaning) = words.get(&*folded_word(&value)) else {
            self.note(field, Misreading::Unknown, &value);
            return known;
        };
        meaning.clone()
    }

    /// The words of ours for a field that lists several, separated by commas, semicolons or bars;
    /// words of ours also by blanks. A word on no list is noted and left out.
    pub(super) fn words<T: Clone, C: FromIterator<T>>(
        &mut self,
        field: &'static str,
        words: &Words<T>,
    ) -> C {
        let text = self.value(field).unwrap_or_default();
        let mut found = Vec::new();
        for part in text.split([',', ';', '|']).map(folded_word) {
            if let Some(meaning) = words.get(&*part) {
                found.extend(meaning.clone());
                continue;
            }
            for word in part.split(' ').filter(|word| !word.is_empty()) {
                match words.get(word) {
                    Some(meaning) => found.extend(meaning.clone()),
                    None => self.note(field, Misreading::Unknown, word),
                }
            }
        }
        found.into_iter().collect()
    }

    /// A number that is at least 0, perhaps with its unit after it; anything else is noted and none.
    pub(super) fn number(&mut self, field: &'static str, unit: &str) -> Option<f64> {
        match self.plain_number(field) {
            Some(number) if number.is_finite() && number >= 0.0 => Some(number),
            Some(number) => {
                self.note(field, Misreading::Unknown, &number.to_string());
                None
            }
            None => {
                let text = self.text(field)?;
                let number = values::number(&text, unit);
                if number.is_none() {
                    self.note(field, Misreading::Unknown, &text);
                }
                number
            }
        }
    }

    /// A number of people; anything else is noted and none.
    pub(super) fn people(&mut self, field: &'static str) -> Option<People> {
        if self.plain_number(field).is_some() {
            return self.number(field, "").map(People::from_count);
        }
        let text = self.text(field)?;
        let Some(count) = values::count(&text) else {
            self.note(field, Misreading::Unknown, &text);
            return None;
        };
        if count.had_thousands {
            self.note(field, Misreading::Thousands, &text);
        }
        Some(People::from_count(count.count))
    }

    /// A date; anything else is noted and none.
    pub(super) fn date(&mut self, field: &'static str) -> Option<String> {
        let text = self.text(field)?;
        let date = values::date(&text);
        if date.is_none() {
            self.note(field, Misreading::Unknown, &text);
        }
        date
    }

    /// Notes a value that was not understood.
    pub(super) fn note(&mut self, field: &'static str, what: Misreading, value: &str) {
        let what = match what {
            Misreading::Unknown | Misreading::UnknownClass if self.is_update => Misreading::Kept,
            what => what,
        };
        self.unknowns.note(field, what, value, self.feature.fid);
    }

    /// The columns that the layer does not know, without those that are empty here.
    pub(super) fn extra(&self) -> Fields {
        let mut extra = Fields::new();
        for (column, name) in &self.columns.extra {
            let value = match self.feature.values.get(*column) {
                None | Some(Cell::Empty) => continue,
                Some(Cell::Text(text)) => text.clone().into(),
                Some(Cell::Int(number)) => (*number).into(),
                Some(Cell::Real(number)) => (*number).into(),
            };
            extra.insert(name.clone(), value);
        }
        extra
    }

    /// The number of a column that holds numbers.
    fn plain_number(&self, field: &str) -> Option<f64> {
        let Origin::Column(column) = self.columns.origin(field)? else {
            return None;
        };
        match self.feature.values.get(*column)? {
            Cell::Int(number) => Some(*number as f64),
            Cell::Real(number) => Some(*number),
            Cell::Empty | Cell::Text(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Layer, Mode, ModeSet};
    use crate::ingest::request::ImportRequest;

    use super::*;

    #[test]
    fn a_list_of_modes_is_read_in_any_spelling_and_a_strange_word_is_noted() {
        let request = ImportRequest::new(Layer::Roads, Vec::new());
        let names = ["class".to_owned(), "dilarang".to_owned()];
        let columns = Columns::resolve(&request, &names, &mut Vec::new());
        let barred = |text: &str| {
            let feature = RawFeature {
                fid: 1,
                geometry: None,
                values: vec![Cell::Empty, Cell::Text(text.to_owned())],
            };
            let mut unknowns = Unknowns::default();
            let mut row = Row {
                columns: &columns,
                feature: &feature,
                unknowns: &mut unknowns,
                is_update: false,
            };
            let barred: ModeSet = row.words("barred", &SYNONYMS.mode);
            (barred.iter().collect::<Vec<_>>(), unknowns.finish().count())
        };
        assert_eq!(
            barred("car, ambulance"),
            (vec![Mode::Car, Mode::Ambulance], 0)
        );
        assert_eq!(
            barred("car ambulance"),
            (vec![Mode::Car, Mode::Ambulance], 0)
        );
        assert_eq!(
            barred("Sepeda Motor;mobil"),
            (vec![Mode::Motorcycle, Mode::Car], 0)
        );
        assert_eq!(barred("truk|mobil"), (vec![Mode::Car], 1));
        assert_eq!(barred("-"), (Vec::new(), 0));
    }
}
