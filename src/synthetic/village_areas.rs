//! Villages as groups of cells: small along the roads and near the capital, large in the hills.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::{LineString, MultiPolygon, Polygon};

use super::ground::Ground;
use super::lattice::Lattice;
use super::micro::{Micro, floor_cell, turn, whole};
use super::noise::valleys;
use super::random::{Random, unit_at};
use super::road_plan::RoadPlan;
use super::search::Spread;

/// What a border avoids, in the cost of a step: about 240.
const RIVER_AS_BORDER: u32 = 500;

/// Steps from the edge of the district within which no main settlement stands.
const EDGE_STEPS: u32 = 3;

/// Chooses a cell for the main settlement of each of `n` villages; the capital's is the first.
///
/// Fewer than `n` where the land has fewer cells.
pub(super) fn choose_seats(
    ground: &Ground,
    plan: &RoadPlan,
    capital: usize,
    n: usize,
    seed: u64,
) -> Vec<usize> {
    let from_road = ground.steps_from(plan.cells(ground));
    let from_capital = ground.steps_from([capital]);
    let mut order = ground.land.clone();
    order.retain(|cell| !ground.is_island[*cell]);
    let coast = ground
        .land
        .iter()
        .copied()
        .filter(|cell| ground.is_coast(*cell));
    let from_edge = ground.steps_from(coast);
    let is_inland = |cell: &usize| {
        from_edge
            .cost(*cell)
            .is_some_and(|steps| EDGE_STEPS <= steps)
    };
    if 2 * n <= order.iter().filter(|cell| is_inland(cell)).count() {
        order.retain(is_inland);
    }
    Random::stream(seed, "seats").shuffle(&mut order);
    let cell_m = ground.lattice.cells[capital].distance_m(ground.lattice.cells[capital + 1]);
    let mut room_m = vec![0.0; ground.lattice.n_cells()];
    for cell in &order {
        let km = |spread: &Spread| f64::from(spread.cost(*cell).unwrap_or(0)) * cell_m / 1000.0;
        let by_road = 0.55 + (km(&from_road) / 14.0).min(1.0);
        let by_capital = (0.35 + km(&from_capital) / 20.0).min(1.0);
        room_m[*cell] = (by_road + 0.9 * ground.hill[*cell]) * by_capital * 6_000.0;
    }
    let mut seats = vec![capital];
    let mut shrink = 1.0;
    while seats.len() < n.min(order.len()) {
        accept_seats(&ground.lattice, &order, &mut seats, n, |cell| {
            room_m[cell] * shrink
        });
        shrink *= 0.93;
    }
    seats
}

/// Adds the cells, in order, that keep their distance from every seat, until there are `n`.
fn accept_seats(
    lattice: &Lattice,
    order: &[usize],
    seats: &mut Vec<usize>,
    n: usize,
    room_m: impl Fn(usize) -> f64,
) {
    let square_m = order.iter().map(|cell| room_m(*cell)).fold(1.0, f64::max);
    let square = |place: Micro| {
        (
            floor_cell(place.x, square_m).0,
            floor_cell(place.y, square_m).0,
        )
    };
    let mut by_square: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for seat in seats.iter() {
        let place = lattice.cells[*seat];
        by_square.entry(square(place)).or_default().push(*seat);
    }
    for cell in order {
        if seats.len() == n {
            return;
        }
        let place = lattice.cells[*cell];
        let (column, row) = square(place);
        let room = room_m(*cell);
        let is_free = (column - 1..=column + 1).all(|column| {
            (row - 1..=row + 1).all(|row| {
                let near = by_square.get(&(column, row));
                near.into_iter()
                    .flatten()
                    .all(|seat| *seat != *cell && room <= lattice.cells[*seat].distance_m(place))
            })
        });
        if is_free {
            seats.push(*cell);
            by_square.entry((column, row)).or_default().push(*cell);
        }
    }
}

/// Gives every cell of land to a village, each village growing from its seat; by cell.
pub(super) fn grow_villages(ground: &Ground, seats: &[usize], seed: u64) -> Vec<Option<usize>> {
    let uneven = |cell: usize| {
        let place = ground.lattice.cells[cell];
        whole(60.0 + 360.0 * valleys(seed, place, 6_000.0) + 90.0 * unit_at(seed, place.x, place.y))
    };
    let spread = Spread::from(ground.lattice.n_cells(), seats.iter().copied(), |cell| {
        let mut steps = [None; 6];
        for (direction, step) in steps.iter_mut().enumerate() {
            let other = ground.lattice.neighbour(cell, direction);
            let side = ground.lattice.side(cell, direction);
            let river = if ground.is_river[side] {
                RIVER_AS_BORDER
            } else {
                0
            };
            let cost = uneven(other) + river;
            *step = ground.is_land[other].then_some((other, cost));
        }
        steps
    });
    let mut village_of_seat = vec![None; ground.lattice.n_cells()];
    for (village, seat) in seats.iter().enumerate() {
        village_of_seat[*seat] = Some(village);
    }
    let sources = spread.sources();
    sources
        .into_iter()
        .map(|seat| seat.and_then(|seat| village_of_seat[seat]))
        .collect()
}

/// The area of each village, from the sides that it shares with others: borders agree to the last digit.
pub(super) fn trace_areas(
    ground: &Ground,
    village: &[Option<usize>],
    n_villages: usize,
) -> Vec<MultiPolygon<f64>> {
    let lattice = &ground.lattice;
    let mut borders: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); n_villages];
    for cell in &ground.land {
        let Some(own) = village[*cell] else { continue };
        for direction in 0..6 {
            if village[lattice.neighbour(*cell, direction)] != Some(own) {
                let from = lattice.corner(*cell, (direction + 5) % 6);
                borders[own].insert(from, lattice.corner(*cell, direction));
            }
        }
    }
    let areas = borders
        .into_iter()
        .map(|border| area_within(lattice, border));
    areas.collect()
}

/// The polygon whose border turns left around it, from each corner to the next; its holes turn right.
fn area_within(lattice: &Lattice, mut border: BTreeMap<usize, usize>) -> MultiPolygon<f64> {
    let (mut outer, mut holes) = (Vec::new(), Vec::new());
    while let Some((first, next)) = border.pop_first() {
        let mut ring = vec![first];
        let mut at = next;
        while at != first {
            ring.push(at);
            at = border
                .remove(&at)
                .expect("three cells meet in a corner, so each border goes on in one way");
        }
        let places: Vec<Micro> = ring.iter().map(|corner| lattice.corners[*corner]).collect();
        let turns_left = twice_area(&places) > 0;
        let mut line: LineString<f64> = places.into_iter().map(Micro::coord).collect();
        line.close();
        if turns_left { &mut outer } else { &mut holes }.push(line);
    }
    let mut outer = outer.into_iter();
    let exterior = outer.next().unwrap_or_else(|| LineString::new(Vec::new()));
    let mut polygons = vec![Polygon::new(exterior, holes)];
    polygons.extend(outer.map(|ring| Polygon::new(ring, Vec::new())));
    MultiPolygon(polygons)
}

fn twice_area(ring: &[Micro]) -> i64 {
    let origin = ring[0];
    let pairs = ring.windows(2);
    pairs.map(|pair| turn(origin, pair[0], pair[1])).sum()
}

/// For each village those that share a side with it, in order.
pub(super) fn neighbours_of_villages(
    ground: &Ground,
    village: &[Option<usize>],
    n_villages: usize,
) -> Vec<Vec<usize>> {
    let mut neighbours = vec![BTreeSet::new(); n_villages];
    for cell in &ground.land {
        let Some(own) = village[*cell] else { continue };
        for other in ground.lattice.neighbours(*cell) {
            if let Some(other) = village[other].filter(|other| *other != own) {
                neighbours[own].insert(other);
            }
        }
    }
    let lists = neighbours.into_iter().map(|set| set.into_iter().collect());
    lists.collect()
}
