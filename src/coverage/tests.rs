//! Properties of the right answer, on areas from arithmetic: wiggly cells of a lattice, one of them around an island.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

use super::{Coverage, Vertex, to_grid};

/// Distance between corners of the lattice; far larger than what they are moved by.
const CELL_M: f64 = 1_000.0;

/// Vertices between two corners.
const N_BETWEEN: usize = 6;

/// Numbers from 0 to 1 that look random (a 64-bit linear congruence, its upper half).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX)
    }

    fn within(&mut self, largest: f64) -> f64 {
        (2.0 * self.next() - 1.0) * largest
    }
}

/// `n` by `n` cells with wiggly borders. The first has a hole, and what fills it is the last area but one; the last
/// area is two cells that share an edge, which is left out, and a third one far away.
fn cells(n: usize, seed: u64) -> Vec<MultiPolygon<f64>> {
    let mut noise = Noise(seed);
    let mut corners = BTreeMap::new();
    for row in 0..=n {
        for column in 0..=n {
            let x = column as f64 * CELL_M + noise.within(100.0);
            let y = row as f64 * CELL_M + noise.within(100.0);
            corners.insert((row, column), Coord { x, y });
        }
    }
    let mut edges = BTreeMap::new();
    for (row, column) in corners.keys().copied().collect::<Vec<_>>() {
        for end in [(row, column + 1), (row + 1, column)] {
            if let Some(to) = corners.get(&end) {
                let line = wiggly(corners[&(row, column)], *to, &mut noise);
                edges.insert(((row, column), end), line);
            }
        }
    }
    let run = |stops: &[(usize, usize)]| {
        let mut ring = Vec::new();
        for pair in stops.windows(2) {
            let there = edges.get(&(pair[0], pair[1])).cloned();
            let line = there.unwrap_or_else(|| {
                let mut back = edges[&(pair[1], pair[0])].clone();
                back.reverse();
                back
            });
            ring.extend_from_slice(&line[..line.len() - 1]);
        }
        ring.push(ring[0]);
        LineString(ring)
    };
    let around = |row: usize, column: usize, width: usize| {
        let mut stops: Vec<(usize, usize)> = (column..=column + width).map(|c| (row, c)).collect();
        stops.extend((column..=column + width).rev().map(|c| (row + 1, c)));
        stops.push((row, column));
        run(&stops)
    };
    let island = ring_around(corners[&(0, 0)], &mut noise);
    let mut areas = Vec::new();
    for row in 0..n {
        for column in 0..n {
            let holes = if (row, column) == (0, 0) {
                vec![LineString(island.0.iter().rev().copied().collect())]
            } else {
                Vec::new()
            };
            // The last row is one long area and a cell: see below.
            if row < n - 1 {
                areas.push(MultiPolygon(vec![Polygon::new(
                    around(row, column, 1),
                    holes,
                )]));
            }
        }
    }
    areas.push(MultiPolygon(vec![Polygon::new(island, Vec::new())]));
    areas.push(MultiPolygon(vec![Polygon::new(
        around(n - 1, 0, n - 1),
        Vec::new(),
    )]));
    areas.push(MultiPolygon(vec![Polygon::new(
        around(n - 1, n - 1, 1),
        Vec::new(),
    )]));
    areas
}

/// A line that strays from the straight one by at most a tenth of a cell, and not at all at its ends.
fn wiggly(from: Coord<f64>, to: Coord<f64>, noise: &mut Noise) -> Vec<Coord<f64>> {
    let mut line = vec![from];
    for step in 1..=N_BETWEEN {
        let share = step as f64 / (N_BETWEEN + 1) as f64;
        let stray = noise.within(0.1) * (share * std::f64::consts::PI).sin();
        line.push(Coord {
            x: from.x + (to.x - from.x) * share - (to.y - from.y) * stray,
            y: from.y + (to.y - from.y) * share + (to.x - from.x) * stray,
        });
    }
    line.push(to);
    line
}

/// A ring of eleven vertices in the middle of the cell at a corner.
fn ring_around(corner: Coord<f64>, noise: &mut Noise) -> LineString<f64> {
    let mut ring: Vec<Coord<f64>> = (0..11)
        .map(|step| {
            let angle = f64::from(step) / 11.0 * std::f64::consts::TAU;
            let radius = 150.0 + noise.within(40.0);
            Coord {
                x: corner.x + 500.0 + radius * angle.cos(),
                y: corner.y + 500.0 + radius * angle.sin(),
            }
        })
        .collect();
    ring.push(ring[0]);
    LineString(ring)
}

/// The directed edges of an area.
fn edges(area: &MultiPolygon<f64>) -> Vec<[Vertex; 2]> {
    let rings = area
        .iter()
        .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    rings
        .flat_map(|ring| ring.0.windows(2))
        .map(|pair| [to_grid(&pair[0]), to_grid(&pair[1])])
        .collect()
}

/// Twice the signed area within directed edges.
fn twice_area<'a>(edges: impl IntoIterator<Item = &'a [Vertex; 2]>) -> i128 {
    let cross = |[a, b]: &[Vertex; 2]| {
        i128::from(a.x) * i128::from(b.y) - i128::from(a.y) * i128::from(b.x)
    };
    edges.into_iter().map(cross).sum()
}

fn turn(a: Vertex, b: Vertex, c: Vertex) -> i128 {
    twice_area(&[[a, b], [b, c], [c, a]])
}

/// Whether two edges have a place in common that is not an end of both.
fn collide([a, b]: [Vertex; 2], [c, d]: [Vertex; 2]) -> bool {
    let lies_on = |[a, b]: [Vertex; 2], p: Vertex| {
        turn(a, b, p) == 0
            && p != a
            && p != b
            && (a.x.min(b.x)..=a.x.max(b.x)).contains(&p.x)
            && (a.y.min(b.y)..=a.y.max(b.y)).contains(&p.y)
    };
    let parts = |[a, b]: [Vertex; 2], c, d| turn(a, b, c).signum() * turn(a, b, d).signum() < 0;
    lies_on([a, b], c)
        || lies_on([a, b], d)
        || lies_on([c, d], a)
        || lies_on([c, d], b)
        || (parts([a, b], c, d) && parts([c, d], a, b))
}

/// Fails unless the areas have no gap and no overlap: edges meet only at their ends, each bounds one area or, once in
/// either direction, two; and all areas together are what the edges of one area enclose.
fn assert_fits(areas: &[MultiPolygon<f64>]) {
    let of_area: Vec<Vec<[Vertex; 2]>> = areas.iter().map(edges).collect();
    let all: Vec<[Vertex; 2]> = of_area.concat();
    let directed: BTreeSet<[Vertex; 2]> = all.iter().copied().collect();
    assert_eq!(
        directed.len(),
        all.len(),
        "an edge bounds two areas on one side"
    );
    let undirected: BTreeSet<[Vertex; 2]> =
        all.iter().map(|[a, b]| [*a.min(b), *a.max(b)]).collect();
    let undirected: Vec<[Vertex; 2]> = undirected.into_iter().collect();
    for (index, one) in undirected.iter().enumerate() {
        for other in &undirected[index + 1..] {
            assert!(!collide(*one, *other), "{one:?} meets {other:?}");
        }
    }
    let sum: i128 = of_area.iter().map(twice_area).sum();
    let outer = all.iter().filter(|[a, b]| !directed.contains(&[*b, *a]));
    assert_eq!(sum, twice_area(outer), "areas and their union differ");
    for edges in &of_area {
        assert!(0 < twice_area(edges), "an area vanished");
    }
}

fn n_vertices(areas: &[MultiPolygon<f64>]) -> usize {
    areas.iter().map(|area| edges(area).len()).sum()
}

fn simplified(areas: &[MultiPolygon<f64>], tolerance_m: f64) -> Vec<MultiPolygon<f64>> {
    let mut coverage = Coverage::of(areas);
    coverage.simplify(tolerance_m);
    coverage.areas()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn areas_that_fit_together_still_do_at_any_tolerance(
        n in 2_usize..5,
        seed in any::<u64>(),
        tolerance_m in 0.0..3_000.0_f64,
    ) {
        let before = cells(n, seed);
        assert_fits(&before);
        let after = simplified(&before, tolerance_m);
        assert_fits(&after);
        prop_assert!(n_vertices(&after) <= n_vertices(&before));
    }

    #[test]
    fn no_vertex_is_new_and_none_where_three_areas_meet_is_lost(seed in any::<u64>()) {
        let before = cells(3, seed);
        let after = simplified(&before, 10_000.0);
        let users = |areas: &[MultiPolygon<f64>]| {
            let mut users: BTreeMap<Vertex, BTreeSet<usize>> = BTreeMap::new();
            for (index, area) in areas.iter().enumerate() {
                for [vertex, _] in edges(area) {
                    users.entry(vertex).or_default().insert(index);
                }
            }
            users
        };
        let (before, after) = (users(&before), users(&after));
        for vertex in after.keys() {
            prop_assert!(before.contains_key(vertex));
        }
        for (vertex, areas) in before {
            if 3 <= areas.len() {
                prop_assert_eq!(after.get(&vertex), Some(&areas));
            }
        }
    }

    #[test]
    fn going_on_from_a_smaller_tolerance_keeps_the_fit(seed in any::<u64>()) {
        let mut coverage = Coverage::of(&cells(3, seed));
        let mut n_before = usize::MAX;
        for tolerance_m in [20.0, 150.0, 1_200.0] {
            coverage.simplify(tolerance_m);
            let areas = coverage.areas();
            assert_fits(&areas);
            prop_assert!(n_vertices(&areas) < n_before);
            n_before = n_vertices(&areas);
        }
    }
}

#[test]
fn nothing_changes_where_the_tolerance_is_nothing() {
    let before = cells(3, 7);
    let after = Coverage::of(&before).areas();
    for (before, after) in before.iter().zip(&after) {
        let sorted = |area| {
            let mut edges = edges(area);
            edges.sort_unstable();
            edges
        };
        assert_eq!(sorted(before), sorted(after));
    }
}

#[test]
fn a_square_alone_becomes_a_triangle_and_never_less() {
    let square = MultiPolygon(vec![Polygon::new(
        LineString::from(vec![
            (0.0, 0.0),
            (10.0, 0.0),
            (10.0, 10.0),
            (0.0, 10.0),
            (0.0, 0.0),
        ]),
        Vec::new(),
    )]);
    let after = simplified(std::slice::from_ref(&square), 1e6);
    assert_eq!(edges(&after[0]).len(), 3);
    assert_fits(&after);
}

#[test]
fn a_lens_between_two_neighbours_keeps_one_vertex() {
    // Between (0, 0) and (10, 0) lies a lens of 1 m; above and below it two areas that share the rest.
    let ring = |vertices: &[(f64, f64)]| {
        MultiPolygon(vec![Polygon::new(
            LineString::from(vertices.to_vec()),
            Vec::new(),
        )])
    };
    let areas = [
        ring(&[
            (0.0, 0.0),
            (3.0, -0.5),
            (7.0, -0.5),
            (10.0, 0.0),
            (7.0, 0.5),
            (3.0, 0.5),
            (0.0, 0.0),
        ]),
        ring(&[
            (0.0, 0.0),
            (3.0, 0.5),
            (7.0, 0.5),
            (10.0, 0.0),
            (10.0, 10.0),
            (0.0, 10.0),
            (0.0, 0.0),
        ]),
        ring(&[
            (0.0, 0.0),
            (0.0, -10.0),
            (10.0, -10.0),
            (10.0, 0.0),
            (7.0, -0.5),
            (3.0, -0.5),
            (0.0, 0.0),
        ]),
    ];
    assert_fits(&areas);
    let after = simplified(&areas, 100.0);
    assert_fits(&after);
    assert_eq!(edges(&after[0]).len(), 3);
}

#[test]
fn a_bay_is_not_filled_over_an_island() {
    // The bay of the shore has 10 · 5 / 2 = 25 m², less than 6² m²; every other triangle is larger.
    let shore = [
        (-50.0, -50.0),
        (10.0, -50.0),
        (10.0, 0.0),
        (5.0, 3.0),
        (10.0, 10.0),
        (10.0, 60.0),
        (-50.0, 60.0),
        (-50.0, -50.0),
    ];
    let island = [(8.0, 2.0), (8.5, 2.0), (8.5, 2.5), (8.0, 2.0)];
    let area = |ring: &[(f64, f64)]| {
        MultiPolygon(vec![Polygon::new(
            LineString::from(ring.to_vec()),
            Vec::new(),
        )])
    };
    let bay = to_grid(&Coord { x: 5.0, y: 3.0 });
    let has_bay = |after: &[MultiPolygon<f64>]| edges(&after[0]).iter().any(|[a, _]| *a == bay);
    assert!(!has_bay(&simplified(&[area(&shore)], 6.0)));
    assert!(has_bay(&simplified(&[area(&shore), area(&island)], 6.0)));
}

#[test]
fn borders_of_groups_leave_out_what_lies_within_a_group() {
    let square = |x: f64| {
        MultiPolygon(vec![Polygon::new(
            LineString::from(vec![
                (x, 0.0),
                (x + 10.0, 0.0),
                (x + 10.0, 10.0),
                (x, 10.0),
                (x, 0.0),
            ]),
            Vec::new(),
        )])
    };
    let coverage = Coverage::of(&[square(0.0), square(10.0), square(20.0)]);
    let length_m = |groups: &[usize]| {
        let lines = coverage.borders_of_groups(groups);
        let pieces = lines.iter().flat_map(LineString::lines);
        pieces
            .map(|piece| (piece.dx().powi(2) + piece.dy().powi(2)).sqrt())
            .sum::<f64>()
    };
    let around = 2.0 * 30.0 + 2.0 * 10.0;
    assert!((length_m(&[1, 1, 1]) - around).abs() < 0.001);
    assert!((length_m(&[1, 1, 2]) - (around + 10.0)).abs() < 0.001);
    assert!((length_m(&[1, 2, 1]) - (around + 2.0 * 10.0)).abs() < 0.001);
}

#[test]
fn an_area_without_extent_on_the_grid_is_empty() {
    let dot = MultiPolygon(vec![Polygon::new(
        LineString::from(vec![(0.0, 0.0), (1e-4, 0.0), (1e-4, 1e-4), (0.0, 0.0)]),
        Vec::new(),
    )]);
    assert_eq!(simplified(&[dot], 1.0), [MultiPolygon(Vec::new())]);
}
