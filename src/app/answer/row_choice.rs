//! Which rows are shown, and in which order. Classes, people and sentences do not depend on it.

use std::cmp::Ordering;

use super::{AnswerError, Row};
use crate::domain::ReachState;

/// Which rows are wanted, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowChoice {
    /// Only rows of the kecamatan of this code.
    pub kecamatan: Option<String>,
    /// What rows are sorted by.
    pub sort: Sort,
    /// Which end comes first; none is the usual one of the sort.
    pub order: Option<Order>,
    /// At most so many, counted after sorting.
    pub top: Option<usize>,
}

/// What rows are sorted by; ties by code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Their rank; the worst first.
    #[default]
    Value,
    /// Their name, without regard to case; A first.
    Name,
    /// The name of their kecamatan, then their name; A first.
    Kecamatan,
    /// Their code; the least first.
    Code,
    /// Their people; most first.
    People,
    /// Their people beyond the headline's threshold; most first.
    PeopleBeyond,
}

/// Which end comes first. What is unknown comes last in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The worst, the most, or Z.
    Descending,
    /// The best, the fewest, or A.
    Ascending,
}

impl Sort {
    /// Every sort, by the word it has in addresses.
    pub const ALL: [(&'static str, Self); 6] = [
        ("value", Self::Value),
        ("name", Self::Name),
        ("kecamatan", Self::Kecamatan),
        ("code", Self::Code),
        ("people", Self::People),
        ("people_beyond", Self::PeopleBeyond),
    ];

    fn usual_order(self) -> Order {
        match self {
            Self::Value | Self::People | Self::PeopleBeyond => Order::Descending,
            Self::Name | Self::Kecamatan | Self::Code => Order::Ascending,
        }
    }
}

impl Order {
    /// Every order, by the words it has in addresses.
    pub const ALL: [(&'static str, Self); 4] = [
        ("worst", Self::Descending),
        ("best", Self::Ascending),
        ("desc", Self::Descending),
        ("asc", Self::Ascending),
    ];

    fn of<T: Ord>(self, a: &T, b: &T) -> Ordering {
        match self {
            Self::Ascending => a.cmp(b),
            Self::Descending => b.cmp(a),
        }
    }

    /// As [`Order::of`], with what is unknown last in both orders.
    fn of_known<T: Ord>(self, a: Option<&T>, b: Option<&T>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => self.of(a, b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    }
}

impl RowChoice {
    /// The rows that are wanted, in the order that is wanted.
    ///
    /// # Errors
    /// No row lies in the kecamatan.
    pub(super) fn choose(&self, rows: Vec<Row>) -> Result<Vec<Row>, AnswerError> {
        let mut rows = match &self.kecamatan {
            None => rows,
            Some(code) => in_kecamatan(rows, code)?,
        };
        let order = self.order.unwrap_or_else(|| self.sort.usual_order());
        rows.sort_by(|a, b| self.compare(order, a, b).then_with(|| a.code.cmp(&b.code)));
        if let Some(top) = self.top {
            rows.truncate(top);
        }
        Ok(rows)
    }

    fn compare(&self, order: Order, a: &Row, b: &Row) -> Ordering {
        let lower = |name: &Option<String>| name.as_ref().map(|name| name.to_lowercase());
        match self.sort {
            // Rank 1 is the worst; what could not be computed is neither bad nor good.
            Sort::Value => order.of_known(badness(a).as_ref(), badness(b).as_ref()),
            Sort::Name => order.of_known(lower(&a.name).as_ref(), lower(&b.name).as_ref()),
            Sort::Kecamatan => order
                .of_known(lower(&a.kecamatan).as_ref(), lower(&b.kecamatan).as_ref())
                .then_with(|| lower(&a.name).cmp(&lower(&b.name))),
            Sort::Code => order.of(&a.code, &b.code),
            Sort::People => order.of_known(a.people.as_ref(), b.people.as_ref()),
            Sort::PeopleBeyond => {
                order.of_known(a.people_beyond.as_ref(), b.people_beyond.as_ref())
            }
        }
    }
}

fn badness(row: &Row) -> Option<std::cmp::Reverse<usize>> {
    (row.state != ReachState::NoInput).then_some(std::cmp::Reverse(row.rank))
}

fn in_kecamatan(rows: Vec<Row>, code: &str) -> Result<Vec<Row>, AnswerError> {
    let is_there = |row: &Row| row.kecamatan_code.as_deref() == Some(code);
    if !rows.iter().any(is_there) {
        return Err(AnswerError::KecamatanUnknown {
            code: code.to_owned(),
        });
    }
    Ok(rows.into_iter().filter(is_there).collect())
}
