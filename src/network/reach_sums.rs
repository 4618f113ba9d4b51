//! For many origins, the sum of what lies within a cutoff: people in reach of every node.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::road_network::id;
use super::{Arc, Cancelled, Label, Search, SearchGraph, Seed};

/// Origins searched from at the same time.
const LANES: usize = 32;
/// Two costs of at most this, and one, add up to no more than a lane holds: 12 days, or 1,073 km.
const LARGEST_LANE_CUTOFF: u32 = (1 << 30) - 1;

/// For each origin, the sum of the amounts of the nodes that it reaches at a cost of at most `cutoff`, itself included.
///
/// `amounts` are those of all nodes. Fastest where origins that follow each other in the list stand near each other,
/// as the nodes of a network do. The result does not depend on that, nor on threads. A sum saturates.
///
/// # Errors
/// `cancel` was raised.
///
/// # Panics
/// An origin is not a node, or a node has no amount.
pub fn sums_within(
    graph: &SearchGraph<u32>,
    origins: &[u32],
    amounts: &[u64],
    cutoff: u32,
    threads: NonZeroUsize,
    cancel: &AtomicBool,
) -> Result<Vec<u64>, Cancelled> {
    let mut sums = vec![0; origins.len()];
    let groups = origins.chunks(LANES).zip(sums.chunks_mut(LANES));
    let groups = Mutex::new(groups);
    let next_group = || groups.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut group_search = GroupSearch::new(graph, cutoff);
        while let Some((origins, sums)) = next_group() {
            group_search.sum(origins, amounts, sums, cancel)?;
        }
        Ok(())
    };
    let outcome = thread::scope(|scope| {
        let others: Vec<_> = (1..threads.get()).map(|_| scope.spawn(work)).collect();
        let mut outcome = work();
        for other in others {
            outcome = outcome.and(other.join().expect("a search does not panic"));
        }
        outcome
    });
    outcome.map(|()| sums)
}

/// A search from a few origins at once, and its scratch.
///
/// One search from all of them together finds the nodes in reach of any, and their order by the cost from the nearest
/// origin. In that order each node passes on the costs from all origins, side by side; where origins are near each
/// other nearly every node is then passed once. Whatever improves later is passed on again, so the result is exact.
#[derive(Debug)]
struct GroupSearch<'a> {
    graph: &'a SearchGraph<u32>,
    cutoff: u32,
    search: Search<1, u32>,
    /// Costs and nodes in reach, in order: a node's place is its rank.
    ranked: Vec<(u32, u32)>,
    /// The rank of each node; `u32::MAX` for those out of reach.
    rank_of: Vec<u32>,
    /// The node of rank r has the arcs `first[r]..first[r + 1]`, whose heads are ranks.
    first: Vec<u32>,
    arcs: Vec<Arc<i32>>,
    /// By rank, the cost from each origin; one more than the cutoff is out of reach.
    costs: Vec<[i32; LANES]>,
    /// One bit a rank: its costs have improved since it passed them on.
    improved: Vec<u64>,
}

impl<'a> GroupSearch<'a> {
    fn new(graph: &'a SearchGraph<u32>, cutoff: u32) -> Self {
        Self {
            graph,
            cutoff,
            search: Search::new(),
            ranked: Vec::new(),
            rank_of: vec![u32::MAX; graph.n_nodes()],
            first: Vec::new(),
            arcs: Vec::new(),
            costs: Vec::new(),
            improved: Vec::new(),
        }
    }

    /// Writes the sum of each origin.
    fn sum(
        &mut self,
        origins: &[u32],
        amounts: &[u64],
        sums: &mut [u64],
        cancel: &AtomicBool,
    ) -> Result<(), Cancelled> {
        let Some(beyond) = lane_cost(self.cutoff).map(|cutoff| cutoff + 1) else {
            return self.sum_one_by_one(origins, amounts, sums, cancel);
        };
        self.search_from(origins, cancel)?;
        self.rank_reached();
        self.start(origins, beyond);
        self.pass_all_on(cancel)?;
        self.add_up(amounts, beyond, sums);
        for (_, node) in &self.ranked {
            self.rank_of[*node as usize] = u32::MAX;
        }
        Ok(())
    }

    /// For cutoffs that lanes cannot hold.
    fn sum_one_by_one(
        &mut self,
        origins: &[u32],
        amounts: &[u64],
        sums: &mut [u64],
        cancel: &AtomicBool,
    ) -> Result<(), Cancelled> {
        for (origin, sum) in origins.iter().zip(sums) {
            self.search_from(&[*origin], cancel)?;
            let reached = self.search.reached().map(|node| amounts[node as usize]);
            *sum = reached.fold(0, u64::saturating_add);
        }
        Ok(())
    }

    fn search_from(&mut self, origins: &[u32], cancel: &AtomicBool) -> Result<(), Cancelled> {
        let label = Label {
            facility: 0,
            cost: 0,
        };
        let seeds = origins.iter().map(|node| Seed { node: *node, label });
        let seeds: Vec<_> = seeds.collect();
        self.search
            .run(self.graph, &seeds, Some(self.cutoff), cancel)
    }

    /// Numbers the nodes in reach by cost, and keeps the arcs between them.
    fn rank_reached(&mut self) {
        let search = &self.search;
        self.ranked.clear();
        self.ranked.extend(
            search
                .reached()
                .map(|node| (search.labels(node)[0].cost, node)),
        );
        self.ranked.sort_unstable();
        for (rank, (_, node)) in (0..).zip(&self.ranked) {
            self.rank_of[*node as usize] = rank;
        }
        self.first.clear();
        self.arcs.clear();
        self.first.push(0);
        for (_, node) in &self.ranked {
            for arc in self.graph.arcs(*node) {
                let head = self.rank_of[arc.head as usize];
                let cost = lane_cost(arc.cost).filter(|_| arc.cost <= self.cutoff);
                if let Some(cost) = cost.filter(|_| head != u32::MAX) {
                    self.arcs.push(Arc { head, cost });
                }
            }
            self.first.push(id(self.arcs.len()));
        }
    }

    fn start(&mut self, origins: &[u32], beyond: i32) {
        let n_ranks = self.ranked.len();
        self.costs.clear();
        self.costs.resize(n_ranks, [beyond; LANES]);
        self.improved.clear();
        self.improved.resize(n_ranks.div_ceil(64), 0);
        for (lane, origin) in origins.iter().enumerate() {
            let rank = self.rank_of[*origin as usize] as usize;
            self.costs[rank][lane] = 0;
            self.improved[rank / 64] |= 1 << (rank % 64);
        }
    }

    /// Lets nodes pass their costs on, always the one of least rank that has improved, until none has.
    fn pass_all_on(&mut self, cancel: &AtomicBool) -> Result<(), Cancelled> {
        let mut word = 0;
        while word < self.improved.len() {
            if cancel.load(Ordering::Relaxed) {
                return Err(Cancelled);
            }
            let mut next_word = word + 1;
            while self.improved[word] != 0 {
                let rank = word * 64 + self.improved[word].trailing_zeros() as usize;
                self.improved[word] &= self.improved[word] - 1;
                next_word = next_word.min(self.pass_on(rank));
            }
            word = next_word;
        }
        Ok(())
    }

    /// Passes the costs at a node on along its arcs, and says the first word of ranks that improved.
    fn pass_on(&mut self, rank: usize) -> usize {
        let mut first_word = usize::MAX;
        let from = self.costs[rank];
        for arc in &self.arcs[self.first[rank] as usize..self.first[rank + 1] as usize] {
            let head = arc.head as usize;
            if relax(&mut self.costs[head], &from, arc.cost) {
                self.improved[head / 64] |= 1 << (head % 64);
                first_word = first_word.min(head / 64);
            }
        }
        first_word
    }

    fn add_up(&self, amounts: &[u64], beyond: i32, sums: &mut [u64]) {
        let mut lanes = [0_u64; LANES];
        for (costs, (_, node)) in self.costs.iter().zip(&self.ranked) {
            let amount = amounts[*node as usize];
            for (sum, cost) in lanes.iter_mut().zip(costs) {
                let counted = if *cost < beyond { amount } else { 0 };
                *sum = sum.saturating_add(counted);
            }
        }
        sums.copy_from_slice(&lanes[..sums.len()]);
    }
}

/// Lowers the costs at a node to those by way of another; true if any falls.
#[inline]
fn relax(to: &mut [i32; LANES], from: &[i32; LANES], cost: i32) -> bool {
    let mut has_improved = false;
    for (to, from) in to.iter_mut().zip(from) {
        let new = from + cost;
        has_improved |= new < *to;
        *to = new.min(*to);
    }
    has_improved
}

/// A cost as lanes hold it; none above [`LARGEST_LANE_CUTOFF`].
fn lane_cost(cost: u32) -> Option<i32> {
    let cost = (cost <= LARGEST_LANE_CUTOFF).then_some(cost)?;
    i32::try_from(cost).ok()
}
