//! Who has which facility as the nearest.

use std::collections::BTreeMap;

use crate::domain::People;

/// The points whose nearest facility this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Catchment {
    /// Position in the list of facilities.
    pub facility: u32,
    /// How many points.
    pub n_points: u64,
    /// Their people; none where those of no point are known.
    pub people: Option<People>,
}

/// The catchments of the facilities that are the nearest of some point, in the order of facilities.
///
/// Each point gives its nearest facility and its people, where there is one and where they are known. Points without a
/// facility are in no catchment, so that catchments sum to the points in reach.
pub fn catchments(
    points: impl IntoIterator<Item = (Option<u32>, Option<People>)>,
) -> Vec<Catchment> {
    let mut by_facility: BTreeMap<u32, Catchment> = BTreeMap::new();
    for (nearest, people) in points {
        let Some(facility) = nearest else {
            continue;
        };
        let catchment = by_facility.entry(facility).or_insert(Catchment {
            facility,
            n_points: 0,
            people: None,
        });
        catchment.n_points += 1;
        if let Some(here) = people {
            *catchment.people.get_or_insert(People::ZERO) += here;
        }
    }
    by_facility.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_people_are_counted_once_at_their_nearest_facility() {
        let people = |count: f64| Some(People::from_count(count));
        let points = [
            (Some(3), people(1.0)),
            (None, people(2.0)),
            (Some(0), people(4.0)),
            (Some(3), None),
            (Some(3), people(8.0)),
            (Some(7), None),
        ];
        let catchment = |facility, n_points, people| Catchment {
            facility,
            n_points,
            people,
        };
        assert_eq!(
            catchments(points),
            [
                catchment(0, 1, people(4.0)),
                catchment(3, 3, people(1.0 + 8.0)),
                catchment(7, 1, None),
            ]
        );
        assert_eq!(catchments([(None, people(1.0))]), []);
    }
}
