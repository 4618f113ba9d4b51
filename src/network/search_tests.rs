//! Searches against Bellman and Ford's method on random graphs: one-ways, parallel edges, loops, islands, costs of
//! zero and costs that saturate.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::bucket_queue::BucketQueue;
use super::search::Task;
use super::{Arc, Cancelled, Cost, Label, Quantity, Search, SearchGraph, Seed, cells, sums_within};

const N_GRAPHS: u64 = 400;

/// Numbers that look random and are the same everywhere (Knuth's MMIX generator).
fn numbers(seed: u64) -> impl FnMut(u32) -> u32 {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % u64::from(below)).unwrap()
    }
}

/// A quantity that the tests can draw and compare with.
trait Drawn: Quantity {
    fn drawn(minimised: u32, other: u32) -> Self;
}

impl Drawn for u32 {
    fn drawn(minimised: u32, _: u32) -> Self {
        minimised
    }
}

impl Drawn for Cost {
    fn drawn(minimised: u32, other: u32) -> Self {
        Self { minimised, other }
    }
}

/// Up to 30 nodes with up to 4 arcs each, to any node: to itself and twice to the same too.
fn random_graph<Q: Drawn>(next: &mut impl FnMut(u32) -> u32) -> SearchGraph<Q> {
    let n_nodes = 1 + next(30);
    let mut arcs = Vec::new();
    for tail in 0..n_nodes {
        for _ in 0..next(4) {
            let magnitude = [1, 4, 100, 3_000_000, 1 << 31][next(5) as usize];
            let cost = Q::drawn(next(magnitude), next(3));
            let head = next(n_nodes);
            arcs.push((tail, Arc { head, cost }));
        }
    }
    SearchGraph::from_arcs(n_nodes, arcs.into_iter())
}

fn random_seeds<Q: Drawn>(
    graph: &SearchGraph<Q>,
    n_facilities: u32,
    next: &mut impl FnMut(u32) -> u32,
) -> Vec<Seed<Q>> {
    let n_nodes = u32::try_from(graph.n_nodes()).unwrap();
    let mut seed = || Seed {
        node: next(n_nodes),
        label: Label {
            facility: next(n_facilities),
            cost: Q::drawn(next(50), next(3)),
        },
    };
    let n_seeds = 9;
    (0..n_seeds).map(|_| seed()).collect()
}

/// Best cost from every node to one facility by repeating every arc until nothing improves.
fn bellman_ford<Q: Quantity>(
    graph: &SearchGraph<Q>,
    seeds: &[Seed<Q>],
    facility: u32,
) -> Vec<Option<Q>> {
    let mut best: Vec<Option<Q>> = vec![None; graph.n_nodes()];
    let better = |old: Option<Q>, new: Q| old.is_none_or(|old| new < old);
    for seed in seeds.iter().filter(|seed| seed.label.facility == facility) {
        let here = &mut best[seed.node as usize];
        if better(*here, seed.label.cost) {
            *here = Some(seed.label.cost);
        }
    }
    let mut has_improved = true;
    while has_improved {
        has_improved = false;
        for node in 0..graph.n_nodes() {
            let Some(so_far) = best[node] else { continue };
            for arc in graph.arcs(u32::try_from(node).unwrap()) {
                let new = so_far.plus(arc.cost);
                if better(best[arc.head as usize], new) {
                    best[arc.head as usize] = Some(new);
                    has_improved = true;
                }
            }
        }
    }
    best
}

/// The K best labels of every node, by one run of [`bellman_ford`] for each facility.
fn expected_labels<const K: usize, Q: Quantity>(
    graph: &SearchGraph<Q>,
    seeds: &[Seed<Q>],
    n_facilities: u32,
) -> Vec<[Label<Q>; K]> {
    let by_facility: Vec<_> = (0..n_facilities)
        .map(|facility| bellman_ford(graph, seeds, facility))
        .collect();
    let best_of = |node: usize| {
        let label = |facility: u32| {
            let cost = by_facility[facility as usize][node]?;
            Some(Label { facility, cost })
        };
        let mut labels: Vec<_> = (0..n_facilities).filter_map(label).collect();
        labels.sort_by_key(|label| (label.cost.minimised(), label.facility));
        labels.resize(K.max(labels.len()), Label::NONE);
        *labels.first_chunk().unwrap()
    };
    (0..graph.n_nodes()).map(best_of).collect()
}

fn labels_of<const K: usize, Q: Quantity>(
    search: &Search<K, Q>,
    n_nodes: usize,
) -> Vec<[Label<Q>; K]> {
    (0..n_nodes)
        .map(|node| *search.labels(u32::try_from(node).unwrap()))
        .collect()
}

/// One queue, any bucket width, and the same scratch for all graphs.
fn check_one_queue<const K: usize, Q: Drawn>() {
    let mut search = Search::<K, Q>::new();
    for number in 0..N_GRAPHS {
        let mut next = numbers(number);
        let mut graph = random_graph::<Q>(&mut next);
        let n_facilities = 1 + next(5);
        let seeds = random_seeds(&graph, n_facilities, &mut next);
        let expected = expected_labels::<K, Q>(&graph, &seeds, n_facilities);
        for width_log2 in [0, 3, 31] {
            graph.bucket_width_log2 = width_log2;
            search
                .run(&graph, &seeds, None, &AtomicBool::new(false))
                .unwrap();
            assert_eq!(
                labels_of(&search, graph.n_nodes()),
                expected,
                "graph {number}"
            );
        }
    }
}

#[test]
fn nearest_of_random_graphs_is_that_of_bellman_ford_for_any_bucket_width() {
    check_one_queue::<1, u32>();
    check_one_queue::<1, Cost>();
}

#[test]
fn three_nearest_of_random_graphs_are_those_of_bellman_ford_for_any_bucket_width() {
    check_one_queue::<2, Cost>();
    check_one_queue::<3, u32>();
    check_one_queue::<3, Cost>();
}

/// Cells of any size, on one thread and on eight, against the oracle.
fn check_cells<const K: usize, Q: Drawn>() {
    for number in 0..N_GRAPHS {
        let mut next = numbers(number);
        let graph = random_graph::<Q>(&mut next);
        let n_facilities = 1 + next(5);
        let seeds = random_seeds(&graph, n_facilities, &mut next);
        let expected = expected_labels::<K, Q>(&graph, &seeds, n_facilities);
        let cancel = AtomicBool::new(false);
        let task = Task {
            graph: &graph,
            limit: Cost::LARGEST,
            cancel: &cancel,
        };
        for (cell_nodes, n_threads) in [(1, 1), (4, 1), (4, 8), (7, 2), (100, 8)] {
            let mut queues: Vec<_> = (0..n_threads).map(|_| BucketQueue::new()).collect();
            let mut labels = vec![[Label::NONE; K]; graph.n_nodes()];
            cells::run(task, cell_nodes, &seeds, &mut labels, &mut queues).unwrap();
            assert_eq!(labels, expected, "graph {number}, cells of {cell_nodes}");
        }
    }
}

#[test]
fn cells_of_any_size_give_the_labels_of_bellman_ford_on_any_number_of_threads() {
    check_cells::<1, u32>();
    check_cells::<3, u32>();
    check_cells::<2, Cost>();
}

#[test]
fn up_to_the_limit_labels_are_final_and_no_label_is_above_it() {
    let mut search = Search::<2, Cost>::new();
    for number in 0..N_GRAPHS {
        let mut next = numbers(number);
        let graph = random_graph::<Cost>(&mut next);
        let n_facilities = 1 + next(5);
        let seeds = random_seeds(&graph, n_facilities, &mut next);
        let limit = [0, 30, 120, 2_000_000][next(4) as usize];
        search
            .run(&graph, &seeds, Some(limit), &AtomicBool::new(false))
            .unwrap();
        let mut expected = expected_labels::<2, Cost>(&graph, &seeds, n_facilities);
        for label in expected.iter_mut().flatten() {
            if limit < label.cost.minimised {
                *label = Label::NONE;
            }
        }
        assert_eq!(
            labels_of(&search, graph.n_nodes()),
            expected,
            "graph {number}"
        );
        let mut reached: Vec<u32> = search.reached().collect();
        reached.sort_unstable();
        let has_label = |node: &u32| search.found(*node).next().is_some();
        let expected: Vec<u32> = (0..u32::try_from(graph.n_nodes()).unwrap())
            .filter(has_label)
            .collect();
        assert_eq!(reached, expected, "graph {number}");
    }
}

#[test]
fn sums_within_a_cutoff_are_those_of_bellman_ford_for_any_order_of_origins_and_threads() {
    for number in 0..N_GRAPHS {
        let mut next = numbers(number);
        let graph = random_graph::<u32>(&mut next);
        let n_nodes = u32::try_from(graph.n_nodes()).unwrap();
        let amounts: Vec<u64> = (0..n_nodes).map(|_| u64::from(next(1000))).collect();
        // More than one group, and some origins more than once.
        let origins: Vec<u32> = (0..80).map(|_| next(n_nodes)).collect();
        let cutoff = [0, 30, 120, 2_000_000, 1 << 30, u32::MAX][next(6) as usize];
        let sum_from = |origin: &u32| -> u64 {
            let label = Label {
                facility: 0,
                cost: 0,
            };
            let seed = Seed {
                node: *origin,
                label,
            };
            let costs = bellman_ford(&graph, &[seed], 0);
            let counted = costs.iter().zip(&amounts);
            counted
                .filter(|(cost, _)| cost.is_some_and(|cost| cost <= cutoff))
                .map(|(_, amount)| amount)
                .sum()
        };
        let expected: Vec<u64> = origins.iter().map(sum_from).collect();
        for n_threads in [1, 8] {
            let n_threads = NonZeroUsize::new(n_threads).unwrap();
            let cancel = AtomicBool::new(false);
            let sums = sums_within(&graph, &origins, &amounts, cutoff, n_threads, &cancel);
            assert_eq!(sums.unwrap(), expected, "graph {number}, cutoff {cutoff}");
        }
    }
}

/// Streets in rows, with the same numbers everywhere; every 50th street is fast.
fn streets(n_rows: u32, n_columns: u32) -> SearchGraph<u32> {
    let mut next = numbers(7);
    let mut arcs = Vec::new();
    for row in 0..n_rows {
        for column in 0..n_columns {
            let tail = row * n_columns + column;
            let fast = if row % 50 == 0 { 4 } else { 1 };
            let east = (column + 1 < n_columns).then_some((tail + 1, 20 / fast));
            let north = (row + 1 < n_rows).then_some((tail + n_columns, 20));
            for (head, least) in [east, north].into_iter().flatten() {
                let cost = 1000 * least + next(9000);
                arcs.push((tail, Arc { head, cost }));
                arcs.push((head, Arc { head: tail, cost }));
            }
        }
    }
    SearchGraph::from_arcs(n_rows * n_columns, arcs.into_iter())
}

#[test]
fn a_network_large_enough_for_cells_has_the_labels_of_one_queue() {
    let graph = streets(1500, 100);
    assert!(graph.has_compact_cells());
    let seed = |number: u32| Seed {
        node: number * 7919 % 150_000,
        label: Label {
            facility: number,
            cost: 0,
        },
    };
    let seeds: Vec<_> = (0..200).map(seed).collect();
    let cancel = AtomicBool::new(false);
    let mut one_queue = Search::<3, u32>::new();
    // A limit keeps it to one queue; this one is above every cost.
    one_queue
        .run(&graph, &seeds, Some(u32::MAX), &cancel)
        .unwrap();
    for n_threads in [1, 8] {
        let mut by_cells = Search::<3, u32>::with_threads(NonZeroUsize::new(n_threads).unwrap());
        by_cells.run(&graph, &seeds, None, &cancel).unwrap();
        assert_eq!(
            labels_of(&by_cells, 150_000),
            labels_of(&one_queue, 150_000)
        );
        assert_eq!(by_cells.reached().count(), 150_000);
    }
    let raised = AtomicBool::new(true);
    let mut by_cells = Search::<1, u32>::with_threads(NonZeroUsize::new(8).unwrap());
    assert_eq!(by_cells.run(&graph, &seeds, None, &raised), Err(Cancelled));
}

#[test]
fn a_raised_flag_stops_the_search() {
    let graph = streets(200, 100);
    let label = Label {
        facility: 0,
        cost: 0,
    };
    let seed = Seed { node: 0, label };
    let raised = AtomicBool::new(true);
    let outcome = Search::<1, u32>::new().run(&graph, &[seed], None, &raised);
    assert_eq!(outcome, Err(Cancelled));
    let origins: Vec<u32> = (0..100).collect();
    let n_threads = NonZeroUsize::new(2).unwrap();
    let amounts = vec![1; 20_000];
    let outcome = sums_within(&graph, &origins, &amounts, 60_000, n_threads, &raised);
    assert_eq!(outcome, Err(Cancelled));
}
