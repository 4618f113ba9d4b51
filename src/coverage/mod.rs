//! Areas simplified together: neighbours keep their shared borders, without gaps or overlaps, and none vanishes.
//!
//! Phases: [`Coverage::of`] cuts the rings of all areas at their junctions into `arcs`, each of which is held once
//! however many areas it bounds → [`Coverage::simplify`] takes vertices out of the arcs → [`Coverage::areas`] puts the
//! rings together again. Calling `simplify` with a larger tolerance goes on from the smaller one.
//!
//! Pure arithmetic on whole centimetres: the same areas give the same answer on every machine. What the tolerance
//! means on a map, and where areas come from, is left to `store`.

mod arcs;
mod simplify;

use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};

use self::arcs::{Arcs, Ring};
use self::simplify::Simplifier;

/// Vertices lie on a grid of whole centimetres, on which orientation is exact.
const UNITS_PER_METRE: f64 = 100.0;

/// A vertex, in whole centimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Vertex {
    x: i64,
    y: i64,
}

/// Areas that share borders.
///
/// What the areas are is kept exactly: where two of them overlap or leave a gap, they do so in every simplification.
/// Borders count as shared where both areas have the same vertices.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// One a part of an area: its shell, then its holes.
    areas: Vec<Vec<Vec<Ring>>>,
    simplifier: Simplifier,
}

impl Coverage {
    /// The coverage of these areas, in metres of any plane within ±10^11 m.
    ///
    /// Vertices are rounded to a centimetre. A ring without extent on that grid is left out.
    pub fn of(areas: &[MultiPolygon<f64>]) -> Self {
        let parts: Vec<Vec<Vec<Vec<Vertex>>>> = areas
            .iter()
            .map(|area| area.iter().filter_map(part).collect())
            .collect();
        let mut arcs = Arcs::between_junctions_of(parts.iter().flatten().flatten());
        let areas = parts
            .iter()
            .map(|area| {
                area.iter()
                    .map(|part| part.iter().map(|ring| arcs.cut(ring)).collect())
                    .collect()
            })
            .collect();
        Self {
            areas,
            simplifier: Simplifier::new(arcs.into_lines()),
        }
    }

    /// Takes out every vertex whose triangle with its neighbours is at most `tolerance_m`² in area, smallest first,
    /// unless that would make borders touch or an area vanish.
    ///
    /// Cost: O(n log n) for borders that do not crowd each other.
    ///
    /// # References
    /// M. Visvalingam, J. D. Whyatt (1993): Line generalisation by repeated elimination of points,
    /// DOI 10.1179/000870493786962263.
    pub fn simplify(&mut self, tolerance_m: f64) {
        self.simplifier.simplify(tolerance_m * UNITS_PER_METRE);
    }

    /// The areas as they are now, in the order in which they were given; shells and holes as before.
    pub fn areas(&self) -> Vec<MultiPolygon<f64>> {
        self.areas
            .iter()
            .map(|area| MultiPolygon(area.iter().filter_map(|part| self.polygon(part)).collect()))
            .collect()
    }

    /// The borders of groups of areas: the lines that do not have areas of one group on both sides.
    ///
    /// `groups` has the group of each area, in the order of the areas. Each line comes once, whoever shares it.
    pub fn borders_of_groups(&self, groups: &[usize]) -> MultiLineString<f64> {
        let mut sides: Vec<Vec<usize>> = vec![Vec::new(); self.simplifier.n_arcs()];
        for (area, group) in self.areas.iter().zip(groups) {
            for piece in area.iter().flatten().flatten() {
                sides[piece.arc].push(*group);
            }
        }
        let is_within = |sides: &[usize]| matches!(sides, [one, other] if one == other);
        let borders = sides
            .iter()
            .enumerate()
            .filter(|(_, sides)| !is_within(sides))
            .map(|(arc, _)| {
                self.simplifier
                    .line(arc)
                    .into_iter()
                    .map(to_metres)
                    .collect()
            });
        MultiLineString(borders.collect())
    }

    fn polygon(&self, part: &[Ring]) -> Option<Polygon<f64>> {
        let mut rings = part.iter().map(|ring| self.line(ring));
        let shell = rings.next()?;
        Some(Polygon::new(shell, rings.collect()))
    }

    /// The closed line of a ring: its arcs one after the other, each without its last vertex, then the first again.
    fn line(&self, ring: &Ring) -> LineString<f64> {
        let mut vertices = Vec::new();
        for piece in ring {
            let mut line = self.simplifier.line(piece.arc);
            if piece.is_backwards {
                line.reverse();
            }
            line.pop();
            vertices.append(&mut line);
        }
        vertices.extend(vertices.first().copied());
        vertices.into_iter().map(to_metres).collect()
    }
}

/// The rings of a polygon on the grid, without the closing vertex; none where the shell has no extent.
fn part(polygon: &Polygon<f64>) -> Option<Vec<Vec<Vertex>>> {
    let shell = on_grid(polygon.exterior())?;
    let holes = polygon.interiors().iter().filter_map(on_grid);
    Some(std::iter::once(shell).chain(holes).collect())
}

/// A ring on the grid, without repeats and without the closing vertex; none below three vertices.
fn on_grid(ring: &LineString<f64>) -> Option<Vec<Vertex>> {
    let mut vertices: Vec<Vertex> = ring.coords().map(to_grid).collect();
    vertices.dedup();
    if vertices.first() == vertices.last() {
        vertices.pop();
    }
    (3 <= vertices.len()).then_some(vertices)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the plane ends at 10^13 cm, far within i64; casts saturate"
)]
fn to_grid(coord: &Coord<f64>) -> Vertex {
    Vertex {
        x: (coord.x * UNITS_PER_METRE).round() as i64,
        y: (coord.y * UNITS_PER_METRE).round() as i64,
    }
}

fn to_metres(vertex: Vertex) -> Coord<f64> {
    Coord {
        x: vertex.x as f64 / UNITS_PER_METRE,
        y: vertex.y as f64 / UNITS_PER_METRE,
    }
}

#[cfg(test)]
mod tests;
