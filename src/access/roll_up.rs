//! From demand points to areas: people by state, and the median person.

use crate::domain::{Metric, People, PointReach, ReachState, StatePeople};

/// What is known of one demand point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointResult<'a> {
    /// Its key, the last tie-breaker.
    pub key: &'a str,
    /// The people it stands for; none is unknown.
    pub people: Option<People>,
    /// Its state and facilities.
    pub reach: PointReach,
}

/// What is known of an area from its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaReach {
    /// People by state; none where no point's people are known.
    pub people: Option<StatePeople>,
    /// Points of the area.
    pub n_points: u32,
    /// Points whose people are unknown, and so are not in `people`.
    pub n_points_without_people: u32,
    /// Position of the point of the median person, whose reach is the area's single value.
    pub median_point: usize,
}

/// One result for each of `n_areas`: always a sum over points, never a mean of means. None for an area without points.
///
/// `area_of` gives the area of a point by its position; a point in none is left out.
///
/// The median person: points in order of state (`Within` first), cost by the metric, key; the first where people,
/// counted up, reach half of all. A point whose people are unknown counts as one person here. O(n log n).
pub fn roll_up(
    points: &[PointResult<'_>],
    n_areas: usize,
    area_of: impl Fn(usize) -> Option<usize>,
    metric: Metric,
) -> Vec<Option<AreaReach>> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); n_areas];
    for point in 0..points.len() {
        if let Some(area) = area_of(point) {
            members[area].push(point);
        }
    }
    members
        .into_iter()
        .map(|members| area_reach(points, members, metric))
        .collect()
}

fn area_reach(
    points: &[PointResult<'_>],
    mut members: Vec<usize>,
    metric: Metric,
) -> Option<AreaReach> {
    members.sort_by_key(|point| order(&points[*point], metric));
    let mut people = StatePeople::default();
    let mut n_points_without_people = 0;
    for point in members.iter().map(|point| &points[*point]) {
        match point.people {
            Some(here) => people.add(point.reach.state, here),
            None => n_points_without_people += 1,
        }
    }
    let n_points = u32::try_from(members.len()).expect("points are counted in u32");
    Some(AreaReach {
        people: (n_points_without_people < n_points).then_some(people),
        n_points,
        n_points_without_people,
        median_point: median_point(points, &members)?,
    })
}

fn order<'a>(point: &PointResult<'a>, metric: Metric) -> (ReachState, Option<u32>, &'a str) {
    (point.reach.state, cost(&point.reach, metric), point.key)
}

fn median_point(points: &[PointResult<'_>], ordered: &[usize]) -> Option<usize> {
    let weight = |point: &usize| points[*point].people.unwrap_or(People::ONE).0;
    let total: i64 = ordered.iter().map(weight).sum();
    let mut so_far = 0;
    ordered.iter().copied().find(|point| {
        so_far += weight(point);
        2 * so_far >= total
    })
}

/// People who meet a threshold: their cost is at most it. None where no point's people are known.
///
/// `costs` stand beside `points`: the way there, or a round trip; none does not meet any threshold.
pub fn people_within(
    points: &[PointResult<'_>],
    costs: &[Option<u32>],
    threshold: u32,
) -> Option<People> {
    let mut within = None;
    for (point, cost) in points.iter().zip(costs) {
        if let Some(people) = point.people {
            let is_within = cost.is_some_and(|cost| cost <= threshold);
            let so_far: &mut People = within.get_or_insert(People::ZERO);
            *so_far += if is_within { people } else { People::ZERO };
        }
    }
    within
}

fn cost(reach: &PointReach, metric: Metric) -> Option<u32> {
    reach.nearest.map(|nearest| match metric {
        Metric::Time => nearest.time.0,
        Metric::Distance => nearest.length.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Millimetres, Milliseconds, Nearest};

    fn point(key: &str, people: Option<i64>, state: ReachState, time_ms: u32) -> PointResult<'_> {
        let nearest = Nearest {
            facility: 0,
            time: Milliseconds(time_ms),
            length: Millimetres(0),
        };
        let is_reached = matches!(state, ReachState::Within | ReachState::BeyondCutoff);
        let reach = PointReach {
            state,
            nearest: is_reached.then_some(nearest),
            second: None,
        };
        let people = people.map(People);
        PointResult { key, people, reach }
    }

    fn whole(points: &[PointResult<'_>]) -> AreaReach {
        roll_up(points, 1, |_| Some(0), Metric::Time)[0].unwrap()
    }

    #[test]
    fn people_of_all_states_add_up_to_the_area() {
        let points = [
            point("a", Some(1), ReachState::Within, 5),
            point("b", Some(2), ReachState::BeyondCutoff, 9),
            point("c", Some(4), ReachState::NoPath, 0),
            point("d", Some(8), ReachState::Unsnapped, 0),
        ];
        let people = whole(&points).people.unwrap();
        assert_eq!(people.total(), People(1 + 2 + 4 + 8));
        assert_eq!(people.no_path, People(4));
    }

    #[test]
    fn the_median_person_is_the_first_at_half_of_the_people() {
        let points = [
            point("stranded", Some(5), ReachState::NoPath, 0),
            point("far", Some(2), ReachState::Within, 90),
            point("near", Some(3), ReachState::Within, 10),
        ];
        // Near 3, far 3 + 2 = 5, which is half of 3 + 2 + 5.
        assert_eq!(points[whole(&points).median_point].key, "far");
    }

    #[test]
    fn equal_costs_are_ordered_by_key() {
        let points = [
            point("b", Some(1), ReachState::Within, 10),
            point("a", Some(1), ReachState::Within, 10),
        ];
        assert_eq!(points[whole(&points).median_point].key, "a");
    }

    #[test]
    fn points_with_unknown_people_count_one_each_and_give_no_people() {
        let points = [
            point("a", None, ReachState::Within, 10),
            point("b", None, ReachState::Within, 20),
            point("c", None, ReachState::Within, 30),
        ];
        let area = whole(&points);
        assert_eq!(points[area.median_point].key, "b");
        assert_eq!(area.people, None);
        assert_eq!(people_within(&points, &[Some(10); 3], 10), None);
    }

    #[test]
    fn an_area_without_points_has_no_reach() {
        assert_eq!(roll_up(&[], 1, |_| None, Metric::Time), [None]);
    }

    #[test]
    fn a_cost_equal_to_the_threshold_meets_it() {
        let points = [
            point("a", Some(1), ReachState::Within, 10),
            point("b", Some(2), ReachState::Within, 11),
            point("c", Some(4), ReachState::NoPath, 0),
        ];
        assert_eq!(
            people_within(&points, &[Some(10), Some(11), None], 10),
            Some(People(1))
        );
    }
}
