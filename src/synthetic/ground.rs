//! The ground that a district stands on: which cells are land, how hilly they are, where rivers run.

use super::figures::{Figures, Fraction};
use super::lattice::Lattice;
use super::micro::{Micro, PER_METRE, turn, whole};
use super::noise::{noise, valleys};
use super::random::{Random, seed_for, unit_at};
use super::search::{Spread, Steps};

/// Land, hills and rivers.
pub(super) struct Ground {
    pub lattice: Lattice,
    /// The cells that are land, in order.
    pub land: Vec<usize>,
    /// By cell.
    pub is_land: Vec<bool>,
    /// By cell: land that a river surrounds, without any road.
    pub is_island: Vec<bool>,
    /// By cell: 0 in the plain, 1 in the highest hills.
    pub hill: Vec<f64>,
    /// By side: whether a river runs along it.
    pub is_river: Vec<bool>,
    /// By cell: half of what a road pays for a step from or to it.
    roughness: Vec<u32>,
    low: Micro,
    high: Micro,
}

/// What a road pays for a bridge, in the cost of a step: about 400 for half a kilometre, 200 along a valley.
const BRIDGE_COST: u32 = 4_500;

impl Ground {
    /// Ground on the cells of a lattice that are land; rivers are still to come.
    pub(super) fn new(
        lattice: Lattice,
        is_land: Vec<bool>,
        bounds: (Micro, Micro),
        figures: &Figures,
        seed: u64,
    ) -> Self {
        let land = (0..is_land.len()).filter(|cell| is_land[*cell]).collect();
        let (n_cells, n_sides) = (lattice.n_cells(), lattice.n_sides());
        let mut ground = Self {
            land,
            is_land,
            is_island: vec![false; n_cells],
            hill: vec![0.0; n_cells],
            is_river: vec![false; n_sides],
            roughness: vec![0; n_cells],
            low: bounds.0,
            high: bounds.1,
            lattice,
        };
        ground.raise_hills(figures, seed_for(seed, "hills"));
        ground
    }

    fn raise_hills(&mut self, figures: &Figures, seed: u64) {
        let places = &figures.places;
        for cell in self.land.clone() {
            let centre = self.lattice.cells[cell];
            let [west, south] = self.fraction(centre);
            let (dx, dy) = (west - places.hills[0], south - places.hills[1]);
            let far = (dx * dx + dy * dy).sqrt() / places.hills_end;
            let uneven = noise(seed, centre, 14_000.0) - 0.5;
            let hill = (1.15 - far + 0.5 * uneven).clamp(0.0, 1.0);
            self.hill[cell] = hill;
            let valley = valleys(seed ^ 1, centre, 4_200.0);
            let bend = valleys(seed ^ 2, centre, 1_900.0);
            let stones = unit_at(seed, centre.x, centre.y);
            // From 10 to about 600: a road follows valleys far round, and so is never straight for long.
            self.roughness[cell] =
                whole(10.0 + 320.0 * valley + 180.0 * bend + 40.0 * stones + 100.0 * hill);
        }
    }

    /// A position as fractions of the bounds, from the west and from the south.
    pub(super) fn fraction(&self, place: Micro) -> Fraction {
        let along = |at: i64, low: i64, high: i64| (at - low) as f64 / (high - low).max(1) as f64;
        [
            along(place.x, self.low.x, self.high.x),
            along(place.y, self.low.y, self.high.y),
        ]
    }

    fn place_at(&self, fraction: Fraction) -> Micro {
        Micro {
            x: self.low.towards(self.high, fraction[0]).x,
            y: self.low.towards(self.high, fraction[1]).y,
        }
    }

    /// The land nearest to a place that is given as fractions of the bounds; the first cell on a tie.
    ///
    /// # Panics
    /// There is no land.
    pub(super) fn land_near(&self, fraction: Fraction) -> usize {
        let goal = self.place_at(fraction);
        self.land
            .iter()
            .copied()
            .min_by(|a, b| {
                let distance = |cell: usize| self.lattice.cells[cell].distance_m(goal);
                distance(*a).total_cmp(&distance(*b))
            })
            .expect("whoever makes ground checks that there is land")
    }

    /// Whether a cell lies at the edge of the land.
    pub(super) fn is_coast(&self, cell: usize) -> bool {
        let mut around = self.lattice.neighbours(cell).into_iter();
        around.any(|other| !self.is_land[other])
    }

    /// Where a road may go on from a cell, and what it costs to build.
    pub(super) fn road_steps(&self, cell: usize) -> Steps {
        let mut steps = self.dry_steps(cell);
        for (direction, step) in steps.iter_mut().enumerate() {
            let side = self.lattice.side(cell, direction);
            if let Some((_, cost)) = step.as_mut().filter(|_| self.is_river[side]) {
                *cost += BRIDGE_COST;
            }
        }
        steps
    }

    /// The same as if there were no rivers; nothing leads to the island.
    pub(super) fn dry_steps(&self, cell: usize) -> Steps {
        let mut steps = [None; 6];
        for (direction, step) in steps.iter_mut().enumerate() {
            let other = self.lattice.neighbour(cell, direction);
            if self.is_land[other] && !self.is_island[other] && !self.is_island[cell] {
                *step = Some((other, self.roughness[cell] + self.roughness[other]));
            }
        }
        steps
    }

    /// Number of steps from the nearest of several cells to every cell of land, rivers or not.
    pub(super) fn steps_from(&self, sources: impl IntoIterator<Item = usize>) -> Spread {
        Spread::from(self.lattice.n_cells(), sources, |cell| {
            let mut steps = [None; 6];
            for (direction, step) in steps.iter_mut().enumerate() {
                let other = self.lattice.neighbour(cell, direction);
                *step = self.is_land[other].then_some((other, 1));
            }
            steps
        })
    }

    /// A position in a cell between two distances from `near`, if the cell has room, on the same side of every river.
    pub(super) fn spot_near(
        &self,
        cell: usize,
        near: Micro,
        distance_m: [f64; 2],
        random: &mut Random,
    ) -> Micro {
        const TRIES: usize = 24;
        let reach = distance_m[1] * PER_METRE;
        for _ in 0..TRIES {
            let (dx, dy) = (random.between(-reach, reach), random.between(-reach, reach));
            let spot = Micro::rounded(near.x as f64 + dx, near.y as f64 + dy);
            let is_far_enough = distance_m[0] <= spot.distance_m(near);
            if is_far_enough && self.lattice.sees_whole_cell(cell, spot) {
                return spot;
            }
        }
        near
    }

    /// Moves corners to where lines are smoother, each within its own triangle, so that nothing ever crosses.
    pub(super) fn smooth(&mut self, is_line: impl Fn(usize) -> bool) {
        const ROUNDS: usize = 3;
        let mut on_lines: Vec<(usize, [usize; 2])> = Vec::new();
        for corner in (0..self.lattice.n_corners()).filter(|corner| self.is_by_land(*corner)) {
            let mut ends = self
                .lattice
                .corner_sides(corner)
                .into_iter()
                .filter(|(side, _)| is_line(*side))
                .map(|(_, end)| end);
            if let (Some(one), Some(other), None) = (ends.next(), ends.next(), ends.next()) {
                on_lines.push((corner, [one, other]));
            }
        }
        for _ in 0..ROUNDS {
            let corners = &self.lattice.corners;
            let moved: Vec<(usize, Micro)> = on_lines
                .iter()
                .map(|(corner, [one, other])| {
                    let middle = corners[*one].towards(corners[*other], 0.5);
                    let goal = corners[*corner].towards(middle, 0.7);
                    (*corner, self.kept_in_triangle(*corner, goal))
                })
                .collect();
            for (corner, place) in moved {
                self.lattice.corners[corner] = place;
            }
        }
    }

    fn is_by_land(&self, corner: usize) -> bool {
        self.lattice.is_inner(corner / 2)
            && self
                .lattice
                .corner_cells(corner)
                .into_iter()
                .any(|cell| self.is_land[cell])
    }

    /// The last position on the way from the middle of the corner's triangle to `goal` that is well inside it.
    fn kept_in_triangle(&self, corner: usize, goal: Micro) -> Micro {
        // An eighth of the triangle's area on each side.
        const ROOM: i64 = 8;
        let [a, b, c] = self
            .lattice
            .corner_cells(corner)
            .map(|cell| self.lattice.cells[cell]);
        let least = turn(a, b, c) / ROOM;
        let middle = Micro {
            x: (a.x + b.x + c.x) / 3,
            y: (a.y + b.y + c.y) / 3,
        };
        let is_inside = |place: Micro| {
            [(a, b), (b, c), (c, a)]
                .into_iter()
                .all(|(from, to)| least <= turn(from, to, place))
        };
        [1.0, 0.8, 0.6, 0.4, 0.2]
            .into_iter()
            .map(|fraction| middle.towards(goal, fraction))
            .find(|place| is_inside(*place))
            .unwrap_or(middle)
    }
}
