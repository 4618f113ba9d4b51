//! Facilities that stand in the data twice.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::domain::{Facility, Keyed, LonLat, Millimetres, folded};
use crate::network::{box_around, local_distance_m};

/// Two of one name are one within this distance: surveys and maps put one place up to a few hundred metres apart, and
/// schools that share a name are farther from each other.
const SAME_NAME_M: f64 = 250.0;
/// Two of one tier of which one has no name are one within this distance: a second point on the same compound.
const UNNAMED_M: f64 = 50.0;
/// Two without a tier, of which one has no name, such as water points, are one only at the same place: two taps may
/// well stand some metres apart.
const SAME_PLACE_M: f64 = 1.0;

/// Two records of one layer that are probably one facility.
#[derive(Debug, Clone, Copy)]
pub(super) struct Duplicate<'a> {
    pub(super) one: &'a Keyed<Facility>,
    pub(super) other: &'a Keyed<Facility>,
    pub(super) distance: Millimetres,
}

/// All pairs that are probably one facility, in order of their ids; facilities stand in order of id.
pub(super) fn duplicates(facilities: &[Keyed<Facility>]) -> Vec<Duplicate<'_>> {
    let names: Vec<Option<String>> = facilities
        .iter()
        .map(|each| each.record.name.as_deref().map(folded))
        .map(|name| name.filter(|name| !name.is_empty()))
        .collect();
    let corner = |place: LonLat| [place.lon(), place.lat()];
    let entries = facilities.iter().enumerate();
    let entries =
        entries.map(|(position, each)| GeomWithData::new(corner(each.record.place), position));
    let by_place = RTree::bulk_load(entries.collect());
    let mut pairs = Vec::new();
    for (position, one) in facilities.iter().enumerate() {
        let near = by_place.locate_in_envelope(box_around(one.record.place, SAME_NAME_M));
        let mut later: Vec<usize> = near
            .map(|entry| entry.data)
            .filter(|other| position < *other)
            .collect();
        later.sort_unstable();
        for other_position in later {
            let other = &facilities[other_position];
            let distance_m = local_distance_m(one.record.place, other.record.place);
            let names = [&names[position], &names[other_position]];
            if distance_m <= reach_m([one, other].map(|each| &each.record), names) {
                pairs.push(Duplicate {
                    one,
                    other,
                    distance: Millimetres::from_metres(distance_m),
                });
            }
        }
    }
    pairs
}

/// Within which distance two facilities are probably one; below 0 where never.
fn reach_m(facilities: [&Facility; 2], names: [&Option<String>; 2]) -> f64 {
    let [one, other] = facilities.map(|facility| facility.tier.as_deref());
    let tiers_agree = one.is_none() || other.is_none() || one == other;
    match names {
        _ if !tiers_agree => -1.0,
        [Some(one), Some(other)] if one == other => SAME_NAME_M,
        [Some(_), Some(_)] => -1.0,
        _ if one.is_some() && one == other => UNNAMED_M,
        _ => SAME_PLACE_M,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Status;

    /// A facility so many metres east of the first.
    fn facility(id: &str, name: Option<&str>, tier: Option<&str>, east_m: f64) -> Keyed<Facility> {
        /// Metres of a degree of longitude on the equator.
        const M_PER_DEGREE: f64 = 111_319.49;
        Keyed {
            id: id.to_owned(),
            record: Facility {
                name: name.map(str::to_owned),
                tier: tier.map(str::to_owned),
                status: Status::Functioning,
                capacity: None,
                improved: None,
                queue_min: None,
                season: None,
                confirmed_on: None,
                place: LonLat::parse(102.0 + east_m / M_PER_DEGREE, 0.0).unwrap(),
            },
        }
    }

    fn n_duplicates(
        one: (Option<&str>, Option<&str>),
        other: (Option<&str>, Option<&str>),
        m: f64,
    ) -> usize {
        let facilities = [
            facility("a", one.0, one.1, 0.0),
            facility("b", other.0, other.1, m),
        ];
        duplicates(&facilities).len()
    }

    #[test]
    fn one_name_written_in_two_ways_is_one_facility_up_to_250_m() {
        let one = (Some("Pusk. Sungai-Bening"), Some("puskesmas"));
        let other = (Some("PUSK SUNGAI BENING"), None);
        assert_eq!(n_duplicates(one, other, 249.0), 1);
        assert_eq!(n_duplicates(one, other, 251.0), 0);
    }

    #[test]
    fn two_names_or_two_tiers_are_two_facilities_even_at_one_place() {
        let tier = Some("sd");
        assert_eq!(
            n_duplicates((Some("SDN 01"), tier), (Some("SDN 02"), tier), 0.0),
            0
        );
        assert_eq!(
            n_duplicates((Some("A"), Some("sd")), (Some("A"), Some("smp")), 0.0),
            0
        );
    }

    #[test]
    fn without_a_name_a_tier_makes_one_of_two_within_50_m_and_without_a_tier_only_the_place_does() {
        let named = (Some("A"), Some("pustu"));
        assert_eq!(n_duplicates(named, (None, Some("pustu")), 49.0), 1);
        assert_eq!(n_duplicates(named, (None, Some("pustu")), 51.0), 0);
        assert_eq!(n_duplicates((None, None), (None, None), 0.5), 1);
        assert_eq!(n_duplicates((None, None), (None, None), 2.0), 0);
    }
}
