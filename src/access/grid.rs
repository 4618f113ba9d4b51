//! A grid of points over an extent, on a flat map whose unit is the step.

use crate::domain::LonLat;
use crate::network::local_distance_m;

/// Steps of the grid along its longer side, at most.
const MAX_STEPS: f64 = 1000.0;

/// The finest grid: finer than people know where they stand.
const LEAST_STEP_M: f64 = 5.0;

/// Where the points are: on a flat map whose unit is the step. EPSG:4326.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    west: f64,
    south: f64,
    lon_step: f64,
    lat_step: f64,
    pub(super) n_columns: usize,
    pub(super) n_rows: usize,
}

/// A box in degrees: west, south, east, north.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent([f64; 4]);

impl Extent {
    pub(super) fn around(place: LonLat, radius_m: f64) -> Self {
        let [lon_m, lat_m] = metres_per_degree(place.lat());
        let (lon, lat) = (radius_m / lon_m, radius_m / lat_m);
        Self([
            place.lon() - lon,
            place.lat() - lat,
            place.lon() + lon,
            place.lat() + lat,
        ])
    }

    pub(super) fn and(self, Self(other): Self) -> Self {
        let Self([west, south, east, north]) = self;
        Self([
            west.min(other[0]),
            south.min(other[1]),
            east.max(other[2]),
            north.max(other[3]),
        ])
    }
}

impl Grid {
    /// A grid over an extent, with a ring of points around it that are never reached; and its step.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few more than `MAX_STEPS` at most"
    )]
    pub(super) fn over(Extent([west, south, east, north]): Extent) -> (Self, f64) {
        let [lon_m, lat_m] = metres_per_degree(f64::midpoint(south, north));
        let (width_m, height_m) = ((east - west) * lon_m, (north - south) * lat_m);
        let step_m = (width_m.max(height_m) / MAX_STEPS).max(LEAST_STEP_M);
        let n = |side_m: f64| (side_m / step_m).ceil().min(MAX_STEPS + 1.0) as usize + 5;
        let (lon_step, lat_step) = (step_m / lon_m, step_m / lat_m);
        let grid = Self {
            west: west - 2.0 * lon_step,
            south: south - 2.0 * lat_step,
            lon_step,
            lat_step,
            n_columns: n(width_m),
            n_rows: n(height_m),
        };
        (grid, step_m)
    }

    pub(super) fn flat(&self, place: LonLat) -> [f64; 2] {
        [
            (place.lon() - self.west) / self.lon_step,
            (place.lat() - self.south) / self.lat_step,
        ]
    }

    pub(super) fn flat_of(&self, point: usize) -> [f64; 2] {
        [
            (point % self.n_columns) as f64,
            (point / self.n_columns) as f64,
        ]
    }

    pub(super) fn degrees(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            self.west + x * self.lon_step,
            self.south + y * self.lat_step,
        ]
    }

    /// None off the edge of the world.
    pub(super) fn place(&self, flat: [f64; 2]) -> Option<LonLat> {
        let [lon, lat] = self.degrees(flat);
        LonLat::parse(lon, lat).ok()
    }

    /// Points in the box around a line, each with where it is; never those of the outermost ring.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and the ends are held within the grid"
    )]
    pub(super) fn points_within(
        self,
        [a, b]: [[f64; 2]; 2],
        radius: f64,
    ) -> impl Iterator<Item = (usize, [f64; 2])> {
        let range = move |axis: usize, n: usize| {
            let least = (a[axis].min(b[axis]) - radius).ceil().max(1.0) as usize;
            let most = (a[axis].max(b[axis]) + radius).floor().max(0.0) as usize;
            least..(most + 1).min(n - 1)
        };
        let columns = range(0, self.n_columns);
        range(1, self.n_rows).flat_map(move |row| {
            columns
                .clone()
                .map(move |column| (row * self.n_columns + column, [column as f64, row as f64]))
        })
    }
}

/// Lengths of a degree of longitude and of latitude.
fn metres_per_degree(lat: f64) -> [f64; 2] {
    // Poles have no degrees of longitude; a grid there is of no use anyway.
    let lat = lat.clamp(-89.0, 89.0);
    let place = |lon, lat| LonLat::parse(lon, lat).expect("its latitude is within 89°");
    let lon_m = local_distance_m(place(0.0, lat), place(0.01, lat)) * 100.0;
    let lat_m = local_distance_m(place(0.0, lat - 0.005), place(0.0, lat + 0.005)) * 100.0;
    [lon_m, lat_m]
}
