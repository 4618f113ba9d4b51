//! Which sides of the lattice roads pass through, and what kind of road each is.

use std::collections::BTreeMap;

use super::ground::Ground;
use super::search::Steps;
use crate::domain::{CrossingKind, RoadClass};

/// One step of a road, from the cell on one side to the cell on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub class: RoadClass,
    /// Position of its name in the plan's list.
    pub name: Option<usize>,
    /// The cell that vehicles come from; none where they go both ways.
    pub one_way_from: Option<usize>,
    /// How it passes the river, where one runs along the side.
    pub crossing: Option<CrossingKind>,
}

/// Every step of every road, by side.
#[derive(Default)]
pub(super) struct RoadPlan {
    pub steps: BTreeMap<usize, Step>,
    pub names: Vec<String>,
}

impl RoadPlan {
    /// Makes a name known and gives its position.
    pub(super) fn name(&mut self, name: String) -> usize {
        self.names.push(name);
        self.names.len() - 1
    }

    /// Lays a road along a way of cells; steps that are there already stay, or get the better class.
    pub(super) fn lay(
        &mut self,
        ground: &Ground,
        way: &[usize],
        class: RoadClass,
        name: Option<usize>,
    ) {
        for pair in way.windows(2) {
            let Some(side) = ground.lattice.side_between(pair[0], pair[1]) else {
                continue;
            };
            let crossing = ground.is_river[side].then(|| usual_crossing(class));
            let step = Step {
                class,
                name,
                one_way_from: None,
                crossing,
            };
            let known = self.steps.entry(side).or_insert(step);
            if class < known.class {
                *known = step;
            }
        }
    }

    /// Makes the steps of a way one-way, in its direction.
    pub(super) fn make_one_way(&mut self, ground: &Ground, way: &[usize]) {
        for pair in way.windows(2) {
            let side = ground.lattice.side_between(pair[0], pair[1]);
            if let Some(step) = side.and_then(|side| self.steps.get_mut(&side)) {
                step.one_way_from = Some(pair[0]);
            }
        }
    }

    /// The cells that roads pass, in order.
    pub(super) fn cells(&self, ground: &Ground) -> Vec<usize> {
        let sides = self.steps.keys();
        let mut cells: Vec<usize> = sides
            .flat_map(|side| ground.lattice.side_cells(*side))
            .collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    /// Whether a road passes a cell.
    pub(super) fn passes(&self, ground: &Ground, cell: usize) -> bool {
        (0..6).any(|direction| {
            let side = ground.lattice.side(cell, direction);
            self.steps.contains_key(&side)
        })
    }

    /// The steps from a cell along roads, at the cost that building them had without the bridges.
    pub(super) fn travel_steps(&self, ground: &Ground, cell: usize) -> Steps {
        let mut steps = [None; 6];
        for (direction, (step, built)) in steps.iter_mut().zip(ground.dry_steps(cell)).enumerate() {
            let side = ground.lattice.side(cell, direction);
            *step = built.filter(|_| self.steps.contains_key(&side));
        }
        steps
    }
}

/// How a road of a class passes a river where nothing else is planned.
fn usual_crossing(class: RoadClass) -> CrossingKind {
    if class == RoadClass::Track {
        CrossingKind::Ford
    } else {
        CrossingKind::Bridge
    }
}
