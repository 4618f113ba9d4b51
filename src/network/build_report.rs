//! What the builder found and did.

use std::collections::HashSet;

use super::Network;
use super::components::number_parts;
use super::road_network::id;

/// What the builder found and did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildReport {
    /// Segments given.
    pub n_segments: u32,
    /// Segments without any length, left out.
    pub n_segments_without_length: u32,
    /// Segments whose line another segment has too, in either direction; kept.
    pub n_duplicate_segments: u32,
    /// Nodes made.
    pub n_nodes: u32,
    /// Edges made.
    pub n_edges: u32,
    /// Straight pieces made.
    pub n_pieces: u32,
    /// Repeated vertices left out.
    pub n_zero_length_pieces: u32,
    /// Parts of the network that no edge joins.
    pub n_components: u32,
    /// Places where roads meet end to end without a choice or a change, which are no nodes.
    pub n_contracted_nodes: u32,
    /// Nodes with one edge.
    pub n_dead_ends: u32,
    /// Edges that end where they begin.
    pub n_loops: u32,
    /// Edges between two nodes that an earlier edge joins already.
    pub n_parallel_edges: u32,
    /// Line ends moved to another line's end or middle.
    pub n_joined_ends: u32,
    /// Pairs of straight pieces that were given a vertex where they meet.
    pub n_joined_crossings: u32,
    /// Where crossings were to be joined and none was: more pairs of pieces than this lie over each other, as where a whole
    /// layer is there many times.
    pub crossings_above: Option<u64>,
    /// Crossings that gave their season to a road.
    pub n_crossings_on_roads: u32,
    /// Positions, in the list given, of crossings without a road within 25 m.
    pub crossings_off_roads: Vec<usize>,
    /// Pieces too long to count in millimetres, taken as 4,294 km.
    pub n_saturated_lengths: u32,
}

impl BuildReport {
    /// Counts what the finished network holds.
    pub(super) fn describe(&mut self, network: &Network) {
        self.n_nodes = network.n_nodes();
        self.n_edges = network.n_edges();
        self.n_pieces = network.n_pieces();
        (_, self.n_components) = number_parts(network);
        let nodes = 0..network.n_nodes();
        let dead_ends = nodes.filter(|node| network.incidences(*node).len() == 1);
        self.n_dead_ends = id(dead_ends.count());
        let mut joined = HashSet::new();
        for edge in network.edges() {
            let [source, target] = network.ends(edge);
            let is_new = joined.insert([source, target]);
            self.n_loops += u32::from(source == target);
            self.n_parallel_edges += u32::from(source != target && !is_new);
        }
    }
}
