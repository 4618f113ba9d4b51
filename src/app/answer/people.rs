//! People by state, and their sums over villages.

use serde::Serialize;

use super::Thousandths;
use crate::domain::{People, ReachState, StatePeople};

/// People by state; every member null where their number is unknown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeopleByState {
    /// Everybody.
    pub total: Option<Thousandths>,
    /// In state `within`.
    pub within: Option<Thousandths>,
    /// In state `beyond_cutoff`.
    pub beyond_cutoff: Option<Thousandths>,
    /// In state `no_path`.
    pub no_path: Option<Thousandths>,
    /// In state `unsnapped`.
    pub unsnapped: Option<Thousandths>,
    /// In state `no_input`.
    pub no_input: Option<Thousandths>,
    /// Seconds or metres up to which people are `within`.
    pub cutoff: f64,
}

impl PeopleByState {
    /// The people of a run, as far as their number is known.
    pub fn new(by_state: Option<&StatePeople>, cutoff: f64) -> Self {
        let of = |part: fn(&StatePeople) -> People| by_state.map(|known| part(known).into());
        Self {
            total: of(StatePeople::total),
            within: of(|known| known.within),
            beyond_cutoff: of(|known| known.beyond_cutoff),
            no_path: of(|known| known.no_path),
            unsnapped: of(|known| known.unsnapped),
            no_input: of(|known| known.no_input),
            cutoff,
        }
    }

    /// The people of one state.
    pub fn of(&self, state: ReachState) -> Option<Thousandths> {
        match state {
            ReachState::Within => self.within,
            ReachState::BeyondCutoff => self.beyond_cutoff,
            ReachState::NoPath => self.no_path,
            ReachState::Unsnapped => self.unsnapped,
            ReachState::NoInput => self.no_input,
        }
    }
}

/// The sum of what is known; none where nothing is.
pub(super) fn sum_known<'a>(
    parts: impl IntoIterator<Item = Option<&'a StatePeople>>,
) -> Option<StatePeople> {
    parts.into_iter().flatten().fold(None, |sum, part| {
        let mut sum = sum.unwrap_or_default();
        for (state, people) in ReachState::ALL.iter().zip(by_state(part)) {
            sum.add(*state, people);
        }
        Some(sum)
    })
}

fn by_state(people: &StatePeople) -> [People; 5] {
    [
        people.within,
        people.beyond_cutoff,
        people.no_path,
        people.unsnapped,
        people.no_input,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_nothing_known_is_unknown_and_not_zero() {
        let mut five = StatePeople::default();
        five.add(ReachState::NoPath, People(5));
        assert_eq!(sum_known([None, None]), None);
        assert_eq!(
            sum_known([Some(&five), None, Some(&five)]).unwrap().no_path,
            People(10)
        );
    }
}
