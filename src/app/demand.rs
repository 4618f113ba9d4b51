//! Where the people of each village are: its settlements, else cells of a raster, else one point on its surface.

use crate::access::split_people;
use crate::domain::{LonLat, Origins, People, PopulationSource, VillageCode};
use crate::store::{CellInput, SettlementInput, VillageInput};

/// What the area of a cell is divided into, to be shared in whole numbers.
const SHARES_OF_A_CELL: f64 = 1e9;

/// A point whose people travel.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DemandPoint {
    /// The settlement's key; of a cell its key, with the village's code where it has several parts; else the village's.
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
    /// What its points are.
    pub(super) origin: Origin,
}

/// What the points of a village are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Its settlements.
    Settlements,
    /// Cells of a raster, or parts of them.
    Cells,
    /// One point on its surface.
    Surface,
}

/// Who lies in no village of the district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Unassigned {
    /// Number of settlements.
    pub(super) n_settlements: usize,
    /// Their people, as far as known.
    pub(super) people: People,
    /// People of cells, or of parts of cells.
    pub(super) cell_people: People,
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
    /// Puts the people of every village at its settlements, else at the cells in it, else at its surface point.
    ///
    /// An official total is shared in proportion to the people of settlements or cells; without one, their sum is the
    /// total; without either, people are unknown and each point still stands.
    pub(super) fn new(
        mut villages: Vec<VillageInput>,
        mut settlements: Vec<SettlementInput>,
        cells: &[CellInput],
    ) -> Self {
        villages.sort_by(|a, b| a.code.cmp(&b.code));
        settlements.sort_by(|a, b| a.key.cmp(&b.key));
        let mut by_village: Vec<Vec<Spot>> = vec![Vec::new(); villages.len()];
        let mut demand = Self {
            villages: Vec::new(),
            points: Vec::new(),
            unassigned: Unassigned::default(),
            unassigned_settlements: Vec::new(),
        };
        for settlement in settlements {
            match position(&villages, settlement.village.as_ref()) {
                Some(village) => by_village[village].push(Spot {
                    key: settlement.key,
                    people: settlement.population,
                    place: settlement.place,
                }),
                None => demand.leave_out(settlement),
            }
        }
        let mut parts_by_village: Vec<Vec<Spot>> = vec![Vec::new(); villages.len()];
        for cell in cells {
            let (parts, outside) = apportioned(cell);
            demand.unassigned.cell_people += outside;
            for (code, part) in parts {
                match position(&villages, Some(code)) {
                    Some(village) => parts_by_village[village].push(part),
                    None => demand.unassigned.cell_people += part.people.unwrap_or_default(),
                }
            }
        }
        for ((village, settlements), parts) in
            villages.into_iter().zip(by_village).zip(parts_by_village)
        {
            demand.add_village(village, settlements, parts);
        }
        demand
    }

    fn leave_out(&mut self, settlement: SettlementInput) {
        self.unassigned.n_settlements += 1;
        self.unassigned.people += settlement.population.unwrap_or_default();
        self.unassigned_settlements.push(UnassignedSettlement {
            key: settlement.key,
            name: settlement.name,
            people: settlement.population,
            place: settlement.place,
        });
    }

    fn add_village(&mut self, village: VillageInput, settlements: Vec<Spot>, cells: Vec<Spot>) {
        let (origin, places) = if !settlements.is_empty() {
            (Origin::Settlements, settlements)
        } else if !cells.is_empty() {
            (Origin::Cells, cells)
        } else {
            (Origin::Surface, Vec::new())
        };
        let counted = places
            .iter()
            .filter_map(|place| place.people)
            .reduce(|a, b| a + b);
        let (people, source) = match (village.population, counted, origin) {
            (Some(official), _, _) => (Some(official), PopulationSource::Official),
            (None, Some(counted), Origin::Cells) => (Some(counted), PopulationSource::Raster),
            (None, Some(counted), _) => (Some(counted), PopulationSource::Settlements),
            (None, None, _) => (None, PopulationSource::None),
        };
        let position = self.villages.len();
        if places.is_empty() {
            self.points.push(DemandPoint {
                key: village.code.as_str().to_owned(),
                village: position,
                place: village.inside,
                people,
            });
        }
        let weights: Vec<People> = places
            .iter()
            .map(|place| place.people.unwrap_or_default())
            .collect();
        let shares = people.map(|people| split_people(people, &weights));
        for (index, place) in places.into_iter().enumerate() {
            self.points.push(DemandPoint {
                key: place.key,
                village: position,
                place: place.place,
                people: shares.as_ref().map(|shares| shares[index]),
            });
        }
        self.villages.push(VillagePeople {
            code: village.code,
            people,
            source,
            origin,
        });
    }

    /// From what people set out, where some do so from cells.
    pub(super) fn origins(&self) -> Option<Origins> {
        let mut origins = Origins::default();
        for village in &self.villages {
            match village.origin {
                Origin::Settlements => origins.settlements += 1,
                Origin::Cells => origins.cells += 1,
                Origin::Surface => origins.surface += 1,
            }
        }
        (0 < origins.cells).then_some(origins)
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

/// A settlement, or what of a cell lies in a village.
#[derive(Debug, Clone, PartialEq)]
struct Spot {
    key: String,
    people: Option<People>,
    place: LonLat,
}

fn position(villages: &[VillageInput], code: Option<&VillageCode>) -> Option<usize> {
    let code = code?;
    villages
        .binary_search_by(|village| village.code.cmp(code))
        .ok()
}

/// The people of a cell, shared by area among the villages that it touches, and those who are in none.
///
/// Together they are the people of the cell exactly. Where villages overlap, they share what is in both.
/// Parts in which nobody is left by the rounding to thousandths are left out.
fn apportioned(cell: &CellInput) -> (Vec<(&VillageCode, Spot)>, People) {
    let mut weights: Vec<People> = cell.parts.iter().map(|part| weight(part.share)).collect();
    let inside: People = weights.iter().copied().sum();
    weights.push(People((weight(1.0).0 - inside.0).max(0)));
    let mut shares = split_people(cell.population, &weights);
    let outside = shares.pop().unwrap_or_default();
    let is_whole = cell.parts.len() == 1;
    let parts = cell.parts.iter().zip(shares).map(|(part, people)| {
        let key = if is_whole {
            cell.key.clone()
        } else {
            format!("{}:{}", cell.key, part.village.as_str())
        };
        let place = Spot {
            key,
            people: Some(people),
            place: part.place,
        };
        (&part.village, place)
    });
    let parts = parts.filter(|(_, part)| part.people != Some(People::ZERO));
    (parts.collect(), outside)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share is at most one, so this is at most a milliard"
)]
fn weight(share: f64) -> People {
    People((share.clamp(0.0, 1.0) * SHARES_OF_A_CELL).round() as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::CellPart;

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
        let demand = Demand::new(villages, settlements, &[]);
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
        let demand = Demand::new(villages, settlements, &[]);
        assert_eq!(demand.villages[0].people, Some(People((30 + 12) * 1000)));
        assert_eq!(demand.villages[0].source, PopulationSource::Settlements);
    }

    #[test]
    fn a_village_without_settlements_stands_at_its_surface_point() {
        let demand = Demand::new(vec![village("99.01.01.2001", None)], Vec::new(), &[]);
        assert_eq!(demand.points.len(), 1);
        assert_eq!(demand.points[0].people, None);
        assert_eq!(demand.population_source(), PopulationSource::None);
    }

    #[test]
    fn a_settlement_in_no_village_is_counted_as_unassigned() {
        let demand = Demand::new(
            vec![village("99.01.01.2001", Some(5))],
            vec![settlement("far", None, Some(9))],
            &[],
        );
        assert_eq!(
            demand.unassigned,
            Unassigned {
                n_settlements: 1,
                people: People(9000),
                cell_people: People::ZERO,
            }
        );
        assert_eq!(demand.points.len(), 1);
    }

    const LEFT: &str = "99.01.01.2001";
    const RIGHT: &str = "99.01.01.2002";

    fn cell(key: &str, thousandths: i64, parts: &[(&str, f64)]) -> CellInput {
        CellInput {
            key: key.to_owned(),
            population: People(thousandths),
            parts: parts
                .iter()
                .map(|(code, share)| CellPart {
                    village: VillageCode::parse(code).unwrap(),
                    share: *share,
                    place: LonLat::parse(102.5, -2.3).unwrap(),
                })
                .collect(),
        }
    }

    fn places(demand: &Demand) -> Vec<(&str, usize, Option<People>)> {
        let points = demand.points.iter();
        points
            .map(|point| (point.key.as_str(), point.village, point.people))
            .collect()
    }

    #[test]
    fn a_cell_on_a_border_is_shared_by_area() {
        let villages = vec![village(LEFT, None), village(RIGHT, None)];
        let cells = [cell("c", 10_001, &[(LEFT, 0.25), (RIGHT, 0.75)])];
        let demand = Demand::new(villages, Vec::new(), &cells);
        // A quarter of 10,001 is 2,500.25, three quarters 7,500.75: the one left goes to the larger remainder.
        assert_eq!(
            places(&demand),
            [
                ("c:99.01.01.2001", 0, Some(People(2_500))),
                ("c:99.01.01.2002", 1, Some(People(7_501))),
            ]
        );
        assert_eq!(demand.villages[0].source, PopulationSource::Raster);
        assert_eq!(demand.population_source(), PopulationSource::Raster);
        let origins = Origins {
            cells: 2,
            ..Origins::default()
        };
        assert_eq!(demand.origins(), Some(origins));
    }

    #[test]
    fn what_of_a_cell_is_outside_the_district_is_unassigned() {
        let cells = [cell("half", 8_000, &[(LEFT, 0.5)]), cell("far", 3_000, &[])];
        let demand = Demand::new(vec![village(LEFT, None)], Vec::new(), &cells);
        assert_eq!(places(&demand), [("half", 0, Some(People(4_000)))]);
        assert_eq!(demand.unassigned.cell_people, People(4_000 + 3_000));
        assert_eq!(demand.unassigned.n_settlements, 0);
    }

    #[test]
    fn an_official_total_rescales_the_cells_exactly() {
        let villages = vec![village(LEFT, Some(100))];
        let cells: Vec<CellInput> = ["a", "b", "c"]
            .map(|key| cell(key, 7_000, &[(LEFT, 1.0)]))
            .into();
        let demand = Demand::new(villages, Vec::new(), &cells);
        // A third of 100,000 thousandths each, the one left to the first.
        let thirds = [33_334, 33_333, 33_333].map(|people| Some(People(people)));
        let people: Vec<_> = demand.points.iter().map(|point| point.people).collect();
        assert_eq!(people, thirds);
        assert_eq!(demand.villages[0].source, PopulationSource::Official);
    }

    #[test]
    fn settlements_go_before_cells_and_cells_before_the_surface() {
        let villages = vec![
            village(LEFT, Some(9)),
            village(RIGHT, Some(9)),
            village("99.01.01.2003", Some(9)),
        ];
        let settlements = vec![settlement("s", Some(LEFT), Some(4))];
        let cells = [cell("c", 10_000, &[(LEFT, 0.5), (RIGHT, 0.5)])];
        let demand = Demand::new(villages, settlements, &cells);
        let all = Some(People(9_000));
        assert_eq!(
            places(&demand),
            [
                ("s", 0, all),
                ("c:99.01.01.2002", 1, all),
                ("99.01.01.2003", 2, all)
            ]
        );
        let origins = Origins {
            settlements: 1,
            cells: 1,
            surface: 1,
        };
        assert_eq!(demand.origins(), Some(origins));
    }

    #[test]
    fn without_cells_nothing_is_said_of_origins() {
        let demand = Demand::new(vec![village(LEFT, Some(9))], Vec::new(), &[]);
        assert_eq!(demand.origins(), None);
    }

    #[test]
    fn where_villages_overlap_they_share_and_nobody_is_counted_twice() {
        let villages = vec![village(LEFT, None), village(RIGHT, None)];
        let cells = [cell("c", 9_000, &[(LEFT, 1.0), (RIGHT, 0.5)])];
        let demand = Demand::new(villages, Vec::new(), &cells);
        let people: Vec<_> = demand.points.iter().map(|point| point.people).collect();
        assert_eq!(people, [Some(People(6_000)), Some(People(3_000))]);
        assert_eq!(demand.unassigned.cell_people, People::ZERO);
    }

    proptest! {
        #[test]
        fn no_cell_loses_or_gains_anybody(
            cells in prop::collection::vec(
                (1..10_000_000_i64, prop::collection::vec(0.0..1.0_f64, 0..5)),
                0..30,
            )
        ) {
            let codes = [LEFT, RIGHT, "99.01.01.2003", "99.01.01.2004", "99.01.01.2005"];
            // The last village is a neighbour's.
            let villages = codes[..4].iter().map(|code| village(code, None)).collect();
            let cells: Vec<CellInput> = cells
                .iter()
                .enumerate()
                .map(|(number, (people, shares))| {
                    let parts: Vec<_> = codes.iter().copied().zip(shares.iter().copied()).collect();
                    cell(&number.to_string(), *people, &parts)
                })
                .collect();
            let demand = Demand::new(villages, Vec::new(), &cells);
            let placed: People = demand.points.iter().filter_map(|point| point.people).sum();
            let all: People = cells.iter().map(|cell| cell.population).sum();
            prop_assert_eq!(placed + demand.unassigned.cell_people, all);
            let of_villages: People = demand.villages.iter().filter_map(|each| each.people).sum();
            prop_assert_eq!(of_villages, placed);
        }
    }
}
