//! A jittered triangular lattice: cells of six sides, of which any two or three meet in shared corners.
//!
//! Roads run from cell to cell, through the sides.
//! Rivers and borders run along the sides, from corner to corner, so that a road meets a river only
//! where it passes through a side that carries one.
//! Each corner lies inside the triangle of the three cells around it; therefore each cell sees all of
//! its own corners, cells never overlap, and three borders at most meet in a point.

use super::micro::{Micro, PER_METRE, turn, whole};
use super::random::unit_at;

/// Layout: cell = row × `n_columns` + column, odd rows shifted east by half a cell.
///
/// Directions 0 to 5 are east, north-east, north-west, west, south-west, south-east.
/// `cells[cell]` is its centre.
/// `corners[2 × cell]` lies between the cell, its east and its north-east neighbour,
/// `corners[2 × cell + 1]` between the cell, its north-east and its north-west neighbour.
/// Side `3 × cell + direction` is that towards direction 0, 1 or 2; the others belong to the neighbour.
pub(super) struct Lattice {
    n_columns: usize,
    n_rows: usize,
    low: Micro,
    spacing: i64,
    pub(super) cells: Vec<Micro>,
    pub(super) corners: Vec<Micro>,
}

/// Cells at the rim that are never land, so that land always has six neighbours.
const MARGIN: usize = 3;
/// Largest shift of a centre in either direction, as a fraction of the spacing.
///
/// Two neighbours differ by at most (1 ± 0.32, ± 0.32) and (0.5 ± 0.32, 0.866 ± 0.32) spacings,
/// so twice the area of a triangle is at least 0.68 × 0.546 − 0.32 × 0.82 = 0.11: none ever flips.
const JITTER: f64 = 0.16;
/// Height of an equilateral triangle in thousandths of its side.
const ROW_HEIGHT_PER_MILLE: i64 = 866;

impl Lattice {
    /// A lattice over a rectangle, with room around it.
    pub(super) fn covering(low: Micro, high: Micro, spacing: i64, seed: u64) -> Self {
        let height = spacing * ROW_HEIGHT_PER_MILLE / 1000;
        let n_columns = cells_across(high.x - low.x, spacing);
        let n_rows = cells_across(high.y - low.y, height);
        let mut lattice = Self {
            n_columns,
            n_rows,
            low,
            spacing,
            cells: Vec::with_capacity(n_columns * n_rows),
            corners: Vec::new(),
        };
        for row in 0..n_rows {
            for column in 0..n_columns {
                let cell = lattice.jittered(column, row, seed);
                lattice.cells.push(cell);
            }
        }
        lattice.corners = (0..2 * lattice.cells.len())
            .map(|corner| lattice.middle_of_triangle(corner))
            .collect();
        lattice
    }

    fn jittered(&self, column: usize, row: usize, seed: u64) -> Micro {
        let (column, row) = (column.cast_signed() as i64, row.cast_signed() as i64);
        let margin = MARGIN.cast_signed() as i64;
        let shift = |of: u64| (unit_at(seed ^ of, column, row) * 2.0 - 1.0) * JITTER;
        let x = (column - margin) * self.spacing + (row & 1) * self.spacing / 2;
        let y = (row - margin) * self.spacing * ROW_HEIGHT_PER_MILLE / 1000;
        Micro::rounded(
            (self.low.x + x) as f64 + shift(1) * self.spacing as f64,
            (self.low.y + y) as f64 + shift(2) * self.spacing as f64,
        )
    }

    fn middle_of_triangle(&self, corner: usize) -> Micro {
        if !self.is_inner(corner / 2) {
            return self.cells[corner / 2];
        }
        let [a, b, c] = self.corner_cells(corner).map(|cell| self.cells[cell]);
        Micro {
            x: (a.x + b.x + c.x) / 3,
            y: (a.y + b.y + c.y) / 3,
        }
    }

    /// Number of cells.
    pub(super) fn n_cells(&self) -> usize {
        self.cells.len()
    }

    /// Number of corners.
    pub(super) fn n_corners(&self) -> usize {
        self.corners.len()
    }

    /// Number of sides.
    pub(super) fn n_sides(&self) -> usize {
        3 * self.cells.len()
    }

    /// Whether a cell is off the rim: it and its neighbours have all their neighbours.
    pub(super) fn is_inner(&self, cell: usize) -> bool {
        let (row, column) = (cell / self.n_columns, cell % self.n_columns);
        let within = |at: usize, n: usize| at + 2 < n && 2 <= at;
        within(row, self.n_rows) && within(column, self.n_columns)
    }

    /// The cell in a direction; the cell must be off the rim.
    pub(super) fn neighbour(&self, cell: usize, direction: usize) -> usize {
        let row = self.n_columns;
        let odd = (cell / row) & 1;
        match direction {
            0 => cell + 1,
            1 => cell + row + odd,
            2 => cell + row + odd - 1,
            3 => cell - 1,
            4 => cell - row + odd - 1,
            _ => cell - row + odd,
        }
    }

    /// The six cells around one.
    pub(super) fn neighbours(&self, cell: usize) -> [usize; 6] {
        [0, 1, 2, 3, 4, 5].map(|direction| self.neighbour(cell, direction))
    }

    /// The corner between the neighbours in a direction and the next, counter-clockwise.
    pub(super) fn corner(&self, cell: usize, direction: usize) -> usize {
        match direction {
            0 => 2 * cell,
            1 => 2 * cell + 1,
            2 => 2 * self.neighbour(cell, 3),
            3 => 2 * self.neighbour(cell, 4) + 1,
            4 => 2 * self.neighbour(cell, 4),
            _ => 2 * self.neighbour(cell, 5) + 1,
        }
    }

    /// The six corners of a cell, counter-clockwise.
    pub(super) fn cell_corners(&self, cell: usize) -> [usize; 6] {
        [0, 1, 2, 3, 4, 5].map(|direction| self.corner(cell, direction))
    }

    /// The side towards the neighbour in a direction.
    pub(super) fn side(&self, cell: usize, direction: usize) -> usize {
        if direction < 3 {
            3 * cell + direction
        } else {
            3 * self.neighbour(cell, direction) + direction - 3
        }
    }

    /// The side between two neighbours; none where they are not.
    pub(super) fn side_between(&self, cell: usize, other: usize) -> Option<usize> {
        (0..6)
            .find(|direction| self.neighbour(cell, *direction) == other)
            .map(|direction| self.side(cell, direction))
    }

    /// The cells on both sides.
    pub(super) fn side_cells(&self, side: usize) -> [usize; 2] {
        [side / 3, self.neighbour(side / 3, side % 3)]
    }

    /// The ends of a side, counter-clockwise as seen from the first of its cells.
    pub(super) fn side_corners(&self, side: usize) -> [usize; 2] {
        let (cell, direction) = (side / 3, side % 3);
        [
            self.corner(cell, (direction + 5) % 6),
            self.corner(cell, direction),
        ]
    }

    /// The three cells around a corner, counter-clockwise.
    pub(super) fn corner_cells(&self, corner: usize) -> [usize; 3] {
        let (cell, direction) = (corner / 2, corner % 2);
        [
            cell,
            self.neighbour(cell, direction),
            self.neighbour(cell, direction + 1),
        ]
    }

    /// The three sides that meet in a corner, each with the corner at its other end.
    pub(super) fn corner_sides(&self, corner: usize) -> [(usize, usize); 3] {
        let [a, b, c] = self.corner_cells(corner);
        let sides = if corner.is_multiple_of(2) {
            [3 * a, 3 * a + 1, 3 * b + 2]
        } else {
            [3 * a + 1, 3 * a + 2, 3 * c]
        };
        sides.map(|side| {
            let [one, other] = self.side_corners(side);
            (side, if one == corner { other } else { one })
        })
    }

    /// The cells whose centres may lie between two positions, jitter included.
    pub(super) fn cells_between(&self, low: Micro, high: Micro) -> impl Iterator<Item = usize> {
        let height = self.spacing * ROW_HEIGHT_PER_MILLE / 1000;
        let columns = span(low.x - self.low.x, high.x - self.low.x, self.spacing);
        let rows = span(low.y - self.low.y, high.y - self.low.y, height);
        let n_columns = self.n_columns;
        rows.filter(|row| *row < self.n_rows).flat_map(move |row| {
            columns
                .clone()
                .filter(move |column| *column < n_columns)
                .map(move |column| row * n_columns + column)
        })
    }

    /// Whether a position sees every corner of a cell, so that a line from it to any point of the cell stays inside.
    pub(super) fn sees_whole_cell(&self, cell: usize, place: Micro) -> bool {
        let corners = self.cell_corners(cell).map(|corner| self.corners[corner]);
        (0..6).all(|first| 0 < turn(place, corners[first], corners[(first + 1) % 6]))
    }

    /// The last position on the way from the centre of a cell to `goal`, in quarters, that sees the whole cell.
    pub(super) fn visible_towards(&self, cell: usize, goal: Micro) -> Micro {
        let centre = self.cells[cell];
        [1.0, 0.75, 0.5, 0.25]
            .into_iter()
            .map(|fraction| centre.towards(goal, fraction))
            .find(|place| self.sees_whole_cell(cell, *place))
            .unwrap_or(centre)
    }
}

fn cells_across(extent: i64, step: i64) -> usize {
    let margin = 2 * MARGIN + 2;
    usize::try_from(extent / step).unwrap_or(0) + margin
}

/// Columns or rows from one distance to another, one more on either side for the jitter.
fn span(low: i64, high: i64, step: i64) -> std::ops::RangeInclusive<usize> {
    let margin = MARGIN.cast_signed() as i64;
    let at = |distance: i64| usize::try_from(distance.div_euclid(step) + margin).unwrap_or(0);
    at(low).saturating_sub(1)..=at(high) + 2
}

/// The spacing in millionths of a degree that gives cells of an area.
pub(super) fn spacing_for(cell_area_m2: f64) -> i64 {
    let side_m = (cell_area_m2 / 0.866).sqrt();
    i64::from(whole(side_m * PER_METRE)).max(9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lattice() -> Lattice {
        let high = Micro {
            x: 90_000,
            y: 90_000,
        };
        Lattice::covering(Micro::default(), high, 4_500, 1)
    }

    #[test]
    fn neighbours_share_a_side_and_its_two_corners() {
        let lattice = lattice();
        for cell in (0..lattice.n_cells()).filter(|cell| lattice.is_inner(*cell)) {
            for direction in 0..6 {
                let other = lattice.neighbour(cell, direction);
                assert_eq!(lattice.neighbour(other, (direction + 3) % 6), cell);
                let side = lattice.side(cell, direction);
                for corner in lattice.side_corners(side) {
                    assert!(lattice.cell_corners(cell).contains(&corner));
                    assert!(lattice.corner_cells(corner).contains(&other));
                    assert!(
                        lattice
                            .corner_sides(corner)
                            .iter()
                            .any(|(each, _)| *each == side)
                    );
                }
            }
        }
    }

    #[test]
    fn every_centre_sees_its_whole_cell() {
        let lattice = lattice();
        let is_deep = |cell: usize| {
            let mut around = lattice.neighbours(cell).into_iter();
            around.all(|other| lattice.is_inner(other))
        };
        let inner = (0..lattice.n_cells()).filter(|cell| lattice.is_inner(*cell));
        let mut deep = inner.filter(|cell| is_deep(*cell));
        assert!(deep.all(|cell| lattice.sees_whole_cell(cell, lattice.cells[cell])));
    }
}
