//! Vertices out of arcs, least area first, while every border stays clear of every other.
//!
//! Taking out vertex `v` between `a` and `b` moves the border over the triangle `a v b`. Where no other vertex lies in
//! that triangle or on its edges, no border can cross it either (to get in and out of it without a vertex inside, a
//! straight border would have to cross `a v` or `v b`), so borders that did not cross or touch before do not after.
//! An area could still be pressed flat between two arcs with the same ends, or on a ring without junctions: the first
//! arc that becomes straight between two junctions stays the only one, and a ring keeps three vertices.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::Vertex;

/// A vertex with its position in [`Simplifier::vertices`].
type Entry = GeomWithData<[f64; 2], usize>;

/// The arcs while they lose vertices.
///
/// `vertices`, `before`, `after`, `is_there` and `arc_of` are parallel: the arcs one after the other, ends included;
/// a junction stands once in every arc that ends there. `arcs` has the first and last position of each arc.
#[derive(Debug, Clone)]
pub(super) struct Simplifier {
    vertices: Vec<Vertex>,
    before: Vec<usize>,
    after: Vec<usize>,
    is_there: Vec<bool>,
    arc_of: Vec<usize>,
    arcs: Vec<Arc>,
    /// Ends of arcs that are one straight piece, lesser end first.
    straight: HashSet<[Vertex; 2]>,
    /// Where every vertex is or was.
    places: RTree<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Arc {
    first: usize,
    last: usize,
    /// Vertices that are there, both ends included.
    n: usize,
}

/// A vertex that may go: twice its triangle's area, then its position, so that ties are broken the same everywhere.
type Candidate = Reverse<(u128, usize)>;

impl Simplifier {
    pub(super) fn new(lines: Vec<Vec<Vertex>>) -> Self {
        let mut simplifier = Self {
            vertices: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            is_there: Vec::new(),
            arc_of: Vec::new(),
            arcs: Vec::new(),
            straight: HashSet::new(),
            places: RTree::new(),
        };
        for line in lines {
            simplifier.add(line);
        }
        let places = simplifier.vertices.iter().enumerate();
        let entries = places.map(|(position, vertex)| Entry::new(corner(*vertex), position));
        simplifier.places = RTree::bulk_load(entries.collect());
        simplifier
    }

    fn add(&mut self, line: Vec<Vertex>) {
        let (first, n) = (self.vertices.len(), line.len());
        let last = first + n - 1;
        for position in first..=last {
            // The ends have no neighbour beyond them: they stand for it themselves and are never looked at.
            self.before.push(position.max(first + 1) - 1);
            self.after.push((position + 1).min(last));
            self.is_there.push(true);
            self.arc_of.push(self.arcs.len());
        }
        self.vertices.extend(line);
        self.arcs.push(Arc { first, last, n });
        if n == 2 {
            self.straight.insert(self.ends(self.arcs.len() - 1));
        }
    }

    /// Takes out what is at most `tolerance` squared in area. The tolerance is in units of the grid.
    pub(super) fn simplify(&mut self, tolerance: f64) {
        let largest = twice_area_of(tolerance);
        let mut heap: BinaryHeap<Candidate> = (0..self.vertices.len())
            .filter_map(|position| self.candidate(position, largest))
            .collect();
        loop {
            let mut kept_for_others = Vec::new();
            let mut n_gone = 0_usize;
            while let Some(Reverse((twice_area, position))) = heap.pop() {
                let is_current = self.is_there[position] && self.twice_area(position) == twice_area;
                if !is_current {
                    continue;
                }
                if self.is_in_the_way_of_another(position) {
                    kept_for_others.push(position);
                    continue;
                }
                if !self.may_lose_one(self.arc_of[position]) {
                    continue;
                }
                self.take_out(position);
                n_gone += 1;
                for neighbour in [self.before[position], self.after[position]] {
                    heap.extend(self.candidate(neighbour, largest));
                }
            }
            // Those that went may have been what was in the way: once more, until nothing changes.
            if n_gone == 0 || kept_for_others.is_empty() {
                return;
            }
            let again = kept_for_others.into_iter();
            heap.extend(again.filter_map(|position| self.candidate(position, largest)));
        }
    }

    /// How many arcs there are; they are numbered from 0.
    pub(super) fn n_arcs(&self) -> usize {
        self.arcs.len()
    }

    /// The vertices of an arc that are there, in its direction.
    pub(super) fn line(&self, arc: usize) -> Vec<Vertex> {
        let Arc { first, last, n } = self.arcs[arc];
        let mut line = Vec::with_capacity(n);
        let mut position = first;
        while position != last {
            line.push(self.vertices[position]);
            position = self.after[position];
        }
        line.push(self.vertices[last]);
        line
    }

    /// A vertex within an arc whose triangle is small enough.
    fn candidate(&self, position: usize, largest: u128) -> Option<Candidate> {
        let arc = self.arcs[self.arc_of[position]];
        let is_end = position == arc.first || position == arc.last;
        if is_end || !self.is_there[position] {
            return None;
        }
        let twice_area = self.twice_area(position);
        (twice_area <= largest).then_some(Reverse((twice_area, position)))
    }

    fn triangle(&self, position: usize) -> [Vertex; 3] {
        [self.before[position], position, self.after[position]].map(|each| self.vertices[each])
    }

    fn twice_area(&self, position: usize) -> u128 {
        let [a, v, b] = self.triangle(position);
        turn(a, v, b).unsigned_abs()
    }

    /// Whether another vertex lies in the triangle of this one, or on its edges.
    fn is_in_the_way_of_another(&self, position: usize) -> bool {
        let corners = self.triangle(position);
        let area = AABB::from_points(&corners.map(corner));
        self.places
            .locate_in_envelope_intersecting(area)
            .any(|entry| {
                let other = self.vertices[entry.data];
                self.is_there[entry.data] && !corners.contains(&other) && is_in(corners, other)
            })
    }

    /// Whether an arc with one vertex less still bounds an area on both sides.
    fn may_lose_one(&self, arc: usize) -> bool {
        let [one, other] = self.ends(arc);
        if one == other {
            // Three corners, the first of them twice.
            return 4 < self.arcs[arc].n;
        }
        3 < self.arcs[arc].n || !self.straight.contains(&[one, other])
    }

    fn take_out(&mut self, position: usize) {
        let (before, after) = (self.before[position], self.after[position]);
        self.after[before] = after;
        self.before[after] = before;
        self.is_there[position] = false;
        let arc = self.arc_of[position];
        self.arcs[arc].n -= 1;
        if self.arcs[arc].n == 2 {
            self.straight.insert(self.ends(arc));
        }
    }

    /// The ends of an arc, lesser first.
    fn ends(&self, arc: usize) -> [Vertex; 2] {
        let Arc { first, last, .. } = self.arcs[arc];
        let mut ends = [self.vertices[first], self.vertices[last]];
        ends.sort_unstable();
        ends
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a square is not negative, and casts saturate"
)]
fn twice_area_of(tolerance: f64) -> u128 {
    (2.0 * tolerance * tolerance) as u128
}

/// A vertex for the R-tree: whole numbers below 2^53 are exact.
fn corner(vertex: Vertex) -> [f64; 2] {
    [vertex.x as f64, vertex.y as f64]
}

/// Twice the signed area of the triangle: positive where it turns left.
fn turn(a: Vertex, b: Vertex, c: Vertex) -> i128 {
    let across = |from: i64, to: i64| i128::from(to) - i128::from(from);
    across(a.x, b.x) * across(a.y, c.y) - across(a.y, b.y) * across(a.x, c.x)
}

/// Whether a vertex lies in a triangle or on its edges; of a flat triangle, on its line between the outer corners.
fn is_in(corners: [Vertex; 3], vertex: Vertex) -> bool {
    let [a, b, c] = corners;
    let turns = [turn(a, b, vertex), turn(b, c, vertex), turn(c, a, vertex)];
    let is_beside = turns.iter().any(|turn| *turn < 0) && turns.iter().any(|turn| *turn > 0);
    // All turns of a flat triangle are 0 for every vertex on its line: the envelope has the rest.
    !is_beside
}
