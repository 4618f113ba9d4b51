//! What is reached from one place within given costs: stretches of road, and areas around them.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use geo_types::MultiPolygon;

use super::isochrone_field::Field;
use super::spread::{Spread, SpreadLayer};
use crate::domain::{LonLat, RoadClass};
use crate::network::{Cancelled, Network, Position};

/// What is reached from one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Isochrone {
    /// For each cutoff, in their order, the stretches of road reached.
    pub stretches: Vec<Vec<ReachedStretch>>,
    /// For each cutoff, in their order, the area reached; empty where no grid point was.
    pub areas: Vec<MultiPolygon<f64>>,
    /// Distance between the points that the areas are drawn through; none without an area.
    pub grid_m: Option<f64>,
}

/// A stretch of one road that is reached. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct ReachedStretch {
    /// The source's id of the road.
    pub road_id: String,
    /// Its class.
    pub class: RoadClass,
    /// Where it runs, at least two places.
    pub line: Vec<LonLat>,
}

/// What a spread reaches within each of its cutoffs; a cost equal to one counts.
///
/// Stretches end where the cost along the road reaches the cutoff; in a rescue they are what is reached carried or
/// driven. Areas are what the engine itself calls reached: a place counts if a facility there would be within the
/// cutoff. They are drawn by marching squares through such costs on a grid, so they are exact to one step of it; where
/// neighbouring points are reached across a corner only, they are not joined. Parts and holes smaller than a square of
/// the grid are left out. An area contains those of smaller cutoffs.
///
/// O(edges), and for each piece reached the points of the grid within the walk left at it; where places snap to the
/// nearest road, for each point of the grid the pieces around it.
///
/// # Errors
/// `cancel` was raised.
///
/// # References
/// Lorensen & Cline, *Marching Cubes* (1987), doi:10.1145/37402.37422, in two dimensions.
pub fn isochrone(
    spread: &Spread<'_>,
    threads: NonZeroUsize,
    cancel: &AtomicBool,
) -> Result<Isochrone, Cancelled> {
    let cutoffs = || spread.cutoffs.iter().copied();
    let field = Field::new(spread, threads, cancel)?;
    let area = |cutoff| match &field {
        Some(field) => field.area(cutoff),
        None => MultiPolygon(Vec::new()),
    };
    Ok(Isochrone {
        stretches: cutoffs().map(|cutoff| stretches(spread, cutoff)).collect(),
        areas: cutoffs().map(area).collect(),
        grid_m: field.as_ref().map(|field| field.step_m),
    })
}

/// A part of an edge, from a position to one that is not before it.
type Interval = [Position; 2];

/// All stretches reached within a cutoff, in order of edge.
fn stretches(spread: &Spread<'_>, cutoff: u32) -> Vec<ReachedStretch> {
    let network = spread.network();
    let mut stretches = Vec::new();
    for edge in network.edges() {
        let layers = spread.layers.iter();
        let reached = layers.flat_map(|layer| reached(layer, edge, cutoff));
        for interval in merged(reached.collect()) {
            add_stretches(network, edge, interval, &mut stretches);
        }
    }
    stretches
}

/// The parts of an edge that one layer reaches within a cutoff.
fn reached(layer: &SpreadLayer<'_>, edge: u32, cutoff: u32) -> impl Iterator<Item = Interval> {
    let total = layer.travel.edge_cost(edge).minimised;
    let intervals = layer.ways(edge).reached(cutoff, total);
    intervals.map(move |interval| positions(layer, edge, interval))
}

/// The positions at two costs from the start of an edge; pieces that cost nothing lie between those at one cost.
fn positions(layer: &SpreadLayer<'_>, edge: u32, [low, high]: [u32; 2]) -> Interval {
    let pieces = layer.travel.network.pieces(edge);
    let (first, last) = (pieces.start, pieces.end - 1);
    let position = |piece: u32, at: u32, of_none: f64| {
        let [start, end] = layer.piece_span(piece);
        let (part, whole) = (at.clamp(start, end) - start, end - start);
        let fraction = if whole > 0 {
            f64::from(part) / f64::from(whole)
        } else {
            of_none
        };
        Position { piece, fraction }
    };
    let begins = pieces
        .clone()
        .find(|piece| low <= layer.piece_span(*piece)[1]);
    let ends = pieces
        .rev()
        .find(|piece| layer.piece_span(*piece)[0] <= high);
    [
        position(begins.unwrap_or(last), low, 0.0),
        position(ends.unwrap_or(first), high, 1.0),
    ]
}

/// Intervals in order, none touching another.
fn merged(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_by(|[a, _], [b, _]| {
        let by_piece = a.piece.cmp(&b.piece);
        by_piece.then(a.fraction.total_cmp(&b.fraction))
    });
    let mut merged: Vec<Interval> = Vec::new();
    for [low, high] in intervals {
        match merged.last_mut() {
            Some([_, end]) if low <= *end => {
                if *end < high {
                    *end = high;
                }
            }
            _ => merged.push([low, high]),
        }
    }
    merged
}

/// A part of an edge as stretches, one for each road that it is of.
fn add_stretches(
    network: &Network,
    edge: u32,
    [low, high]: Interval,
    stretches: &mut Vec<ReachedStretch>,
) {
    let mut last_road = None;
    for piece in low.piece..=high.piece {
        let start = if piece == low.piece {
            low.fraction
        } else {
            0.0
        };
        let end = if piece == high.piece {
            high.fraction
        } else {
            1.0
        };
        let [from, to] = [start, end].map(|fraction| network.place(Position { piece, fraction }));
        if from == to {
            continue;
        }
        let road_id = network.road_id(piece);
        match stretches.last_mut() {
            Some(stretch) if last_road == Some(road_id) => stretch.line.push(to),
            _ => stretches.push(ReachedStretch {
                road_id: road_id.to_owned(),
                class: network.road(edge).class,
                line: vec![from, to],
            }),
        }
        last_road = Some(road_id);
    }
}
