//! Where the people of each village are: its settlements, or one point on its surface.

use crate::access::split_people;
use crate::domain::{LonLat, People, PopulationSource, VillageCode};
use crate::store::{SettlementInput, VillageInput};

/// A point whose people travel.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DemandPoint {
    /// The settlement's key, or the village's where it has no settlement.
    pub(super) key: String,
    /// Position of its village in [`Demand::villages`].
    pub(super) village: usize,
    /// Where it is.
    pub(super) place: LonLat,
    /// Its share of the village's people; none is unknown.
    pub(super) people: Option<People>,
}

/// The people of one village and who counted them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VillagePeople {
    /// Its key.
    pub(super) code: VillageCode,
    /// Everybody; none is unknown. The points' shares add up to it exactly.
    pub(super) people: Option<People>,
    /// Who counted.
    pub(super) source: PopulationSource,
}

/// Settlements that lie in no village of the district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Unassigned {
    /// How many.
    pub(super) n_settlements: usize,
    /// Their people, as far as known.
    pub(super) people: People,
}

/// A settlement that lies in no village of the district.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UnassignedSettlement {
    /// Its key.
    pub(super) key: String,
    /// Its name, where it has one.
    pub(super) name: Option<String>,
    /// Its people; none is unknown.
    pub(super) people: Option<People>,
    /// Where it is.
    pub(super) place: LonLat,
}

/// Everybody of the district, at points.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Demand {
    /// In order of village code.
    pub(super) villages: Vec<VillagePeople>,
    /// In order of village, then key.
    pub(super) points: Vec<DemandPoint>,
    /// Who is in no village.
    pub(super) unassigned: Unassigned,
    /// The same one by one, in order of key.
    pub(super) unassigned_settlements: Vec<UnassignedSettlement>,
}

impl Demand {
    /// Puts the people of every village at its settlements, or at its surface point where it has none.
    ///
    /// An official total is shared in proportion to the settlements' people; without one, the sum of the
    /// settlements is the total; without either, people are unknown and each point still stands.
    pub(super) fn new(
        mut villages: Vec<VillageInput>,
        mut settlements: Vec<SettlementInput>,
    ) -> Self {
        villages.sort_by(|a, b| a.code.cmp(&b.code));
        settlements.sort_by(|a, b| a.key.cmp(&b.key));
        let mut by_village: Vec<Vec<&SettlementInput>> = vec![Vec::new(); villages.len()];
        let mut unassigned = Unassigned::default();
        let mut unassigned_settlements = Vec::new();
        for settlement in &settlements {
            let position = settlement.village.as_ref().and_then(|code| {
                villages
                    .binary_search_by(|village| village.code.cmp(code))
                    .ok()
            });
            if let Some(village) = position {
                by_village[village].push(settlement);
            } else {
                unassigned.n_settlements += 1;
                unassigned.people += settlement.population.unwrap_or_default();
                unassigned_settlements.push(UnassignedSettlement {
                    key: settlement.key.clone(),
                    name: settlement.name.clone(),
                    people: settlement.population,
                    place: settlement.place,
                });
            }
        }
        let mut demand = Self {
            villages: Vec::new(),
            points: Vec::new(),
            unassigned,
            unassigned_settlements,
        };
        for (village, settlements) in villages.iter().zip(by_village) {
            demand.add_village(village, &settlements);
        }
        demand
    }

    fn add_village(&mut self, village: &VillageInput, settlements: &[&SettlementInput]) {
        let counted = settlements
            .iter()
            .filter_map(|settlement| settlement.population)
            .reduce(|a, b| a + b);
        let (people, source) = match (village.population, counted) {
            (Some(official), _) => (Some(official), PopulationSource::Official),
            (None, Some(counted)) => (Some(counted), PopulationSource::Settlements),
            (None, None) => (None, PopulationSource::None),
        };
        let position = self.villages.len();
        self.villages.push(VillagePeople {
            code: village.code.clone(),
            people,
            source,
        });
        if settlements.is_empty() {
            self.points.push(DemandPoint {
                key: village.code.as_str().to_owned(),
                village: position,
                place: village.inside,
                people,
            });
            return;
        }
        let weights: Vec<People> = settlements
            .iter()
            .map(|settlement| settlement.population.unwrap_or_default())
            .collect();
        let shares = people.map(|people| split_people(people, &weights));
        for (index, settlement) in settlements.iter().enumerate() {
            self.points.push(DemandPoint {
                key: settlement.key.clone(),
                village: position,
                place: settlement.place,
                people: shares.as_ref().map(|shares| shares[index]),
            });
        }
    }

    /// The source that most villages share, the better one on a tie: what a rule names for the whole.
    pub(super) fn population_source(&self) -> PopulationSource {
        let count = |source: PopulationSource| {
            self.villages
                .iter()
                .filter(|village| village.source == source)
                .count()
        };
        PopulationSource::ALL
            .iter()
            .copied()
            .rev()
            .max_by_key(|source| count(*source))
            .unwrap_or(PopulationSource::None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn village(code: &str, population: Option<i64>) -> VillageInput {
        VillageInput {
            code: VillageCode::parse(code).unwrap(),
            population: population.map(|people| People(people * 1000)),
            name: code.to_owned(),
            kecamatan: None,
            kecamatan_code: None,
            inside: LonLat::parse(102.5, -2.3).unwrap(),
        }
    }

    fn settlement(key: &str, code: Option<&str>, population: Option<i64>) -> SettlementInput {
        SettlementInput {
            key: key.to_owned(),
            name: None,
            village: code.map(|code| VillageCode::parse(code).unwrap()),
            population: population.map(|people| People(people * 1000)),
            place: LonLat::parse(102.6, -2.4).unwrap(),
        }
    }

    #[test]
    fn an_official_total_is_shared_exactly() {
        let villages = vec![village("99.01.01.2001", Some(100))];
        let settlements = (0..3)
            .map(|n| settlement(&format!("s{n}"), Some("99.01.01.2001"), Some(7)))
            .collect();
        let demand = Demand::new(villages, settlements);
        assert_eq!(demand.villages[0].source, PopulationSource::Official);
        assert_eq!(
            demand
                .points
                .iter()
                .filter_map(|point| point.people)
                .sum::<People>(),
            People(100_000)
        );
    }

    #[test]
    fn without_an_official_total_the_settlements_are_the_village() {
        let villages = vec![village("99.01.01.2001", None)];
        let settlements = vec![
            settlement("a", Some("99.01.01.2001"), Some(30)),
            settlement("b", Some("99.01.01.2001"), None),
            settlement("c", Some("99.01.01.2001"), Some(12)),
        ];
        let demand = Demand::new(villages, settlements);
        assert_eq!(demand.villages[0].people, Some(People((30 + 12) * 1000)));
        assert_eq!(demand.villages[0].source, PopulationSource::Settlements);
    }

    #[test]
    fn a_village_without_settlements_stands_at_its_surface_point() {
        let demand = Demand::new(vec![village("99.01.01.2001", None)], Vec::new());
        assert_eq!(demand.points.len(), 1);
        assert_eq!(demand.points[0].people, None);
        assert_eq!(demand.population_source(), PopulationSource::None);
    }

    #[test]
    fn a_settlement_in_no_village_is_counted_as_unassigned() {
        let demand = Demand::new(
            vec![village("99.01.01.2001", Some(5))],
            vec![settlement("far", None, Some(9))],
        );
        assert_eq!(
            demand.unassigned,
            Unassigned {
                n_settlements: 1,
                people: People(9000)
            }
        );
        assert_eq!(demand.points.len(), 1);
    }
}
