//! Villages, or the kecamatan or district that they add up to.
//!
//! People are sums. The value is that of the group's median person, found among its demand points:
//! never a mean of the villages' values.

use std::collections::{BTreeMap, HashMap};

use super::GroupBy;
use super::people::sum_known;
use super::season_change::SeasonChanges;
use crate::domain::{District, Metric, People, ReachState, StatePeople, VillageCode};
use crate::store::reads::{RunPoint, RunVillage};

/// A village, a kecamatan or a district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) code: String,
    pub(super) name: Option<String>,
    pub(super) kecamatan: Option<String>,
    /// Code of its kecamatan; `x:` and its name where there are no codes.
    pub(super) kecamatan_code: Option<String>,
    /// State of its median person.
    pub(super) state: ReachState,
    /// Cost of its median person in the metric's engine unit.
    pub(super) cost: Option<u32>,
    /// Its people by state, as far as their number is known.
    pub(super) people: Option<StatePeople>,
    /// Its people within the threshold of the headline, as far as their number is known.
    pub(super) people_near: People,
    /// Its people who are near in the dry season only.
    pub(super) lost_in_wet: People,
    /// Its people who are near in the wet season only.
    pub(super) lost_in_dry: People,
}

/// The demand points of each group of villages, best first.
pub(super) struct GroupPoints<'a>(HashMap<String, Vec<&'a RunPoint>>);

impl<'a> GroupPoints<'a> {
    pub(super) fn of(by: GroupBy, villages: &[RunVillage], points: &'a [RunPoint]) -> Self {
        let group_of: HashMap<&VillageCode, String> = villages
            .iter()
            .map(|village| (&village.code, code(by, village)))
            .collect();
        let mut points_of: HashMap<String, Vec<&RunPoint>> = HashMap::new();
        for point in points {
            if let Some(group) = group_of.get(&point.village) {
                match points_of.get_mut(group) {
                    Some(points) => points.push(point),
                    None => {
                        points_of.insert(group.clone(), vec![point]);
                    }
                }
            }
        }
        Self(points_of)
    }

    fn of_group(&self, code: &str) -> &[&'a RunPoint] {
        self.0.get(code).map_or(&[][..], Vec::as_slice)
    }
}

/// The groups of a run, in order of code; whoever is at most `threshold` away is near.
pub(super) fn groups(
    by: GroupBy,
    metric: Metric,
    villages: &[RunVillage],
    points: &GroupPoints<'_>,
    district: Option<&District>,
    threshold: u32,
) -> Vec<Group> {
    if by == GroupBy::Village {
        return villages
            .iter()
            .map(|village| of_village(village, metric, points, threshold))
            .collect();
    }
    let mut members: BTreeMap<String, Vec<&RunVillage>> = BTreeMap::new();
    for village in villages {
        members.entry(code(by, village)).or_default().push(village);
    }
    members
        .into_iter()
        .map(|(code, members)| {
            let points = points.of_group(&code);
            let median = median(points);
            let kecamatan = members
                .iter()
                .find_map(|village| village.kecamatan.clone())
                .filter(|_name| by == GroupBy::Kecamatan);
            let district_name = district
                .filter(|district| district.code.as_str() == code)
                .and_then(|district| district.name.clone())
                .filter(|_name| by == GroupBy::District);
            Group {
                name: kecamatan.clone().or(district_name),
                kecamatan_code: (by == GroupBy::Kecamatan).then(|| code.clone()),
                kecamatan,
                state: median.map_or(ReachState::NoInput, |point| point.state),
                cost: median.and_then(|point| point.cost),
                people: sum_known(members.iter().map(|village| village.people.as_ref())),
                people_near: people_near(points, threshold),
                lost_in_wet: People::ZERO,
                lost_in_dry: People::ZERO,
                code,
            }
        })
        .collect()
}

/// Adds what the villages of each group lose when the season changes.
pub(super) fn add_season_changes(
    by: GroupBy,
    villages: &[RunVillage],
    changes: &SeasonChanges,
    groups: &mut [Group],
) {
    let group_of: HashMap<&VillageCode, String> = villages
        .iter()
        .map(|village| (&village.code, code(by, village)))
        .collect();
    let mut by_group: HashMap<&str, (People, People)> = HashMap::new();
    for (village, lost_in_wet, lost_in_dry) in changes.by_village() {
        if let Some(group) = group_of.get(village) {
            let lost = by_group.entry(group).or_default();
            lost.0 += lost_in_wet;
            lost.1 += lost_in_dry;
        }
    }
    for group in groups {
        if let Some((lost_in_wet, lost_in_dry)) = by_group.get(group.code.as_str()) {
            (group.lost_in_wet, group.lost_in_dry) = (*lost_in_wet, *lost_in_dry);
        }
    }
}

fn of_village(
    village: &RunVillage,
    metric: Metric,
    points: &GroupPoints<'_>,
    threshold: u32,
) -> Group {
    let code = village.code.to_string();
    Group {
        name: Some(village.name.clone()),
        kecamatan: village.kecamatan.clone(),
        kecamatan_code: kecamatan_code(village),
        state: village.state,
        cost: match metric {
            Metric::Time => village.time.map(|time| time.0),
            Metric::Distance => village.length.map(|length| length.0),
        },
        people: village.people,
        people_near: people_near(points.of_group(&code), threshold),
        lost_in_wet: People::ZERO,
        lost_in_dry: People::ZERO,
        code,
    }
}

fn people_near(points: &[&RunPoint], threshold: u32) -> People {
    points
        .iter()
        .filter(|point| point.state == ReachState::Within)
        .filter(|point| point.cost.is_some_and(|cost| cost <= threshold))
        .filter_map(|point| point.people)
        .sum()
}

/// The code of a village's kecamatan, or `x:` and its name; none where neither is known.
fn kecamatan_code(village: &RunVillage) -> Option<String> {
    let named = || village.kecamatan.as_ref().map(|name| format!("x:{name}"));
    village.kecamatan_code.clone().or_else(named)
}

/// The code of the group of a village; of a kecamatan that is not known, `x`.
fn code(by: GroupBy, village: &RunVillage) -> String {
    match by {
        GroupBy::Village => village.code.to_string(),
        GroupBy::District => village.district_code.clone(),
        GroupBy::Kecamatan => kecamatan_code(village).unwrap_or_else(|| "x".to_owned()),
    }
}

/// The point of the median person: of points ordered best first, the first at which half the people are reached.
///
/// Where nobody's number is known, or it is zero, each point counts one. None without points.
pub(super) fn median<'a>(points: &[&'a RunPoint]) -> Option<&'a RunPoint> {
    let known = |point: &RunPoint| point.people.unwrap_or(People::ZERO);
    let n_people: People = points.iter().map(|point| known(point)).sum();
    let weight = |point: &RunPoint| {
        if n_people == People::ZERO {
            People::ONE
        } else {
            known(point)
        }
    };
    let total: People = points.iter().map(|point| weight(point)).sum();
    let mut so_far = People::ZERO;
    points.iter().copied().find(|point| {
        so_far += weight(point);
        total <= so_far + so_far
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(village: &str, people: Option<i64>, cost: u32) -> RunPoint {
        RunPoint {
            village: VillageCode::from_stored(village.to_owned()),
            people: people.map(People),
            state: ReachState::Within,
            cost: Some(cost),
        }
    }

    fn median_cost(points: &[RunPoint]) -> Option<u32> {
        median(&points.iter().collect::<Vec<_>>()).and_then(|point| point.cost)
    }

    #[test]
    fn the_median_person_is_where_half_the_people_are_reached() {
        let points = [
            point("a", Some(4), 10),
            point("a", Some(1), 20),
            point("b", Some(3), 30),
        ];
        assert_eq!(median_cost(&points), Some(10));
        let points = [
            point("a", Some(3), 10),
            point("a", Some(1), 20),
            point("b", Some(5), 30),
        ];
        assert_eq!(median_cost(&points), Some(30));
    }

    #[test]
    fn points_count_one_each_where_no_number_is_known() {
        let points = [
            point("a", None, 10),
            point("a", None, 20),
            point("b", None, 30),
        ];
        assert_eq!(median_cost(&points), Some(20));
        assert_eq!(median_cost(&[]), None);
    }
}
