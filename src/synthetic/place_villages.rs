//! Where the villages of a district are, invented or real, and which kecamatan each belongs to.

use geo::InteriorPoint;
use geo_types::MultiPolygon;

use super::figures::Figures;
use super::ground::Ground;
use super::kecamatan::group_villages;
use super::micro::Micro;
use super::random::{Random, seed_for};
use super::road_plan::RoadPlan;
use super::village_areas::{choose_seats, grow_villages, neighbours_of_villages};
use super::villages::{Villages, cells_by_village};

/// Invented villages: seats first, then areas around them.
pub(super) fn invent_villages(
    ground: &Ground,
    plan: &RoadPlan,
    figures: &Figures,
    n: usize,
    seed: u64,
) -> Villages {
    let capital = ground.land_near(figures.places.capital);
    let main = choose_seats(ground, plan, capital, n, seed);
    let of_cell = grow_villages(ground, &main, seed_for(seed, "villages"));
    gather_villages(ground, figures, of_cell, main, seed)
}

/// Real villages, the main settlement of each in a cell near a large road and out of the hills.
pub(super) fn real_villages(
    ground: &Ground,
    plan: &RoadPlan,
    figures: &Figures,
    of_cell: Vec<Option<usize>>,
    areas: &[MultiPolygon<f64>],
    seed: u64,
) -> Villages {
    let capital = ground.land_near(figures.places.capital);
    let from_road = ground.steps_from(plan.cells(ground));
    let mut random = Random::stream(seed, "seats");
    let cells = cells_by_village(&of_cell, areas.len());
    let main = cells.iter().enumerate().map(|(village, cells)| {
        if cells.contains(&capital) {
            return capital;
        }
        let rank = |cell: usize, chance: f64| {
            let edge = ground
                .lattice
                .neighbours(cell)
                .into_iter()
                .filter(|other| of_cell[*other] != Some(village))
                .count();
            let steps = f64::from(from_road.cost(cell).unwrap_or(0));
            steps + 6.0 * ground.hill[cell] + edge as f64 + 5.0 * chance
        };
        let ranked = cells.iter().filter(|cell| !ground.is_island[**cell]);
        ranked
            .map(|cell| (rank(*cell, random.unit()), *cell))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map_or_else(|| nearest_land(ground, &areas[village]), |(_, cell)| cell)
    });
    let main = main.collect();
    gather_villages(ground, figures, of_cell, main, seed)
}

/// The cell that a village without cells of its own shares with others.
fn nearest_land(ground: &Ground, area: &MultiPolygon<f64>) -> usize {
    let place = area
        .interior_point()
        .map(|point| Micro::from_degrees(point.0));
    place.map_or(ground.land[0], |place| {
        ground.land_near(ground.fraction(place))
    })
}

fn gather_villages(
    ground: &Ground,
    figures: &Figures,
    of_cell: Vec<Option<usize>>,
    main: Vec<usize>,
    seed: u64,
) -> Villages {
    let n_villages = main.len();
    // The village of the capital comes first in the grouping, whatever its position.
    let capital = ground.land_near(figures.places.capital);
    let of_capital = of_cell[capital].unwrap_or(0);
    let neighbours = neighbours_of_villages(ground, &of_cell, n_villages);
    let places: Vec<Micro> = main
        .iter()
        .map(|cell| ground.lattice.cells[*cell])
        .collect();
    let mut at_edge = vec![false; n_villages];
    for cell in ground.land.iter().filter(|cell| ground.is_coast(**cell)) {
        if let Some(village) = of_cell[*cell] {
            at_edge[village] = true;
        }
    }
    // Two digits of the code number the kecamatan.
    let n_kecamatan = figures
        .scaled(figures.district.n_kecamatan, n_villages)
        .min(99);
    Villages {
        cells: cells_by_village(&of_cell, n_villages),
        of_cell,
        grouping: group_villages(
            &neighbours,
            &places,
            &at_edge,
            of_capital,
            n_kecamatan,
            seed,
        ),
        main,
        neighbours,
    }
}
