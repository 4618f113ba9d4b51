//! Search from facilities outwards: for every node, the nearest facilities and what the way costs.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use super::bucket_queue::{BATCH, BucketQueue, Entry};
use super::cells::{self, CELL_NODES};
use super::label::offer;
use super::search_graph::SearchGraph;
use super::{Cost, Label, Quantity, Seed};

/// The caller asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// The K best labels of every node, and the scratch that found them, to be used again and again.
///
/// K best of every node is enough to know the K best of any other: a facility that is not among the K best of a node
/// is beaten, with the same ties, by K others on every way through that node. The least other quantity among ways of
/// equal cost is carried along because costs are added and compared as pairs.
///
/// Labels are the least that the arcs allow, so they depend neither on the order in which nodes are passed nor on the
/// number of threads.
#[derive(Debug)]
pub struct Search<const K: usize, Q = Cost> {
    labels: Vec<[Label<Q>; K]>,
    /// The nodes with a label, in the order in which they were first reached; empty after a search by cells.
    touched: Vec<u32>,
    is_listed: bool,
    /// One for each thread.
    queues: Vec<BucketQueue>,
}

impl<const K: usize, Q: Quantity> Search<K, Q> {
    /// A search on one thread.
    pub fn new() -> Self {
        Self::with_threads(NonZeroUsize::MIN)
    }

    /// A search that may use several threads where that pays: over the cells of a large network.
    pub fn with_threads(threads: NonZeroUsize) -> Self {
        Self {
            labels: Vec::new(),
            touched: Vec::new(),
            is_listed: true,
            queues: (0..threads.get()).map(|_| BucketQueue::new()).collect(),
        }
    }

    /// The labels of a node after a run; [`Label::NONE`] fills what was not found.
    #[inline]
    pub(crate) fn labels(&self, node: u32) -> &[Label<Q>; K] {
        &self.labels[node as usize]
    }

    /// The best facilities found from a node, the nearest first.
    pub fn found(&self, node: u32) -> impl Iterator<Item = Label<Q>> {
        self.labels(node).iter().map_while(|label| label.found())
    }

    /// The nodes from which a facility was found, in no order.
    pub fn reached(&self) -> impl Iterator<Item = u32> {
        let n_unlisted = if self.is_listed { 0 } else { self.labels.len() };
        let unlisted = (0..).zip(&self.labels[..n_unlisted]);
        let is_found = |(node, best): (u32, &[Label<Q>; K])| best[0].found().map(|_| node);
        self.touched
            .iter()
            .copied()
            .chain(unlisted.filter_map(is_found))
    }

    /// Searches from the seeds; with a limit, labels above it may be missing and those at most equal to it are final.
    ///
    /// Exact for any width of buckets and with costs of zero: a label that improves is passed on again.
    /// With a limit, the cost is that of the nodes reached and of those the run before had reached.
    ///
    /// # Errors
    /// `cancel` was raised.
    pub fn run(
        &mut self,
        graph: &SearchGraph<Q>,
        seeds: &[Seed<Q>],
        limit: Option<u32>,
        cancel: &AtomicBool,
    ) -> Result<(), Cancelled> {
        self.clear(graph.n_nodes());
        let task = Task {
            graph,
            limit: limit.unwrap_or(Cost::LARGEST),
            cancel,
        };
        // A front from few seeds comes to each cell many times: there one queue is as fast.
        let has_many_seeds = seeds.len() >= graph.n_nodes() / CELL_NODES;
        if limit.is_none() && has_many_seeds && graph.has_compact_cells() {
            self.is_listed = false;
            return cells::run(task, CELL_NODES, seeds, &mut self.labels, &mut self.queues);
        }
        self.is_listed = true;
        let touched = &mut self.touched;
        let mut region = Region {
            first_node: 0,
            labels: &mut self.labels,
            touch: |node| touched.push(node),
            leave: |_| {},
        };
        region.spread(task, seeds, &mut self.queues[0])
    }

    /// Forgets the last run: node by node where it reached few.
    fn clear(&mut self, n_nodes: usize) {
        /// Sequential writes are that much faster than scattered ones.
        const SCATTERED_SHARE: usize = 8;
        let is_sparse = self.is_listed && self.touched.len() < n_nodes / SCATTERED_SHARE;
        if is_sparse && self.labels.len() == n_nodes {
            for node in &self.touched {
                self.labels[*node as usize] = [Label::NONE; K];
            }
        } else {
            self.labels.clear();
            self.labels.resize(n_nodes, [Label::NONE; K]);
        }
        self.touched.clear();
    }
}

impl<const K: usize, Q: Quantity> Default for Search<K, Q> {
    fn default() -> Self {
        Self::new()
    }
}

/// What all parts of one search have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a, Q> {
    pub(super) graph: &'a SearchGraph<Q>,
    pub(super) limit: u32,
    pub(super) cancel: &'a AtomicBool,
}

/// Consecutive nodes that are searched together: a cell, or all of them.
pub(super) struct Region<'a, const K: usize, Q, T, L> {
    pub(super) first_node: u32,
    /// Those of the nodes from `first_node` on.
    pub(super) labels: &'a mut [[Label<Q>; K]],
    /// Told of each node when it gets its first label.
    pub(super) touch: T,
    /// Given what reaches a node outside.
    pub(super) leave: L,
}

impl<const K: usize, Q: Quantity, T: FnMut(u32), L: FnMut(Seed<Q>)> Region<'_, K, Q, T, L> {
    /// Passes labels on until none improves.
    pub(super) fn spread(
        &mut self,
        task: Task<'_, Q>,
        seeds: &[Seed<Q>],
        queue: &mut BucketQueue,
    ) -> Result<(), Cancelled> {
        /// Nodes passed between two looks at the flag: a few tenths of a millisecond.
        const NODES_PER_LOOK: usize = 8192;
        let costs = seeds.iter().map(|seed| seed.label.cost.minimised());
        queue.reset(task.graph.bucket_width_log2, costs.min().unwrap_or(0));
        for seed in seeds {
            self.reach(*seed, task.limit, queue);
        }
        let mut n_passed = 0_usize;
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            queue.pop_batch(&mut batch);
            if batch.is_empty() {
                return Ok(());
            }
            task.graph.fetch_arcs(batch.iter().map(|entry| entry.node));
            for entry in &batch {
                self.pass_on(*entry, task, queue);
            }
            n_passed += batch.len();
            if n_passed >= NODES_PER_LOOK {
                n_passed = 0;
                if task.cancel.load(Ordering::Relaxed) {
                    return Err(Cancelled);
                }
            }
        }
    }

    #[inline]
    fn pass_on(&mut self, Entry { cost, node }: Entry, task: Task<'_, Q>, queue: &mut BucketQueue) {
        let best = self.labels[(node - self.first_node) as usize];
        // Where two facilities are equally far, both entries pass both on: rare, and the second time in vain.
        for label in best.iter().filter(|label| label.cost.minimised() == cost) {
            for arc in task.graph.arcs(node) {
                let seed = Seed {
                    node: arc.head,
                    label: label.plus(arc.cost),
                };
                self.reach(seed, task.limit, queue);
            }
        }
    }

    #[inline]
    fn reach(&mut self, seed: Seed<Q>, limit: u32, queue: &mut BucketQueue) {
        let Seed { node, label } = seed;
        let cost = label.cost.minimised();
        if limit < cost {
            return;
        }
        // One comparison for "outside, before or behind" and for the bounds of the slice.
        let Some(best) = self
            .labels
            .get_mut(node.wrapping_sub(self.first_node) as usize)
        else {
            (self.leave)(seed);
            return;
        };
        let is_first = best[0] == Label::NONE;
        if offer(best, label) {
            if is_first {
                (self.touch)(node);
            }
            queue.push(Entry { cost, node });
        }
    }
}
