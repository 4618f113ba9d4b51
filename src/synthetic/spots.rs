//! Exact places for settlements and facilities, in their cell and in their village.

use std::collections::BTreeMap;

use geo::{Contains, InteriorPoint};
use geo_types::{MultiPolygon, Point};

use super::ground::Ground;
use super::micro::Micro;
use super::random::Random;
use super::villages::{Home, Setting};

/// Where things can be put.
pub(super) struct Spots<'a> {
    pub ground: &'a Ground,
    /// By cell: where its road passes.
    pub road_vertices: &'a BTreeMap<usize, Micro>,
    /// Real village areas, by village; without them a cell belongs wholly to its village.
    pub areas: Option<&'a [MultiPolygon<f64>]>,
}

impl Spots<'_> {
    /// Where a settlement is: beside its road, or anywhere in its cell, always inside its village.
    pub(super) fn settlement(&self, home: &Home, random: &mut Random) -> Micro {
        let (near, distance_m) = match self.road_vertices.get(&home.cell) {
            Some(vertex) => (*vertex, [30.0, 160.0]),
            None if home.setting == Setting::Island => {
                (self.ground.lattice.cells[home.cell], [0.0, 60.0])
            }
            None => (self.ground.lattice.cells[home.cell], [0.0, 150.0]),
        };
        self.inside(home, near, distance_m, random)
            .or_else(|| self.interior(home))
            .unwrap_or(near)
    }

    /// Where a facility of a settlement is: at most so far from it, in the same cell.
    pub(super) fn facility(
        &self,
        home: &Home,
        settlement: Micro,
        furthest_m: f64,
        random: &mut Random,
    ) -> Micro {
        self.inside(home, settlement, [10.0, furthest_m], random)
            .unwrap_or(settlement)
    }

    fn inside(
        &self,
        home: &Home,
        near: Micro,
        distance_m: [f64; 2],
        random: &mut Random,
    ) -> Option<Micro> {
        const TRIES: usize = 16;
        (0..TRIES)
            .map(|_| self.ground.spot_near(home.cell, near, distance_m, random))
            .find(|spot| self.is_inside(home, *spot))
    }

    fn is_inside(&self, home: &Home, spot: Micro) -> bool {
        let point = Point(spot.coord());
        self.areas
            .is_none_or(|areas| areas[home.village].contains(&point))
    }

    fn interior(&self, home: &Home) -> Option<Micro> {
        let point = self.areas?[home.village].interior_point()?;
        Some(Micro::from_degrees(point.0))
    }
}
