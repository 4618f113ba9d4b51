//! Rows and columns of a raster against coordinates.

use gdal::spatial_ref::CoordTransform;

use crate::ingest::reader::crs::Box4;

/// Points along each side of a box that are looked up in another coordinate system.
const SAMPLES: usize = 21;

/// What a side of a box may bulge between two samples, as a share of the box.
const BULGE: f64 = 0.02;

/// Where a column and a row lie in the file's coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Affine {
    /// The outer corner of the first cell.
    origin: (f64, f64),
    /// From one column to the next.
    column: (f64, f64),
    /// From one row to the next.
    row: (f64, f64),
}

impl Affine {
    /// From GDAL's six coefficients; none where cells have no area.
    pub(super) fn new(coefficients: [f64; 6]) -> Option<Self> {
        let [east, east_column, east_row, north, north_column, north_row] = coefficients;
        let affine = Self {
            origin: (east, north),
            column: (east_column, north_column),
            row: (east_row, north_row),
        };
        let area = affine.area();
        let is_sound = coefficients.iter().all(|each| each.is_finite());
        (is_sound && area.is_finite() && area != 0.0).then_some(affine)
    }

    /// Of a cell, less than zero where it is mirrored.
    fn area(self) -> f64 {
        self.column.0 * self.row.1 - self.row.0 * self.column.1
    }

    fn coordinates(self, column: f64, row: f64) -> (f64, f64) {
        (
            self.origin.0 + column * self.column.0 + row * self.row.0,
            self.origin.1 + column * self.column.1 + row * self.row.1,
        )
    }

    /// The column and row of a place: Cramer's rule.
    fn cell(self, (east, north): (f64, f64)) -> (f64, f64) {
        let (east, north) = (east - self.origin.0, north - self.origin.1);
        let column = self.row.1 * east - self.row.0 * north;
        let row = self.column.0 * north - self.column.1 * east;
        (column / self.area(), row / self.area())
    }

    /// The corners of as many cells from a column and row on, one after the other around them.
    pub(super) fn corners(
        self,
        (column, row): (usize, usize),
        (n_columns, n_rows): (usize, usize),
    ) -> [(f64, f64); 4] {
        let (left, right) = (column as f64, (column + n_columns) as f64);
        let (top, bottom) = (row as f64, (row + n_rows) as f64);
        [(left, top), (left, bottom), (right, bottom), (right, top)]
            .map(|(column, row)| self.coordinates(column, row))
    }

    /// The cells that may touch a box in EPSG:4326; all of them where the box has no place in the file's system.
    pub(super) fn window(
        self,
        within: Box4,
        size: (usize, usize),
        from_wgs_84: Option<&CoordTransform>,
    ) -> Window {
        let (mut x, mut y) = samples(within);
        let is_placed = from_wgs_84.is_none_or(|transform| {
            let moved = transform.transform_coords(&mut x, &mut y, &mut []);
            moved.is_ok() && x.iter().chain(&y).all(|each| each.is_finite())
        });
        if !is_placed {
            return Window::whole(size);
        }
        let cells: Vec<(f64, f64)> = x.into_iter().zip(y).map(|place| self.cell(place)).collect();
        let (column, n_columns) = reach(cells.iter().map(|cell| cell.0), size.0);
        let (row, n_rows) = reach(cells.iter().map(|cell| cell.1), size.1);
        Window {
            column,
            row,
            n_columns,
            n_rows,
        }
    }
}

/// Points all over a box.
fn samples([west, south, east, north]: Box4) -> (Vec<f64>, Vec<f64>) {
    let step = |index: usize| index as f64 / (SAMPLES - 1) as f64;
    (0..SAMPLES * SAMPLES)
        .map(|index| {
            (
                west + (east - west) * step(index % SAMPLES),
                south + (north - south) * step(index / SAMPLES),
            )
        })
        .unzip()
}

/// First and number of the rows or columns that hold all of these, and a little more.
fn reach(places: impl Iterator<Item = f64> + Clone, n_all: usize) -> (usize, usize) {
    let least = places.clone().fold(f64::INFINITY, f64::min);
    let most = places.fold(f64::NEG_INFINITY, f64::max);
    let margin = 1.0 + BULGE * (most - least);
    let clamp = |place: f64| index(place.clamp(0.0, n_all as f64));
    let first = clamp((least - margin).floor());
    let end = clamp((most + margin).ceil());
    (first, end.saturating_sub(first))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it was clamped to the size of the raster"
)]
fn index(place: f64) -> usize {
    place as usize
}

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) column: usize,
    pub(super) row: usize,
    pub(super) n_columns: usize,
    pub(super) n_rows: usize,
}

impl Window {
    pub(super) fn whole((n_columns, n_rows): (usize, usize)) -> Self {
        Self {
            column: 0,
            row: 0,
            n_columns,
            n_rows,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.n_columns == 0 || self.n_rows == 0
    }

    /// Itself in the pieces in which the file stores it, row by row; nothing where it is empty.
    pub(super) fn blocks(self, (width, height): (usize, usize)) -> impl Iterator<Item = Self> {
        let columns = pieces(self.column, self.n_columns, width);
        let rows = pieces(self.row, self.n_rows, height);
        rows.flat_map(move |(row, n_rows)| {
            columns.clone().map(move |(column, n_columns)| Self {
                column,
                row,
                n_columns,
                n_rows,
            })
        })
    }
}

/// A range cut at the multiples of a length: starts and lengths.
fn pieces(
    start: usize,
    n_all: usize,
    length: usize,
) -> impl Iterator<Item = (usize, usize)> + Clone {
    let (length, end) = (length.max(1), start + n_all);
    let blocks = start / length..end.div_ceil(length);
    blocks
        .map(move |block| {
            let from = (block * length).max(start);
            (from, ((block + 1) * length).min(end).saturating_sub(from))
        })
        .filter(|(_, n)| 0 < *n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_raster_has_turned_cells_and_is_found_again() {
        // Turned by 90°: columns run north, rows run east.
        let affine = Affine::new([100.0, 0.0, 2.0, 50.0, 3.0, 0.0]).unwrap();
        assert_eq!(
            affine.corners((1, 2), (1, 1)),
            [(104.0, 53.0), (106.0, 53.0), (106.0, 56.0), (104.0, 56.0)]
        );
        assert_eq!(affine.cell((104.0, 53.0)), (1.0, 2.0));
    }

    #[test]
    fn cells_without_area_are_none() {
        assert_eq!(Affine::new([0.0, 1.0, 1.0, 0.0, 1.0, 1.0]), None);
        assert_eq!(Affine::new([0.0, f64::NAN, 0.0, 0.0, 0.0, 1.0]), None);
    }

    #[test]
    fn a_window_holds_its_box_and_stays_in_the_raster() {
        let affine = Affine::new([100.0, 0.01, 0.0, 1.0, 0.0, -0.01]).unwrap();
        let window = affine.window([100.1, 0.4, 100.2, 0.5], (1000, 1000), None);
        // Columns 10 to 20 and rows 50 to 60, and between one and three more on each side.
        assert!(window.column < 10 && 7 <= window.column, "{window:?}");
        assert!(20 < window.column + window.n_columns, "{window:?}");
        assert!(window.row < 50 && 60 < window.row + window.n_rows);
        let far = affine.window([120.0, 0.4, 121.0, 0.5], (1000, 1000), None);
        assert!(far.is_empty());
    }

    #[test]
    fn blocks_cover_a_window_once() {
        let window = Window {
            column: 3,
            row: 5,
            n_columns: 10,
            n_rows: 6,
        };
        let blocks: Vec<Window> = window.blocks((4, 8)).collect();
        let sizes: Vec<(usize, usize)> = blocks.iter().map(|b| (b.n_columns, b.n_rows)).collect();
        // Columns 3, 4 to 7, 8 to 11, 12; rows 5 to 7, 8 to 10.
        assert_eq!(
            sizes,
            [
                (1, 3),
                (4, 3),
                (4, 3),
                (1, 3),
                (1, 3),
                (4, 3),
                (4, 3),
                (1, 3)
            ]
        );
    }
}
