//! Numbers as they leave: exact to three decimals, whole where they are whole.

use serde::{Serialize, Serializer};

use super::labels::{cost, whole};
use crate::domain::{Language, Metric, Millimetres, Milliseconds, People};

/// A number in thousandths of its unit: people, seconds or metres.
///
/// In JSON a number with at most three decimals, and none where it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thousandths(pub i64);

impl Thousandths {
    /// A cost in the engine's unit as seconds or metres.
    pub fn of_cost(cost: u32) -> Self {
        Self(i64::from(cost))
    }

    /// Seconds or metres with a unit that people use: `13 menit`, `1,5 km`; more than engines hold stays at that.
    pub fn cost_in_words(self, metric: Metric, language: Language) -> String {
        cost(
            u32::try_from(self.0.max(0)).unwrap_or(u32::MAX),
            metric,
            language,
        )
    }

    /// A whole number of people: `41.200`.
    pub fn people_in_words(self, language: Language) -> String {
        whole((self.0 + 500) / 1000, language)
    }

    /// The number itself, for drawing: exact below 2⁵³ thousandths.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl From<People> for Thousandths {
    fn from(people: People) -> Self {
        Self(people.0)
    }
}

impl From<Milliseconds> for Thousandths {
    fn from(time: Milliseconds) -> Self {
        Self::of_cost(time.0)
    }
}

impl From<Millimetres> for Thousandths {
    fn from(length: Millimetres) -> Self {
        Self::of_cost(length.0)
    }
}

impl Serialize for Thousandths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1000 == 0 {
            serializer.serialize_i64(self.0 / 1000)
        } else {
            serializer.serialize_f64(self.to_f64())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(number: Thousandths) -> String {
        serde_json::to_string(&number).unwrap()
    }

    #[test]
    fn whole_people_have_no_decimals_and_thirds_have_three() {
        assert_eq!(json(People(1_234_000).into()), "1234");
        assert_eq!(json(People(333).into()), "0.333");
    }
}
