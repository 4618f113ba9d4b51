//! An order of the nodes of a graph without coordinates in which neighbours have near numbers.

use std::collections::VecDeque;

use jangkau::network::{Arc, SearchGraph};

/// Nodes of a part that is not halved again.
const SMALL: usize = 32;

/// Halves the nodes by their distance, in arcs, from one that is far away, then each half again, and so on.
///
/// Level sets of a road network are short, so few arcs lead from one half to the other.
pub(crate) fn in_order_of_halving(neighbours: &SearchGraph<u32>) -> Vec<u32> {
    let n_nodes = neighbours.n_nodes();
    let mut order: Vec<u32> =
        (0..u32::try_from(n_nodes).expect("nodes are numbered in 32 bits")).collect();
    let mut walk = Walk {
        neighbours,
        part_of: vec![0; n_nodes],
        is_seen: vec![false; n_nodes],
        queue: VecDeque::new(),
    };
    let whole = 0..n_nodes;
    let mut parts = vec![whole];
    let mut n_parts = 0;
    while let Some(part) = parts.pop() {
        n_parts += 1;
        let nodes = &mut order[part.clone()];
        walk.sort_outwards(nodes, n_parts);
        let middle = part.start + part.len() / 2;
        if part.len() > SMALL {
            parts.extend([part.start..middle, middle..part.end]);
        }
    }
    order
}

struct Walk<'a> {
    neighbours: &'a SearchGraph<u32>,
    /// The part that each node is in at present.
    part_of: Vec<u32>,
    is_seen: Vec<bool>,
    queue: VecDeque<u32>,
}

impl Walk<'_> {
    /// Sorts the nodes of a part by how far they are from one at its edge.
    fn sort_outwards(&mut self, nodes: &mut [u32], part: u32) {
        for node in nodes.iter() {
            self.part_of[*node as usize] = part;
        }
        for _ in 0..2 {
            // The last node of one walk is at the edge: the next one starts there.
            nodes.reverse();
            let walked = self.walk(nodes, part);
            nodes.copy_from_slice(&walked);
        }
    }

    /// The nodes of a part in the order of a breadth-first walk from the first.
    fn walk(&mut self, nodes: &[u32], part: u32) -> Vec<u32> {
        for node in nodes {
            self.is_seen[*node as usize] = false;
        }
        let mut walked = Vec::with_capacity(nodes.len());
        for start in nodes {
            if !std::mem::replace(&mut self.is_seen[*start as usize], true) {
                self.queue.push_back(*start);
            }
            while let Some(node) = self.queue.pop_front() {
                walked.push(node);
                for Arc { head, .. } in self.neighbours.arcs(node) {
                    let head_at = *head as usize;
                    if self.part_of[head_at] == part
                        && !std::mem::replace(&mut self.is_seen[head_at], true)
                    {
                        self.queue.push_back(*head);
                    }
                }
            }
        }
        walked
    }
}
