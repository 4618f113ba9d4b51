//! Rivers: along the sides of cells, from the hills to the edge, with an island in the main one.

use std::collections::BTreeSet;

use super::figures::Figures;
use super::ground::Ground;
use super::lattice::Lattice;
use super::micro::whole;
use super::noise::valleys;
use super::random::{Random, seed_for, unit_at};
use super::search::{Spread, Steps};

/// Each course as a list of corners, no side twice.
pub(super) struct Rivers {
    pub courses: Vec<Vec<usize>>,
    /// The cell in the middle of the island, where the land has room for one.
    pub island: Option<usize>,
}

/// Tributaries start at least this many corners from any other river, about six kilometres.
const BETWEEN_RIVERS: usize = 20;

/// Draws the rivers and marks them on the ground.
pub(super) fn draw_rivers(ground: &mut Ground, figures: &Figures, n: usize, seed: u64) -> Rivers {
    let cost = river_costs(ground, seed_for(seed, "rivers"));
    let mut courses = Vec::new();
    if let Some(main) = main_river(ground, figures, &cost) {
        mark(ground, &main);
        courses.push(main);
    }
    let island = courses.first().and_then(|main| island_by(ground, main));
    if let Some(centre) = island {
        courses.extend(river_around(ground, centre));
        for course in &courses[1..] {
            mark(ground, course);
        }
    }
    let tributaries = tributaries(ground, &courses, &cost, n, seed);
    courses.extend(tributaries);
    Rivers { courses, island }
}

/// What it costs a river to pass a corner.
fn river_costs(ground: &Ground, seed: u64) -> Vec<u32> {
    let corners = ground.lattice.corners.iter();
    let costs = corners.map(|place| {
        let valley = valleys(seed, *place, 3_800.0);
        let bend = valleys(seed ^ 1, *place, 1_700.0);
        let stones = unit_at(seed, place.x, place.y);
        whole(6.0 + 320.0 * valley + 220.0 * bend + 40.0 * stones)
    });
    costs.collect()
}

/// Where a river may flow on from a corner: along sides with land on both banks.
fn river_steps(ground: &Ground, cost: &[u32], corner: usize) -> Steps {
    let lattice = &ground.lattice;
    let mut steps = [None; 6];
    if !lattice.is_inner(corner / 2) {
        return steps;
    }
    for (step, (side, end)) in steps.iter_mut().zip(lattice.corner_sides(corner)) {
        let mut banks = lattice.side_cells(side).into_iter();
        if banks.all(|cell| ground.is_land[cell] && !ground.is_island[cell]) {
            *step = Some((end, cost[corner] + cost[end]));
        }
    }
    steps
}

fn main_river(ground: &Ground, figures: &Figures, cost: &[u32]) -> Option<Vec<usize>> {
    let lattice = &ground.lattice;
    let stops: Vec<usize> = figures
        .places
        .river
        .iter()
        .map(|place| ground.land_near(*place))
        .collect();
    let mut course = vec![inner_corner(ground, stops[0])?];
    let (last, through) = stops[1..].split_last()?;
    for stop in through {
        let spread = search(ground, cost, [course[course.len() - 1]]);
        let mut way = spread.way_back(inner_corner(ground, *stop)?)?;
        way.pop();
        course.extend(way.into_iter().rev());
    }
    let spread = search(ground, cost, [course[course.len() - 1]]);
    let outlet = outlet_near(ground, *last, &spread)?;
    let mut way = spread.way_back(outlet)?;
    way.pop();
    course.extend(way.into_iter().rev());
    Some(without_loops(lattice, course))
}

fn search(ground: &Ground, cost: &[u32], sources: impl IntoIterator<Item = usize>) -> Spread {
    Spread::from(ground.lattice.n_corners(), sources, |corner| {
        river_steps(ground, cost, corner)
    })
}

/// A corner of a cell with land all around it.
fn inner_corner(ground: &Ground, cell: usize) -> Option<usize> {
    let lattice = &ground.lattice;
    lattice.cell_corners(cell).into_iter().find(|corner| {
        let mut around = lattice.corner_cells(*corner).into_iter();
        around.all(|other| ground.is_land[other])
    })
}

/// The corner at the edge of the land, nearest to a cell, that the river reaches.
fn outlet_near(ground: &Ground, cell: usize, reached: &Spread) -> Option<usize> {
    let lattice = &ground.lattice;
    let goal = lattice.cells[cell];
    let at_edge = ground
        .land
        .iter()
        .filter(|other| ground.is_coast(**other))
        .flat_map(|other| lattice.cell_corners(*other))
        .filter(|corner| reached.cost(*corner).is_some())
        .filter(|corner| {
            let mut around = lattice.corner_cells(*corner).into_iter();
            around.any(|each| !ground.is_land[each])
        });
    at_edge.min_by(|a, b| {
        let distance = |corner: usize| lattice.corners[corner].distance_m(goal);
        distance(*a).total_cmp(&distance(*b)).then(a.cmp(b))
    })
}

/// The course with every detour cut off that returns to where it was before.
fn without_loops(lattice: &Lattice, course: Vec<usize>) -> Vec<usize> {
    let mut position: Vec<Option<usize>> = vec![None; lattice.n_corners()];
    let mut kept: Vec<usize> = Vec::new();
    for corner in course {
        if let Some(first) = position[corner] {
            for dropped in kept.drain(first + 1..) {
                position[dropped] = None;
            }
        } else {
            position[corner] = Some(kept.len());
            kept.push(corner);
        }
    }
    kept
}

fn mark(ground: &mut Ground, course: &[usize]) {
    for pair in course.windows(2) {
        let side = ground
            .lattice
            .corner_sides(pair[0])
            .into_iter()
            .find(|(_, end)| *end == pair[1]);
        if let Some((side, _)) = side {
            ground.is_river[side] = true;
        }
    }
}

/// A cell that, with the six around it, touches the lower main river and nothing else; marks them as the island.
fn island_by(ground: &mut Ground, main: &[usize]) -> Option<usize> {
    let lattice = &ground.lattice;
    // From three fifths of the way down the river, and before its end.
    let lower = &main[main.len() * 3 / 5..main.len() * 19 / 20];
    let banks = lower
        .iter()
        .flat_map(|corner| lattice.corner_cells(*corner));
    let beyond_banks = banks.flat_map(|cell| lattice.neighbours(cell));
    let centre = beyond_banks.into_iter().find(|centre| {
        let flower = flower(lattice, *centre);
        let is_dry = |cell: usize| {
            ground.is_land[cell] && !ground.is_coast(cell) && {
                let mut sides = (0..6).map(|direction| lattice.side(cell, direction));
                cell != *centre || sides.all(|side| !ground.is_river[side])
            }
        };
        let is_whole = (0..6).all(|direction| {
            let (one, next) = (flower[1 + direction], flower[1 + (direction + 1) % 6]);
            lattice
                .side_between(one, next)
                .is_some_and(|side| !ground.is_river[side])
        });
        let shore = shore(lattice, *centre);
        let n_river = shore
            .iter()
            .filter(|(side, _)| ground.is_river[*side])
            .count();
        flower.into_iter().all(is_dry) && is_whole && 3 <= n_river
    })?;
    for cell in flower(&ground.lattice, centre) {
        ground.is_island[cell] = true;
    }
    Some(centre)
}

/// A cell and the six around it, the cell first.
fn flower(lattice: &Lattice, centre: usize) -> Vec<usize> {
    let mut flower = vec![centre];
    flower.extend(lattice.neighbours(centre));
    flower
}

/// The sides around a flower in order, each with the corner that it starts from.
fn shore(lattice: &Lattice, centre: usize) -> Vec<(usize, usize)> {
    let mut shore = Vec::new();
    for direction in 0..6 {
        let petal = lattice.neighbour(centre, direction);
        // Of a petal's six sides three look outwards: those around its own direction.
        for outward in [direction + 5, direction, direction + 1] {
            let outward = outward % 6;
            let from = lattice.corner(petal, (outward + 5) % 6);
            shore.push((lattice.side(petal, outward), from));
        }
    }
    shore
}

/// The arms that close the river around the island: the shore where the main river does not run.
fn river_around(ground: &Ground, centre: usize) -> Vec<Vec<usize>> {
    let shore = shore(&ground.lattice, centre);
    let n = shore.len();
    let starts = (0..n).filter(|at| {
        let before = shore[(at + n - 1) % n].0;
        ground.is_river[before] && !ground.is_river[shore[*at].0]
    });
    starts
        .map(|start| {
            let mut arm = vec![shore[start].1];
            let mut at = start;
            while !ground.is_river[shore[at % n].0] {
                at += 1;
                arm.push(shore[at % n].1);
            }
            arm
        })
        .collect()
}

/// Tributaries, each from where no river is near down to the nearest river.
fn tributaries(
    ground: &mut Ground,
    rivers: &[Vec<usize>],
    cost: &[u32],
    n: usize,
    seed: u64,
) -> Vec<Vec<usize>> {
    let downstream = search(ground, cost, rivers.iter().flatten().copied());
    let mut is_taken = vec![false; ground.lattice.n_corners()];
    for corner in rivers.iter().flatten() {
        is_taken[*corner] = true;
    }
    let mut sources = ground.land.clone();
    Random::stream(seed, "tributaries").shuffle(&mut sources);
    let mut courses: Vec<Vec<usize>> = Vec::new();
    let mut is_near = vec![false; ground.lattice.n_corners()];
    for course in rivers {
        mark_near(&ground.lattice, course, &mut is_near);
    }
    for cell in sources {
        if courses.len() == n {
            break;
        }
        let corner = ground.lattice.corner(cell, 0);
        if is_near[corner] {
            continue;
        }
        let Some(way) = downstream.way_back(corner) else {
            continue;
        };
        let mouth = way.iter().position(|corner| is_taken[*corner]);
        let course = way[..=mouth.unwrap_or(way.len() - 1)].to_vec();
        for corner in &course {
            is_taken[*corner] = true;
        }
        mark(ground, &course);
        mark_near(&ground.lattice, &course, &mut is_near);
        courses.push(course);
    }
    courses
}

/// Marks the corners within [`BETWEEN_RIVERS`] of a course.
fn mark_near(lattice: &Lattice, course: &[usize], is_near: &mut [bool]) {
    let mut seen: BTreeSet<usize> = course.iter().copied().collect();
    let mut rim = course.to_vec();
    for _ in 0..BETWEEN_RIVERS {
        let around = rim
            .iter()
            .filter(|corner| lattice.is_inner(**corner / 2))
            .flat_map(|corner| lattice.corner_sides(*corner));
        let next: BTreeSet<usize> = around.map(|(_, end)| end).collect();
        rim = next.difference(&seen).copied().collect();
        seen.extend(&rim);
    }
    for corner in seen {
        is_near[corner] = true;
    }
}
