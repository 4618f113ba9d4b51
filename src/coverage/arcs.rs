//! The lines between junctions, each held once.

use std::collections::HashMap;

use super::Vertex;

/// A ring as the arcs it runs along, in order.
pub(super) type Ring = Vec<Piece>;

/// An arc as a ring runs along it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// Position in the lines of [`Arcs::into_lines`].
    pub(super) arc: usize,
    /// Whether the ring runs from the arc's last vertex to its first.
    pub(super) is_backwards: bool,
}

/// The neighbours of a vertex along all rings, as far as they tell a junction from a vertex within an arc.
#[derive(Debug, Clone, Copy)]
enum Neighbours {
    /// The two that every ring passes between.
    Two([Vertex; 2]),
    /// More: arcs end here.
    More,
}

/// Arcs, found again by their vertices.
pub(super) struct Arcs {
    neighbours: HashMap<Vertex, Neighbours>,
    /// Each in its canonical direction: see [`canonical`].
    numbers: HashMap<Vec<Vertex>, usize>,
}

impl Arcs {
    /// No arcs yet, but all junctions: the vertices with other than two neighbours along these rings together.
    pub(super) fn between_junctions_of<'a>(rings: impl Iterator<Item = &'a Vec<Vertex>>) -> Self {
        let mut neighbours = HashMap::new();
        for ring in rings {
            let n = ring.len();
            for (position, vertex) in ring.iter().enumerate() {
                let mut two = [ring[(position + n - 1) % n], ring[(position + 1) % n]];
                two.sort_unstable();
                neighbours
                    .entry(*vertex)
                    .and_modify(|known| {
                        if !matches!(known, Neighbours::Two(same) if *same == two) {
                            *known = Neighbours::More;
                        }
                    })
                    .or_insert(Neighbours::Two(two));
            }
        }
        Self {
            neighbours,
            numbers: HashMap::new(),
        }
    }

    /// A ring as its arcs; those that no ring before it had are added.
    pub(super) fn cut(&mut self, ring: &[Vertex]) -> Ring {
        let junctions = (0..ring.len()).filter(|position| self.is_junction(ring[*position]));
        let mut ends: Vec<usize> = junctions.collect();
        if ends.is_empty() {
            // Whoever shares a ring without junctions shares all of it: both begin at its least vertex.
            ends.extend((0..ring.len()).min_by_key(|position| ring[*position]));
        }
        let n = ring.len();
        let next_end = |index: usize| match ends.get(index + 1) {
            Some(end) => *end,
            None => ends[0] + n,
        };
        ends.iter()
            .enumerate()
            .map(|(index, start)| {
                (*start..=next_end(index))
                    .map(|position| ring[position % n])
                    .collect()
            })
            .map(|line| self.number(line))
            .collect()
    }

    fn is_junction(&self, vertex: Vertex) -> bool {
        matches!(self.neighbours.get(&vertex), Some(Neighbours::More))
    }

    fn number(&mut self, line: Vec<Vertex>) -> Piece {
        let (line, is_backwards) = canonical(line);
        let next = self.numbers.len();
        let arc = *self.numbers.entry(line).or_insert(next);
        Piece { arc, is_backwards }
    }

    /// The vertices of every arc, its ends included, in order of number.
    pub(super) fn into_lines(self) -> Vec<Vec<Vertex>> {
        let mut lines = vec![Vec::new(); self.numbers.len()];
        for (line, number) in self.numbers {
            lines[number] = line;
        }
        lines
    }
}

/// A line in the lesser of its two directions, and whether that is backwards.
fn canonical(mut line: Vec<Vertex>) -> (Vec<Vertex>, bool) {
    let is_backwards = line.iter().rev().lt(line.iter());
    if is_backwards {
        line.reverse();
    }
    (line, is_backwards)
}
