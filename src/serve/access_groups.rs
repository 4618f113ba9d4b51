//! Villages, or the kecamatan or district that they add up to.
//!
//! People are sums. The value is that of the group's median person, found among its demand points:
//! never a mean of the villages' values.

use std::collections::{BTreeMap, HashMap};

use super::answer::{cost_of, sum_known};
use crate::domain::{District, Metric, People, ReachState, StatePeople, VillageCode};
use crate::store::reads::{RunPoint, RunVillage};

/// What a row of the answer stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupBy {
    Village,
    Kecamatan,
    District,
}

impl GroupBy {
    pub(super) const ALL: [(&'static str, Self); 3] = [
        ("village", Self::Village),
        ("kecamatan", Self::Kecamatan),
        ("district", Self::District),
    ];
}

/// A village, a kecamatan or a district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) code: String,
    pub(super) name: Option<String>,
    pub(super) kecamatan: Option<String>,
    /// State of its median person.
    pub(super) state: ReachState,
    /// Cost of its median person in the metric's engine unit.
    pub(super) cost: Option<u32>,
    /// Its people by state, as far as their number is known.
    pub(super) people: Option<StatePeople>,
}

/// The groups of a run, in order of code.
pub(super) fn groups(
    by: GroupBy,
    metric: Metric,
    villages: &[RunVillage],
    points: &[RunPoint],
    district: Option<&District>,
) -> Vec<Group> {
    if by == GroupBy::Village {
        return villages
            .iter()
            .map(|village| of_village(village, metric))
            .collect();
    }
    let mut members: BTreeMap<String, Vec<&RunVillage>> = BTreeMap::new();
    for village in villages {
        members.entry(code(by, village)).or_default().push(village);
    }
    let group_of: HashMap<&VillageCode, &str> = members
        .iter()
        .flat_map(|(group, members)| {
            members
                .iter()
                .map(move |village| (&village.code, group.as_str()))
        })
        .collect();
    let mut points_of: HashMap<&str, Vec<&RunPoint>> = HashMap::new();
    for point in points {
        if let Some(group) = group_of.get(&point.village) {
            points_of.entry(group).or_default().push(point);
        }
    }
    members
        .iter()
        .map(|(code, members)| {
            let points = points_of.get(code.as_str()).map_or(&[][..], Vec::as_slice);
            let median = median(points);
            let kecamatan = members.iter().find_map(|village| village.kecamatan.clone());
            let district_name = district
                .filter(|district| district.code.as_str() == code)
                .and_then(|district| district.name.clone());
            Group {
                code: code.clone(),
                name: if by == GroupBy::Kecamatan {
                    kecamatan.clone()
                } else {
                    district_name
                },
                kecamatan: kecamatan.filter(|_| by == GroupBy::Kecamatan),
                state: median.map_or(ReachState::NoInput, |point| point.state),
                cost: median.and_then(|point| point.cost),
                people: sum_known(members.iter().map(|village| village.people.as_ref())),
            }
        })
        .collect()
}

fn of_village(village: &RunVillage, metric: Metric) -> Group {
    Group {
        code: village.code.to_string(),
        name: Some(village.name.clone()),
        kecamatan: village.kecamatan.clone(),
        state: village.state,
        cost: cost_of(metric, village.time, village.length),
        people: village.people,
    }
}

/// The code of the group of a village; a kecamatan without a code is known by its name, one without either as `x`.
fn code(by: GroupBy, village: &RunVillage) -> String {
    match by {
        GroupBy::Village => village.code.to_string(),
        GroupBy::District => village.district_code.clone(),
        GroupBy::Kecamatan => match (&village.kecamatan_code, &village.kecamatan) {
            (Some(code), _) => code.clone(),
            (None, Some(name)) => format!("x:{name}"),
            (None, None) => "x".to_owned(),
        },
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
