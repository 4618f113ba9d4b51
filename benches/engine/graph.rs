//! Graphs in folders of plain little-endian arrays, as the generators of the comparison write them.

use std::error::Error;
use std::fs;
use std::path::Path;

use jangkau::network::{Arc, SearchGraph, hilbert_position};

use crate::halving::in_order_of_halving;

/// A graph whose nodes are numbered so that neighbours have near numbers: along a curve through space, or by halving
/// where it has no coordinates.
///
/// | file | one for each | meaning |
/// |---|---|---|
/// | `src.u32`, `dst.u32`, `w.u32` | arc | tail, head, tenths of a second |
/// | `x.f64`, `y.f64`, `pop.f32` | node | metres, people |
/// | `fac.u32` | facility | its node |
#[derive(Debug)]
pub(crate) struct BenchGraph {
    tails: Vec<u32>,
    heads: Vec<u32>,
    /// Milliseconds.
    costs: Vec<u32>,
    /// Thousandths of people.
    pub(crate) people: Vec<u64>,
    /// Nodes of facilities.
    pub(crate) facilities: Vec<u32>,
    /// The new number of each node of the files.
    number_of: Vec<u32>,
}

impl BenchGraph {
    /// Reads a folder and numbers its nodes.
    pub(crate) fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let u32s = |name: &str| array(folder, name, u32::from_le_bytes);
        let f64s = |name: &str| array(folder, name, f64::from_le_bytes);
        let (x, y) = (f64s("x.f64")?, f64s("y.f64")?);
        let (tails, heads) = (u32s("src.u32")?, u32s("dst.u32")?);
        let old_numbers = if has_coordinates(&y) {
            in_order_along_curve(&x, &y)
        } else {
            in_order_of_halving(&both_ways(x.len(), &tails, &heads))
        };
        let mut number_of = vec![0; old_numbers.len()];
        for (number, old) in (0..).zip(&old_numbers) {
            number_of[*old as usize] = number;
        }
        let renumbered = |nodes: Vec<u32>| -> Vec<u32> {
            nodes.iter().map(|old| number_of[*old as usize]).collect()
        };
        let people = array(folder, "pop.f32", f32::from_le_bytes)?;
        let tenths = u32s("w.u32")?;
        Ok(Self {
            tails: renumbered(tails),
            heads: renumbered(heads),
            costs: tenths
                .iter()
                .map(|tenths| tenths.saturating_mul(100))
                .collect(),
            people: old_numbers
                .iter()
                .map(|old| thousandths(people[*old as usize]))
                .collect(),
            facilities: renumbered(u32s("fac.u32")?),
            number_of,
        })
    }

    pub(crate) fn n_nodes(&self) -> u32 {
        u32::try_from(self.number_of.len()).expect("nodes are numbered in 32 bits")
    }

    /// With the way people travel: costs from the seeds to the nodes.
    pub(crate) fn with_travel(&self) -> SearchGraph<u32> {
        self.search_graph(&self.tails, &self.heads)
    }

    /// Against it: costs from the nodes to the seeds.
    pub(crate) fn against_travel(&self) -> SearchGraph<u32> {
        self.search_graph(&self.heads, &self.tails)
    }

    fn search_graph(&self, from: &[u32], to: &[u32]) -> SearchGraph<u32> {
        let arcs = from.iter().zip(to).zip(&self.costs);
        let arcs = arcs.map(|((from, to), cost)| {
            let arc = Arc {
                head: *to,
                cost: *cost,
            };
            (*from, arc)
        });
        SearchGraph::from_arcs(self.n_nodes(), arcs)
    }

    /// The node that a file of the comparison calls `old % nodes`.
    pub(crate) fn node(&self, old: u64) -> u32 {
        let position = old % u64::from(self.n_nodes());
        self.number_of[usize::try_from(position).expect("below the number of nodes")]
    }
}

fn array<T, const SIZE: usize>(
    folder: &Path,
    name: &str,
    parse: fn([u8; SIZE]) -> T,
) -> Result<Vec<T>, Box<dyn Error>> {
    let path = folder.join(name);
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (chunks, rest) = bytes.as_chunks::<SIZE>();
    if !rest.is_empty() {
        return Err(format!("{} is cut off", path.display()).into());
    }
    Ok(chunks.iter().map(|chunk| parse(*chunk)).collect())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people of a node are few, whole and not negative"
)]
fn thousandths(people: f32) -> u64 {
    (f64::from(people) * 1000.0).round() as u64
}

/// All stand on one line in files without coordinates.
fn has_coordinates(y: &[f64]) -> bool {
    let (south, north) = bounds(y);
    south < north
}

/// Each arc and its reverse, for a walk that knows no one-way streets.
fn both_ways(n_nodes: usize, tails: &[u32], heads: &[u32]) -> SearchGraph<u32> {
    let arcs = tails.iter().zip(heads).flat_map(|(tail, head)| {
        [(*tail, *head), (*head, *tail)].map(|(tail, head)| (tail, Arc { head, cost: 1 }))
    });
    SearchGraph::from_arcs(
        u32::try_from(n_nodes).expect("nodes are numbered in 32 bits"),
        arcs,
    )
}

/// The nodes in the order of a Hilbert curve.
fn in_order_along_curve(x: &[f64], y: &[f64]) -> Vec<u32> {
    let numbers = 0..u32::try_from(x.len()).expect("nodes are numbered in 32 bits");
    let (west, east) = bounds(x);
    let (south, north) = bounds(y);
    let per_metre = f64::from(u32::MAX) / (east - west).max(north - south);
    let mut by_position: Vec<(u64, u32)> = numbers
        .zip(x.iter().zip(y))
        .map(|(number, (x, y))| {
            let place = [(x - west) * per_metre, (y - south) * per_metre];
            (hilbert_position(place.map(on_grid)), number)
        })
        .collect();
    by_position.sort_unstable();
    by_position.into_iter().map(|(_, number)| number).collect()
}

fn bounds(values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (least, most)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "scaled to 0..=2^32 - 1"
)]
fn on_grid(coordinate: f64) -> u32 {
    coordinate as u32
}
