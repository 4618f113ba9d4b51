//! The trunk road, the primary roads, and the one-way pair that the trunk makes in the capital.

use super::figures::{Figures, Fraction};
use super::ground::Ground;
use super::road_plan::RoadPlan;
use super::search::{Spread, cheapest_way};
use crate::domain::RoadClass;

/// Cells along the trunk on either side of the middle of the one-way pair.
const HALF_PAIR: usize = 2;

/// Lays the trunk and the primary roads between their places, and the one-way pair.
pub(super) fn lay_arteries(plan: &mut RoadPlan, ground: &Ground, figures: &Figures) {
    let places = &figures.places;
    let trunk = way_through(ground, &places.trunk);
    let name = plan.name("Jalan Lintas Contoh".to_owned());
    plan.lay(ground, &trunk, RoadClass::Trunk, Some(name));
    for (number, stops) in places.primary.iter().enumerate() {
        let name = plan.name(format!("Jalan Provinsi Contoh {}", number + 1));
        plan.lay(
            ground,
            &way_through(ground, stops),
            RoadClass::Primary,
            Some(name),
        );
    }
    let capital = ground.land_near(places.capital);
    if let Some((trunk_part, street)) = one_way_pair(plan, ground, &trunk, capital) {
        let name = plan.name("Jalan Pasar Contoh".to_owned());
        plan.lay(ground, &street, RoadClass::Trunk, Some(name));
        plan.make_one_way(ground, &trunk_part);
        plan.make_one_way(ground, &street);
    }
}

fn way_through(ground: &Ground, stops: &[Fraction]) -> Vec<usize> {
    let stops: Vec<usize> = stops.iter().map(|stop| ground.land_near(*stop)).collect();
    let mut way = vec![stops[0]];
    for stop in &stops[1..] {
        let last = way[way.len() - 1];
        let spread = Spread::from(ground.lattice.n_cells(), [last], |cell| {
            ground.road_steps(cell)
        });
        let Some(mut leg) = spread.way_back(*stop) else {
            continue;
        };
        leg.pop();
        way.extend(leg.into_iter().rev());
    }
    way
}

/// A part of the trunk near the capital, and a street beside it back from its end to its start, both without bridges.
fn one_way_pair(
    plan: &RoadPlan,
    ground: &Ground,
    trunk: &[usize],
    capital: usize,
) -> Option<(Vec<usize>, Vec<usize>)> {
    let middle = trunk.iter().position(|cell| *cell == capital)?;
    let near = (0..8).flat_map(|shift| [middle + shift, middle.saturating_sub(shift)]);
    near.into_iter().find_map(|at| {
        let part = trunk.get(at.checked_sub(HALF_PAIR)?..=at + HALF_PAIR)?;
        let has_bridge = part.windows(2).any(|pair| {
            let side = ground.lattice.side_between(pair[0], pair[1]);
            side.is_none_or(|side| ground.is_river[side])
        });
        if has_bridge {
            return None;
        }
        let (start, end) = (part[0], part[part.len() - 1]);
        let street = street_beside(plan, ground, end, start)?;
        Some((part.to_vec(), street))
    })
}

/// A way between two cells that touches no road in between and crosses no river.
fn street_beside(plan: &RoadPlan, ground: &Ground, from: usize, to: usize) -> Option<Vec<usize>> {
    const LIMIT: u32 = 6_000;
    let steps = |cell: usize| {
        let mut steps = ground.dry_steps(cell);
        for (direction, step) in steps.iter_mut().enumerate() {
            let side = ground.lattice.side(cell, direction);
            *step = step.filter(|(next, _)| {
                let is_free = *next == to || !plan.passes(ground, *next);
                is_free && !ground.is_river[side] && !plan.steps.contains_key(&side)
            });
        }
        steps
    };
    cheapest_way(from, |cell| cell == to, LIMIT, steps).map(|(way, _)| way)
}
