//! Which cells are land: an invented outline, or the inside of real village areas.

use geo::{Contains, CoordsIter};
use geo_types::{Coord, MultiPolygon, Point};

use super::figures::Figures;
use super::lattice::{Lattice, spacing_for};
use super::micro::{Micro, PER_METRE, turn};
use super::noise::noise;
use super::random::seed_for;

/// A lattice, and what each of its cells is.
pub(super) struct Land {
    pub lattice: Lattice,
    /// By cell.
    pub is_ground: Vec<bool>,
    /// By cell: the real village area that it lies in; none for an invented district.
    pub village: Vec<Option<usize>>,
    /// South-western and north-eastern corner.
    pub bounds: (Micro, Micro),
}

/// Area of a cell in an ordinary district: half a kilometre from centre to centre.
const CELL_AREA_M2: f64 = 216_500.0;
/// Cells of an average village at least, however small it is.
const CELLS_A_VILLAGE: f64 = 60.0;
/// Cells of the whole lattice at most: about 300 MB while it is being made.
const MAX_CELLS: f64 = 1_500_000.0;

fn lattice_over(bounds: (Micro, Micro), area_m2: f64, n_villages: usize, seed: u64) -> Lattice {
    let (low, high) = bounds;
    let width_m = (high.x - low.x) as f64 / PER_METRE;
    let height_m = (high.y - low.y) as f64 / PER_METRE;
    let least = width_m * height_m / MAX_CELLS;
    let cell_area = CELL_AREA_M2.min(area_m2 / n_villages as f64 / CELLS_A_VILLAGE);
    let spacing = spacing_for(cell_area.max(least));
    Lattice::covering(low, high, spacing, seed_for(seed, "lattice"))
}

impl Land {
    /// Land in the shape of the sample's outline, with room for `n_villages` of the usual size, its edge roughened.
    pub(super) fn invented(figures: &Figures, n_villages: usize, seed: u64) -> Self {
        let district = &figures.district;
        let area_m2 = district.area_km2 * 1e6 * n_villages as f64 / district.n_villages as f64;
        let outline = enlarged(&district.outline, area_m2);
        let bounds = bounds(outline.iter().copied());
        let lattice = lattice_over(bounds, area_m2, n_villages, seed);
        let seed = seed_for(seed, "outline");
        let is_ground = (0..lattice.n_cells())
            .map(|cell| {
                is_deep(&lattice, cell) && is_inside(&outline, wobbled(seed, lattice.cells[cell]))
            })
            .collect();
        let mut land = Self {
            village: vec![None; lattice.n_cells()],
            lattice,
            is_ground,
            bounds,
        };
        land.keep_largest_part();
        land.fill_holes();
        land
    }

    /// Land wherever a village area covers the centre of a cell; the first area where several do.
    ///
    /// None where no cell is land.
    pub(super) fn within(areas: &[MultiPolygon<f64>], seed: u64) -> Option<Self> {
        if areas.iter().all(|area| area.coords_count() == 0) {
            return None;
        }
        let places = areas.iter().flat_map(CoordsIter::coords_iter);
        let bounds = bounds(places.map(Micro::from_degrees));
        let area_m2: f64 = areas.iter().map(area_m2).sum();
        let lattice = lattice_over(bounds, area_m2, areas.len(), seed);
        let mut village = vec![None; lattice.n_cells()];
        for (index, area) in areas.iter().enumerate() {
            let (low, high) = self::bounds(area.coords_iter().map(Micro::from_degrees));
            for cell in lattice.cells_between(low, high) {
                let centre = Point(lattice.cells[cell].coord());
                if village[cell].is_none() && is_deep(&lattice, cell) && area.contains(&centre) {
                    village[cell] = Some(index);
                }
            }
        }
        let is_ground: Vec<bool> = village.iter().map(Option::is_some).collect();
        is_ground.contains(&true).then_some(Self {
            lattice,
            is_ground,
            village,
            bounds,
        })
    }

    fn keep_largest_part(&mut self) {
        let parts = self.parts(|cell| self.is_ground[cell]);
        let largest = parts.into_iter().max_by_key(Vec::len).unwrap_or_default();
        self.is_ground.fill(false);
        for cell in largest {
            self.is_ground[cell] = true;
        }
    }

    fn fill_holes(&mut self) {
        let mut parts = self.parts(|cell| !self.is_ground[cell] && self.lattice.is_inner(cell));
        parts.sort_by_key(Vec::len);
        parts.pop();
        for cell in parts.into_iter().flatten() {
            self.is_ground[cell] = true;
        }
    }

    /// Connected groups of the cells that are `wanted`, each from its lowest cell.
    fn parts(&self, wanted: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut is_seen = vec![false; self.lattice.n_cells()];
        let mut parts = Vec::new();
        for first in 0..self.lattice.n_cells() {
            if is_seen[first] || !wanted(first) {
                continue;
            }
            is_seen[first] = true;
            let mut part = vec![first];
            let mut next = 0;
            while next < part.len() {
                for other in self.lattice.neighbours(part[next]) {
                    if !is_seen[other] && wanted(other) {
                        is_seen[other] = true;
                        part.push(other);
                    }
                }
                next += 1;
            }
            parts.push(part);
        }
        parts
    }
}

/// Whether a cell and all around it are off the rim.
fn is_deep(lattice: &Lattice, cell: usize) -> bool {
    lattice.is_inner(cell)
        && lattice
            .neighbours(cell)
            .into_iter()
            .all(|other| lattice.is_inner(other))
}

/// The outline, enlarged or shrunk about its middle to an area.
fn enlarged(outline: &[[f64; 2]], area_m2: f64) -> Vec<Micro> {
    let places: Vec<Micro> = outline
        .iter()
        .map(|[x, y]| Micro::from_degrees(Coord { x: *x, y: *y }))
        .collect();
    let (low, high) = bounds(places.iter().copied());
    let middle = low.towards(high, 0.5);
    let factor = (area_m2 / ring_area_m2(&places)).sqrt();
    places
        .into_iter()
        .map(|place| middle.towards(place, factor))
        .collect()
}

fn bounds(places: impl Iterator<Item = Micro>) -> (Micro, Micro) {
    let low = Micro {
        x: i64::MAX,
        y: i64::MAX,
    };
    let high = Micro {
        x: i64::MIN,
        y: i64::MIN,
    };
    places.fold((low, high), |(low, high), place| {
        (
            Micro {
                x: low.x.min(place.x),
                y: low.y.min(place.y),
            },
            Micro {
                x: high.x.max(place.x),
                y: high.y.max(place.y),
            },
        )
    })
}

fn ring_area_m2(ring: &[Micro]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let twice: f64 = ring
        .iter()
        .zip(next)
        .map(|(a, b)| a.x as f64 * b.y as f64 - b.x as f64 * a.y as f64)
        .sum();
    twice.abs() / 2.0 / (PER_METRE * PER_METRE)
}

fn area_m2(area: &MultiPolygon<f64>) -> f64 {
    let rings = area.iter().map(|polygon| {
        let ring: Vec<Micro> = polygon
            .exterior()
            .coords()
            .map(|coord| Micro::from_degrees(*coord))
            .collect();
        ring_area_m2(&ring)
    });
    rings.sum()
}

/// A position moved by up to two kilometres, neighbours alike: an outline seen through this is uneven.
fn wobbled(seed: u64, place: Micro) -> Micro {
    let shift = |of: u64| {
        let coarse = (noise(seed ^ of, place, 9_000.0) - 0.5) * 4_000.0;
        let fine = (noise(seed ^ (of + 2), place, 2_500.0) - 0.5) * 1_800.0;
        (coarse + fine) * PER_METRE
    };
    Micro::rounded(place.x as f64 + shift(1), place.y as f64 + shift(2))
}

/// Whether a place lies in a ring, by counting the sides east of it.
fn is_inside(ring: &[Micro], place: Micro) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossed = ring.iter().zip(next).filter(|(a, b)| {
        (a.y <= place.y) != (b.y <= place.y) && {
            let is_left = turn(**a, **b, place) > 0;
            is_left == (a.y < b.y)
        }
    });
    crossed.count() % 2 == 1
}
