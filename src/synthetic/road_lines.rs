//! Draws the planned roads as lines that meet in shared vertices, split at junctions and bridges.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::Ground;
use super::micro::{Micro, turn};
use super::road_plan::{RoadPlan, Step};
use crate::domain::{CrossingKind, OneWay};

/// A road segment without its attributes.
pub(super) struct RoadLine {
    pub step: Step,
    pub one_way: OneWay,
    /// What it is where it passes a river; none elsewhere.
    pub crossing: Option<CrossingKind>,
    pub line: Vec<Micro>,
    /// Number of the stretch between two junctions that it belongs to.
    pub stretch: usize,
}

/// Length of road on either bank that belongs to a crossing.
const BANK_M: f64 = 30.0;

/// Road segments in order of their first cell, and where they pass rivers.
pub(super) fn draw_lines(
    plan: &RoadPlan,
    ground: &Ground,
    vertices: &Vertices,
) -> (Vec<RoadLine>, Vec<(Micro, CrossingKind)>) {
    let mut lines = Vec::new();
    let mut crossings = Vec::new();
    for (stretch, way) in stretches(plan, ground).into_iter().enumerate() {
        let mut drawn = Drawn {
            stretch,
            line: vec![vertices.cells[&way[0]]],
            lines: &mut lines,
        };
        let mut last = None;
        for pair in way.windows(2) {
            let Some((side, step)) = step_between(plan, ground, pair[0], pair[1]) else {
                continue;
            };
            let one_way = direction(step, pair[0]);
            let (from, at, to) = (
                vertices.cells[&pair[0]],
                vertices.sides[&side],
                vertices.cells[&pair[1]],
            );
            if let Some(kind) = step.crossing {
                let (before, after) = (bank(at, from), bank(at, to));
                drawn.line.push(before);
                drawn.finish(step, one_way, None);
                drawn.line = vec![before, at, after];
                drawn.finish(step, one_way, Some(kind));
                drawn.line = vec![after, to];
                crossings.push((at, kind));
            } else {
                drawn.line.extend([at, to]);
            }
            last = Some((step, one_way));
        }
        if let Some((step, one_way)) = last {
            drawn.finish(step, one_way, None);
        }
    }
    (lines, crossings)
}

/// The line that is being drawn, and those that are done.
struct Drawn<'a> {
    stretch: usize,
    line: Vec<Micro>,
    lines: &'a mut Vec<RoadLine>,
}

impl Drawn<'_> {
    fn finish(&mut self, step: Step, one_way: OneWay, crossing: Option<CrossingKind>) {
        let mut line = std::mem::take(&mut self.line);
        line.dedup();
        self.lines.push(RoadLine {
            step,
            one_way,
            crossing,
            line,
            stretch: self.stretch,
        });
    }
}

/// The place on a bank: 30 m from the middle of the river, or two fifths of the way where the next vertex is nearer.
fn bank(river: Micro, inland: Micro) -> Micro {
    let fraction = (BANK_M / river.distance_m(inland).max(1.0)).min(0.4);
    river.towards(inland, fraction)
}

fn direction(step: Step, from: usize) -> OneWay {
    match step.one_way_from {
        None => OneWay::No,
        Some(start) if start == from => OneWay::Forward,
        Some(_) => OneWay::Backward,
    }
}

fn step_between(plan: &RoadPlan, ground: &Ground, a: usize, b: usize) -> Option<(usize, Step)> {
    let side = ground.lattice.side_between(a, b)?;
    Some((side, *plan.steps.get(&side)?))
}

/// The cells that a road leads to from a cell, with the steps.
fn roads_from(plan: &RoadPlan, ground: &Ground, cell: usize) -> Vec<(usize, Step)> {
    let around = ground.lattice.neighbours(cell).into_iter();
    around
        .filter_map(|other| Some((other, step_between(plan, ground, cell, other)?.1)))
        .collect()
}

/// Whether a road segment ends in a cell: at a junction, a dead end, or where the road changes.
fn is_end(plan: &RoadPlan, ground: &Ground, cell: usize) -> bool {
    match roads_from(plan, ground, cell)[..] {
        [(_, one), (_, other)] => {
            let kind = |step: Step| (step.class, step.name, step.one_way_from.is_some());
            kind(one) != kind(other)
        }
        _ => true,
    }
}

/// Every step once, in ways from one end to the next; then the rings that have no end.
fn stretches(plan: &RoadPlan, ground: &Ground) -> Vec<Vec<usize>> {
    let cells = plan.cells(ground);
    let ends: BTreeSet<usize> = cells
        .iter()
        .copied()
        .filter(|cell| is_end(plan, ground, *cell))
        .collect();
    let mut drawn: BTreeSet<usize> = BTreeSet::new();
    let mut stretches = Vec::new();
    for first in ends.iter().chain(&cells) {
        for (next, _) in roads_from(plan, ground, *first) {
            let mut way = vec![*first];
            let mut at = Some(next);
            while let Some(cell) = at {
                let last = way[way.len() - 1];
                let is_new = ground
                    .lattice
                    .side_between(last, cell)
                    .is_some_and(|side| drawn.insert(side));
                if !is_new {
                    break;
                }
                way.push(cell);
                let mut onwards = roads_from(plan, ground, cell).into_iter();
                at = (!ends.contains(&cell))
                    .then(|| onwards.find(|(other, _)| *other != last))
                    .flatten()
                    .map(|(other, _)| other);
            }
            if 1 < way.len() {
                stretches.push(way);
            }
        }
    }
    stretches
}

/// Where roads pass cells and sides.
pub(super) struct Vertices {
    pub cells: BTreeMap<usize, Micro>,
    sides: BTreeMap<usize, Micro>,
}

impl Vertices {
    /// Vertices that make each road as straight as the cells it passes allow, found in two rounds.
    pub(super) fn new(plan: &RoadPlan, ground: &Ground) -> Self {
        let lattice = &ground.lattice;
        let mut vertices = Self {
            cells: BTreeMap::new(),
            sides: BTreeMap::new(),
        };
        for side in plan.steps.keys() {
            let [a, b] = lattice
                .side_corners(*side)
                .map(|corner| lattice.corners[corner]);
            vertices.sides.insert(*side, a.towards(b, 0.5));
        }
        let cells = plan.cells(ground);
        vertices.place_in_cells(plan, ground, &cells);
        for side in plan.steps.keys() {
            let straight = vertices.straight_through(ground, *side);
            vertices.sides.insert(*side, straight);
        }
        vertices.place_in_cells(plan, ground, &cells);
        vertices
    }

    /// In each cell the middle of where its roads enter it, or the last place towards it that sees all of them.
    fn place_in_cells(&mut self, plan: &RoadPlan, ground: &Ground, cells: &[usize]) {
        for cell in cells {
            let sides = (0..6).map(|direction| ground.lattice.side(*cell, direction));
            let entries: Vec<Micro> = sides
                .filter(|side| plan.steps.contains_key(side))
                .map(|side| self.sides[&side])
                .collect();
            let place = if entries.len() < 2 {
                ground.lattice.cells[*cell]
            } else {
                let n = entries.len() as f64;
                let goal = Micro::rounded(
                    entries.iter().map(|entry| entry.x as f64).sum::<f64>() / n,
                    entries.iter().map(|entry| entry.y as f64).sum::<f64>() / n,
                );
                ground.lattice.visible_towards(*cell, goal)
            };
            self.cells.insert(*cell, place);
        }
    }

    /// Where a line between the vertices on both sides passes a side, kept off the corners.
    fn straight_through(&self, ground: &Ground, side: usize) -> Micro {
        let lattice = &ground.lattice;
        let [a, b] = lattice
            .side_corners(side)
            .map(|corner| lattice.corners[corner]);
        let [from, to] = lattice.side_cells(side).map(|cell| self.cells[&cell]);
        let (of_a, of_b) = (turn(from, to, a), turn(from, to, b));
        let fraction = if of_a == of_b {
            0.5
        } else {
            of_a as f64 / (of_a - of_b) as f64
        };
        a.towards(b, fraction.clamp(0.2, 0.8))
    }
}
