//! The order of badness: who cannot at all first, then who has farthest.

use super::groups::Group;
use crate::domain::ReachState;

/// Groups with the worst first: by state, then by cost, then by code.
///
/// Without a path is worse than without a road near by, since nothing that is drawn leads there;
/// what could not be computed stands last: nothing is known of it.
pub(super) fn ranked(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_by(|a, b| {
        goodness(a.state)
            .cmp(&goodness(b.state))
            .then_with(|| b.cost.cmp(&a.cost))
            .then_with(|| a.code.cmp(&b.code))
    });
    groups
}

fn goodness(state: ReachState) -> u8 {
    match state {
        ReachState::NoPath => 0,
        ReachState::Unsnapped => 1,
        ReachState::BeyondCutoff => 2,
        ReachState::Within => 3,
        ReachState::NoInput => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::People;

    fn group(code: &str, state: ReachState, cost: Option<u32>) -> Group {
        Group {
            code: code.to_owned(),
            name: None,
            kecamatan: None,
            kecamatan_code: None,
            state,
            cost,
            people: None,
            people_near: People::ZERO,
            lost_in_wet: People::ZERO,
            lost_in_dry: People::ZERO,
        }
    }

    #[test]
    fn who_cannot_at_all_stands_first_and_who_is_unknown_last() {
        let groups = vec![
            group("a", ReachState::NoInput, None),
            group("b", ReachState::Within, Some(7)),
            group("c", ReachState::Within, Some(9)),
            group("d", ReachState::BeyondCutoff, Some(90)),
            group("e", ReachState::Unsnapped, None),
            group("g", ReachState::NoPath, None),
            group("f", ReachState::NoPath, None),
        ];
        let codes: String = ranked(groups).into_iter().map(|group| group.code).collect();
        assert_eq!(codes, "fgedcba");
    }
}
