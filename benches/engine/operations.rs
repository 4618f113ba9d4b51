//! The operations of the comparison.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use jangkau::network::{Cancelled, Label, Search, SearchGraph, Seed, sums_within};

use crate::clock::{Spent, spent};
use crate::graph::BenchGraph;

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation {
    /// From every node to the nearest facility.
    Nearest1,
    /// From every node to the three nearest.
    Knn3,
    /// From 100 nodes to all.
    One2all,
    /// From 1,000 nodes to 1,000, by a whole tree for each.
    Matrix,
    /// People within 30 minutes of every node.
    Iso,
}

/// An operation, or the share of it that was run.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) spent: Spent,
    /// How much of the operation was run, of 1.
    pub(crate) share: f64,
    /// Sum of all costs in tenths of a second, or mean people reached.
    pub(crate) check: f64,
}

/// Above so many nodes the long operations are sampled.
const SAMPLED_FROM_NODES: u32 = 300_000;
const N_ONE2ALL: u64 = 100;
const N_MATRIX: u64 = 1000;
const N_COMPARED: u64 = 300;
const TENTHS_PER_MS: f64 = 0.01;

impl Operation {
    const ALL: [Self; 5] = [
        Self::Nearest1,
        Self::Knn3,
        Self::One2all,
        Self::Matrix,
        Self::Iso,
    ];

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nearest1 => "nearest1",
            Self::Knn3 => "knn3",
            Self::One2all => "one2all",
            Self::Matrix => "matrix",
            Self::Iso => "iso",
        }
    }

    /// Runs it; building the graph in the form that is searched is not counted, as for the others.
    pub(crate) fn measure(
        self,
        graph: BenchGraph,
        threads: NonZeroUsize,
    ) -> Result<Measured, Cancelled> {
        let is_sampled = graph.n_nodes() >= SAMPLED_FROM_NODES;
        match self {
            Self::Nearest1 => nearest::<1>(graph, threads),
            Self::Knn3 => nearest::<3>(graph, threads),
            Self::One2all => {
                let n_run = if is_sampled { 10 } else { N_ONE2ALL };
                let targets: Vec<u32> = (0..graph.n_nodes()).collect();
                trees(&graph, (n_run, N_ONE2ALL), &targets)
            }
            Self::Matrix => {
                let n_run = if is_sampled { 10 } else { N_MATRIX };
                let step = step(&graph);
                let target = |number| graph.node(number * 104_729 * step + 17);
                let targets: Vec<u32> = (0..N_MATRIX).map(target).collect();
                trees(&graph, (n_run, N_MATRIX), &targets)
            }
            Self::Iso => people_within(&graph, is_sampled, threads),
        }
    }
}

fn step(graph: &BenchGraph) -> u64 {
    u64::from(graph.n_nodes() / 1009).max(1)
}

fn origin(graph: &BenchGraph, number: u64) -> u32 {
    graph.node(number * 7919 * step(graph))
}

fn seed(node: u32, facility: u32) -> Seed<u32> {
    let label = Label { facility, cost: 0 };
    Seed { node, label }
}

fn nearest<const K: usize>(
    graph: BenchGraph,
    threads: NonZeroUsize,
) -> Result<Measured, Cancelled> {
    let searched = graph.against_travel();
    let seeds: Vec<Seed<u32>> = graph
        .facilities
        .iter()
        .zip(0..)
        .map(|(node, facility)| seed(*node, facility))
        .collect();
    drop(graph);
    let mut search = Search::<K, u32>::with_threads(threads);
    let (spent, outcome) = spent(|| search.run(&searched, &seeds, None, &AtomicBool::new(false)));
    outcome?;
    let costs = search.reached().flat_map(|node| search.found(node));
    Ok(Measured {
        spent,
        share: 1.0,
        check: costs.map(|label| f64::from(label.cost)).sum::<f64>() * TENTHS_PER_MS,
    })
}

/// A whole tree from each origin, and the costs to the targets.
fn trees(
    graph: &BenchGraph,
    (n_run, n_all): (u64, u64),
    targets: &[u32],
) -> Result<Measured, Cancelled> {
    let searched: SearchGraph<u32> = graph.with_travel();
    let mut search = Search::<1, u32>::new();
    let (spent, sum) = spent(|| {
        let mut sum = 0_u64;
        for number in 0..n_run {
            let seeds = [seed(origin(graph, number), 0)];
            search.run(&searched, &seeds, None, &AtomicBool::new(false))?;
            let costs = targets.iter().flat_map(|node| search.found(*node));
            sum += costs.map(|label| u64::from(label.cost)).sum::<u64>();
        }
        Ok(sum)
    });
    let share = n_run as f64 / n_all as f64;
    Ok(Measured {
        spent,
        share,
        check: sum? as f64 * TENTHS_PER_MS / share,
    })
}

/// People within the cutoff of every node, or of runs of neighbours spread over all of them.
fn people_within(
    graph: &BenchGraph,
    is_sampled: bool,
    threads: NonZeroUsize,
) -> Result<Measured, Cancelled> {
    const CUTOFF_MS: u32 = 30 * 60 * 1000;
    /// Of a sample: neighbours in a run, and runs left out after each.
    const RUN: u32 = 320;
    const LEFT_OUT: u32 = 99;
    let is_run = |node: &u32| !is_sampled || (node / RUN).is_multiple_of(LEFT_OUT + 1);
    let origins: Vec<u32> = (0..graph.n_nodes()).filter(is_run).collect();
    let searched = graph.with_travel();
    let sums = |origins: &[u32], threads| {
        let cancel = AtomicBool::new(false);
        sums_within(
            &searched,
            origins,
            &graph.people,
            CUTOFF_MS,
            threads,
            &cancel,
        )
    };
    let (spent, all) = spent(|| sums(&origins, threads));
    all?;
    // What the others are compared by: the mean of those origins that are sampled there.
    let compared: Vec<u32> = (0..N_COMPARED)
        .map(|number| origin(graph, number))
        .collect();
    let compared = sums(&compared, threads)?;
    let thousandths: u64 = compared.iter().sum();
    Ok(Measured {
        spent,
        share: origins.len() as f64 / f64::from(graph.n_nodes()),
        check: thousandths as f64 / 1000.0 / N_COMPARED as f64,
    })
}
