//! A search of a large network cell by cell, so that what is worked on stays in the processor's cache.
//!
//! A cell is a run of consecutive nodes. It is searched on its own; what crosses its rim waits in the inbox of the
//! neighbour, and a cell whose inbox holds something better is searched on. The least labels are the same whichever cell
//! comes first, so threads may take cells freely.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

use super::bucket_queue::BucketQueue;
use super::road_network::id;
use super::search::{Region, Task};
use super::{Cancelled, Label, Quantity, Seed};

/// Nodes of a cell: 2^14 have about half a megabyte of labels and arcs, which a core's second cache holds.
pub(super) const CELL_NODES: usize = 1 << 14;

/// Cells, and what waits for them.
struct Yard<'a, const K: usize, Q> {
    cells: Vec<Cell<'a, K, Q>>,
    cell_nodes: usize,
    n_busy: usize,
    is_cancelled: bool,
}

struct Cell<'a, const K: usize, Q> {
    /// None while a thread works on it.
    labels: Option<&'a mut [[Label<Q>; K]]>,
    inbox: Vec<Seed<Q>>,
    /// The least cost in the inbox.
    least: u32,
}

/// A cell taken out of the yard to be searched.
struct Taken<'a, const K: usize, Q> {
    cell: usize,
    first_node: u32,
    labels: &'a mut [[Label<Q>; K]],
    inbox: Vec<Seed<Q>>,
}

/// Searches from the seeds with as many threads as there are queues; `labels` are those of all nodes, none found yet.
///
/// Any number of nodes a cell gives the same result.
pub(super) fn run<const K: usize, Q: Quantity>(
    task: Task<'_, Q>,
    cell_nodes: usize,
    seeds: &[Seed<Q>],
    labels: &mut [[Label<Q>; K]],
    queues: &mut [BucketQueue],
) -> Result<(), Cancelled> {
    let cells = labels.chunks_mut(cell_nodes).map(|labels| Cell {
        labels: Some(labels),
        inbox: Vec::new(),
        least: u32::MAX,
    });
    let mut yard = Yard {
        cells: cells.collect(),
        cell_nodes,
        n_busy: 0,
        is_cancelled: false,
    };
    yard.deliver(&mut seeds.to_vec());
    let (yard, has_news) = (Mutex::new(yard), Condvar::new());
    let (first, others) = queues.split_first_mut().expect("a search has a thread");
    thread::scope(|scope| {
        for queue in others {
            scope.spawn(|| work(task, &yard, &has_news, queue));
        }
        work(task, &yard, &has_news, first);
    });
    if lock(&yard).is_cancelled {
        return Err(Cancelled);
    }
    Ok(())
}

/// Searches one cell after another until no inbox holds anything.
fn work<const K: usize, Q: Quantity>(
    task: Task<'_, Q>,
    yard: &Mutex<Yard<'_, K, Q>>,
    has_news: &Condvar,
    queue: &mut BucketQueue,
) {
    let mut out = Vec::new();
    let mut guard = lock(yard);
    loop {
        let Some(taken) = guard.take() else {
            if guard.n_busy == 0 || guard.is_cancelled {
                return;
            }
            guard = has_news.wait(guard).expect(NO_PANIC);
            continue;
        };
        drop(guard);
        let mut region = Region {
            first_node: taken.first_node,
            labels: taken.labels,
            touch: |_| {},
            leave: |seed| out.push(seed),
        };
        let outcome = region.spread(task, &taken.inbox, queue);
        let labels = region.labels;
        guard = lock(yard);
        guard.is_cancelled |= outcome.is_err();
        guard.n_busy -= 1;
        guard.cells[taken.cell].labels = Some(labels);
        guard.deliver(&mut out);
        has_news.notify_all();
    }
}

const NO_PANIC: &str = "no thread panics while it holds the yard";

fn lock<'y, 'a, const K: usize, Q>(
    yard: &'y Mutex<Yard<'a, K, Q>>,
) -> MutexGuard<'y, Yard<'a, K, Q>> {
    yard.lock().expect(NO_PANIC)
}

impl<'a, const K: usize, Q: Quantity> Yard<'a, K, Q> {
    /// The idle cell with the least cost waiting: the fewer costs are passed on too early, the less is done twice.
    fn take(&mut self) -> Option<Taken<'a, K, Q>> {
        if self.is_cancelled {
            return None;
        }
        let (number, cell) = self
            .cells
            .iter_mut()
            .enumerate()
            .filter(|(_, cell)| cell.labels.is_some() && !cell.inbox.is_empty())
            .min_by_key(|(_, cell)| cell.least)?;
        self.n_busy += 1;
        cell.least = u32::MAX;
        Some(Taken {
            cell: number,
            first_node: id(number * self.cell_nodes),
            labels: cell.labels.take()?,
            inbox: std::mem::take(&mut cell.inbox),
        })
    }

    fn deliver(&mut self, out: &mut Vec<Seed<Q>>) {
        for seed in out.drain(..) {
            let cell = &mut self.cells[seed.node as usize / self.cell_nodes];
            cell.least = cell.least.min(seed.label.cost.minimised());
            cell.inbox.push(seed);
        }
    }
}
