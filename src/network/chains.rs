//! Chains of road between junctions: what becomes one edge, whatever records it was drawn in.

use super::Cost;
use super::Direction::{self, Backward, Forward};
use super::grid_point::GridPoint;
use super::lines::Lines;
use super::road_kinds::KindKey;
use super::road_network::id;

/// A run of pieces of one line and one kind, with no junction inside: the vertices from `first` to `last`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) line: u32,
    pub(super) first: u32,
    pub(super) last: u32,
    kind: u32,
}

/// A part followed with its line or against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) part: u32,
    pub(super) direction: Direction,
}

impl Step {
    fn reversed(self) -> Self {
        Self {
            direction: self.direction.reversed(),
            ..self
        }
    }
}

/// Steps from one node to another.
pub(super) type Chain = Vec<Step>;

/// What stands at the place of a part's end.
#[derive(Debug, Clone, Copy)]
struct Junction {
    n_parts: u32,
    /// The first two steps that lead away from it.
    away: [Step; 2],
}

/// The parts of all lines, and what meets where.
///
/// A place is passed by when exactly two parts end there and both are of one kind along the way.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    lines: &'a Lines<'a>,
    list: Vec<Part>,
    /// Per place; nothing ends at most of them.
    junctions: Vec<Junction>,
}

impl<'a> Parts<'a> {
    /// Cuts lines at their ends, at places that occur more than once and where the kind changes.
    pub(super) fn new(lines: &'a Lines<'a>) -> Self {
        let mut parts = Vec::new();
        for line in 0..lines.n_lines() {
            let [mut first, last] = lines.ends(line);
            for vertex in first + 1..=last {
                let here = vertex as usize;
                let is_cut = vertex == last
                    || lines.n_visits[lines.place[here] as usize] > 1
                    || lines.kind[here] != lines.kind[here - 1];
                if is_cut {
                    parts.push(Part {
                        line: id(line),
                        first,
                        last: vertex,
                        kind: lines.kind[here - 1],
                    });
                    first = vertex;
                }
            }
        }
        let nobody = Step {
            part: 0,
            direction: Forward,
        };
        let nothing = Junction {
            n_parts: 0,
            away: [nobody; 2],
        };
        let mut parts = Self {
            lines,
            list: parts,
            junctions: vec![nothing; lines.n_visits.len()],
        };
        for part in 0..id(parts.list.len()) {
            for direction in [Forward, Backward] {
                let step = Step { part, direction };
                let place = parts.start(step);
                let junction = &mut parts.junctions[place as usize];
                if let Some(away) = junction.away.get_mut(junction.n_parts as usize) {
                    *away = step;
                }
                junction.n_parts += 1;
            }
        }
        parts
    }

    /// The place that a step starts from.
    pub(super) fn start(&self, step: Step) -> u32 {
        let part = self.list[step.part as usize];
        let vertex = match step.direction {
            Forward => part.first,
            Backward => part.last,
        };
        self.lines.place[vertex as usize]
    }

    /// The place that a step leads to.
    pub(super) fn end(&self, step: Step) -> u32 {
        self.start(step.reversed())
    }

    pub(super) fn part(&self, step: Step) -> Part {
        self.list[step.part as usize]
    }

    /// The kind of a step, along it.
    pub(super) fn kind(&self, step: Step) -> u32 {
        let kind = self.list[step.part as usize].kind;
        match step.direction {
            Forward => kind,
            Backward => self.lines.kinds.turned(kind),
        }
    }

    /// Vertices along a chain, each place once but for where it meets itself.
    pub(super) fn vertices(&self, chain: &[Step]) -> impl Iterator<Item = u32> {
        chain.iter().enumerate().flat_map(|(position, step)| {
            let Part { first, last, .. } = self.part(*step);
            let n_skipped = usize::from(position > 0);
            let along = (0..=last - first).map(move |n| match step.direction {
                Forward => first + n,
                Backward => last - n,
            });
            along.skip(n_skipped)
        })
    }

    /// Pieces along a chain, by the number that [`Lines`] gives them.
    pub(super) fn pieces(&self, chain: &[Step]) -> impl Iterator<Item = u32> {
        chain.iter().flat_map(|step| {
            let Part { first, last, .. } = self.part(*step);
            (0..last - first).map(move |n| match step.direction {
                Forward => first + n,
                Backward => last - 1 - n,
            })
        })
    }

    /// Number of places where parts end.
    pub(super) fn n_ends(&self) -> u32 {
        id(self
            .junctions
            .iter()
            .filter(|each| each.n_parts > 0)
            .count())
    }

    /// Every part in exactly one chain; the result does not depend on the order of lines.
    ///
    /// A chain starts at its lower place. A ring that meets nothing starts and ends at the least place where it was cut.
    pub(super) fn chains(&self) -> Vec<Chain> {
        let mut is_used = vec![false; self.list.len()];
        let mut chains = Vec::new();
        for part in 0..id(self.list.len()) {
            for direction in [Forward, Backward] {
                let step = Step { part, direction };
                if !is_used[part as usize] && self.passed(self.start(step)).is_none() {
                    chains.push(self.follow(step, &mut is_used));
                }
            }
        }
        for junction in self.junctions.iter().filter(|each| each.n_parts == 2) {
            let step = junction.away[0];
            if !is_used[step.part as usize] {
                chains.push(self.follow(step, &mut is_used));
            }
        }
        for chain in &mut chains {
            self.orient(chain);
        }
        let mut chains: Vec<Chain> = chains
            .into_iter()
            .flat_map(|chain| self.cut_to_size(chain))
            .collect();
        for chain in &mut chains {
            self.orient(chain);
        }
        chains
    }

    /// Both steps away from a place, if chains pass it by.
    fn passed(&self, place: u32) -> Option<[Step; 2]> {
        let Junction { n_parts, away } = self.junctions[place as usize];
        let [a, b] = away;
        let is_passed = n_parts == 2 && a.part != b.part && self.kind(a.reversed()) == self.kind(b);
        is_passed.then_some(away)
    }

    fn follow(&self, start: Step, is_used: &mut [bool]) -> Chain {
        let mut chain = vec![start];
        is_used[start.part as usize] = true;
        let mut here = start;
        while let Some([a, b]) = self.passed(self.end(here)) {
            here = if a.part == here.part { b } else { a };
            if is_used[here.part as usize] {
                break;
            }
            is_used[here.part as usize] = true;
            chain.push(here);
        }
        chain
    }

    /// Turns a chain so that it starts at its lower place; a loop, so that what it passes is the lesser list.
    fn orient(&self, chain: &mut Chain) {
        let (first, last) = (chain[0], chain[chain.len() - 1]);
        let [start, end] = [self.start(first), self.end(last)];
        if start < end {
            return;
        }
        let turned: Chain = chain.iter().rev().map(|step| step.reversed()).collect();
        if end < start || self.compare(&turned, chain).is_lt() {
            *chain = turned;
        }
    }

    /// The order of chains between the same places: by where they run, then by road id, then by kind.
    pub(super) fn compare(&self, a: &[Step], b: &[Step]) -> std::cmp::Ordering {
        let points = |chain| {
            self.vertices(chain)
                .map(|each| self.lines.points[each as usize])
        };
        let by_points = points(a).cmp(points(b));
        by_points
            .then_with(|| self.road_ids(a).cmp(self.road_ids(b)))
            .then_with(|| self.key(a).cmp(&self.key(b)))
    }

    fn road_ids<'b>(&'b self, chain: &'b [Step]) -> impl Iterator<Item = (&'b str, GridPoint)> {
        chain.iter().map(|step| {
            let part = self.part(*step);
            let id = self.lines.road_ids[part.line as usize];
            let end = match step.direction {
                Forward => part.last,
                Backward => part.first,
            };
            (id, self.lines.points[end as usize])
        })
    }

    fn key(&self, chain: &[Step]) -> KindKey {
        self.lines.kinds.list[self.kind(chain[0]) as usize].key()
    }

    /// A chain in as many as it takes to count the length of each.
    fn cut_to_size(&self, chain: Chain) -> Vec<Chain> {
        let length_mm = |step: &Step| -> u64 {
            let pieces = self.pieces(std::slice::from_ref(step));
            pieces
                .map(|piece| u64::from(self.lines.length[piece as usize].0))
                .sum()
        };
        let limit_mm = u64::from(Cost::LARGEST);
        if chain.iter().map(length_mm).sum::<u64>() < limit_mm {
            return vec![chain];
        }
        let mut so_far_mm = 0;
        let mut cut: Vec<Chain> = Vec::new();
        for step in chain {
            so_far_mm += length_mm(&step);
            if let Some(last) = cut.last_mut().filter(|_| so_far_mm < limit_mm) {
                last.push(step);
            } else {
                so_far_mm = length_mm(&step);
                cut.push(vec![step]);
            }
        }
        cut
    }
}
