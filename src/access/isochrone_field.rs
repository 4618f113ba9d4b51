//! Costs from one place on a grid of points, and the outlines of what is within a cutoff.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use geo_types::{LineString, MultiPolygon, Polygon};

use super::answer_each::answer_each;
use super::grid::{Extent, Grid};
use super::outlines::{Part, outlines};
use super::spread::{EdgeWays, Spread, SpreadLayer};
use crate::domain::{LonLat, Millimetres};
use crate::network::{Cancelled, SnapChoice, Travel};

/// Parts and holes smaller than this many squares of the grid are left out.
const LEAST_SQUARES: f64 = 1.0;

/// Pieces between two looks at the flag.
const PIECES_PER_LOOK: usize = 64;

/// Costs on a grid of points.
pub(super) struct Field<'a> {
    /// Its rules off the road and its barriers are those of every layer.
    travel: &'a Travel,
    /// Distance between neighbouring points.
    pub(super) step_m: f64,
    /// What a step off the road costs, in the unit of the metric.
    cost_per_step: f64,
    grid: Grid,
    /// Row by row from the south-west; infinite where nothing leads at a cost that matters.
    costs: Vec<f64>,
}

/// An edge that is reached somewhere in a layer.
struct ReachedEdge<'a> {
    layer: &'a SpreadLayer<'a>,
    edge: u32,
    ways: EdgeWays,
}

/// A straight piece that is reached somewhere.
struct Piece<'a> {
    ends: [LonLat; 2],
    /// Minimised units from the start of the edge, at both ends.
    span: [f64; 2],
    ways: &'a EdgeWays,
    /// How far to walk from it at most.
    radius_m: f64,
}

impl<'a> Field<'a> {
    /// None where nothing is reached.
    pub(super) fn new(
        spread: &Spread<'a>,
        threads: NonZeroUsize,
        cancel: &AtomicBool,
    ) -> Result<Option<Self>, Cancelled> {
        let travel = spread.layers[0].travel;
        let cost_per_m = f64::from(travel.off_road(Millimetres(1_000_000)).minimised) / 1000.0;
        let limit = f64::from(spread.limit());
        let radius_left = |cost: f64| {
            let left_m = (limit - cost) / cost_per_m;
            left_m.min(travel.snap_radius().to_metres())
        };
        let edges = reached_edges(spread);
        let pieces = reached_pieces(&edges, &radius_left);
        let straight_m = match travel.snap {
            SnapChoice::Best => radius_left(0.0),
            SnapChoice::Nearest => 0.0,
        };
        let around = |piece: &Piece<'_>| {
            let [a, b] = piece.ends.map(|end| Extent::around(end, piece.radius_m));
            a.and(b)
        };
        let extent = pieces.iter().map(around);
        let extent = extent.fold(Extent::around(spread.from, straight_m), Extent::and);
        let (grid, step_m) = Grid::over(extent);
        let mut field = Self {
            travel,
            step_m,
            cost_per_step: cost_per_m * step_m,
            grid,
            costs: Vec::new(),
        };
        field.costs = match travel.snap {
            SnapChoice::Best => field.costs_around(&pieces, threads, cancel)?,
            SnapChoice::Nearest => field.costs_one_by_one(spread, threads, cancel)?,
        };
        if travel.snap == SnapChoice::Best {
            field.walk_straight(spread.from, straight_m);
        }
        let is_reached = field.costs.iter().any(|cost| cost.is_finite());
        Ok(is_reached.then_some(field))
    }

    /// The cost of every point but the outermost, each asked about as a place; threads share the rows.
    fn costs_one_by_one(
        &self,
        spread: &Spread<'_>,
        threads: NonZeroUsize,
        cancel: &AtomicBool,
    ) -> Result<Vec<f64>, Cancelled> {
        let Grid {
            n_columns, n_rows, ..
        } = self.grid;
        let cost = |row: usize, column: usize| {
            let is_outermost =
                [0, n_rows - 1].contains(&row) || [0, n_columns - 1].contains(&column);
            let place = self.grid.place([column as f64, row as f64]);
            let cost = place
                .filter(|_| !is_outermost)
                .and_then(|to| spread.cost(to));
            cost.map_or(f64::INFINITY, f64::from)
        };
        let rows: Vec<usize> = (0..n_rows).collect();
        let costs = |(): &mut (), row: &usize| -> Vec<f64> {
            (0..n_columns).map(|column| cost(*row, column)).collect()
        };
        Ok(answer_each(&rows, threads, cancel, || (), costs)?.concat())
    }

    /// The least cost at every point by way of the pieces; threads share the pieces.
    fn costs_around(
        &self,
        pieces: &[Piece<'_>],
        threads: NonZeroUsize,
        cancel: &AtomicBool,
    ) -> Result<Vec<f64>, Cancelled> {
        let n_points = self.grid.n_columns * self.grid.n_rows;
        let share = pieces.len().div_ceil(threads.get()).max(1);
        let parts: Vec<Vec<f64>> = thread::scope(|scope| {
            let around = |pieces| {
                scope.spawn(move || {
                    let mut costs = vec![f64::INFINITY; n_points];
                    for (number, piece) in <[Piece<'_>]>::iter(pieces).enumerate() {
                        if number.is_multiple_of(PIECES_PER_LOOK) && cancel.load(Ordering::Relaxed)
                        {
                            break;
                        }
                        self.walk_from(piece, &mut costs);
                    }
                    costs
                })
            };
            let running: Vec<_> = pieces.chunks(share).map(around).collect();
            let join = |thread: thread::ScopedJoinHandle<'_, _>| {
                thread.join().expect("walking does not panic")
            };
            running.into_iter().map(join).collect()
        });
        if cancel.load(Ordering::Relaxed) {
            return Err(Cancelled);
        }
        let mut least = vec![f64::INFINITY; n_points];
        for part in parts {
            for (least, cost) in least.iter_mut().zip(part) {
                *least = least.min(cost);
            }
        }
        Ok(least)
    }

    /// Walks from the nearest point of a piece to every point of the grid around it.
    fn walk_from(&self, piece: &Piece<'_>, costs: &mut [f64]) {
        let [a, b] = piece.ends.map(|end| self.grid.flat(end));
        // A step more than matters, so that costs on both sides of the outline are known.
        let radius = (piece.radius_m / self.step_m + 1.5)
            .min(self.travel.snap_radius().to_metres() / self.step_m);
        let along = [b[0] - a[0], b[1] - a[1]];
        let squared_length = along[0] * along[0] + along[1] * along[1];
        for (point, here) in self.grid.points_within([a, b], radius) {
            let toward = [here[0] - a[0], here[1] - a[1]];
            let fraction = if squared_length > 0.0 {
                ((toward[0] * along[0] + toward[1] * along[1]) / squared_length).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let distance = (toward[0] - fraction * along[0]).hypot(toward[1] - fraction * along[1]);
            if distance > radius {
                continue;
            }
            let at = piece.span[0] + fraction * (piece.span[1] - piece.span[0]);
            let Some(on_road) = piece.ways.cost_at(at) else {
                continue;
            };
            let cost = on_road + distance * self.cost_per_step;
            let near = [a[0] + fraction * along[0], a[1] + fraction * along[1]];
            if cost < costs[point] && !self.is_cut_off(here, near) {
                costs[point] = cost;
            }
        }
    }

    /// Walks straight from the place itself.
    fn walk_straight(&mut self, from: LonLat, radius_m: f64) {
        let start = self.grid.flat(from);
        let radius = radius_m / self.step_m;
        for (point, here) in self.grid.points_within([start, start], radius) {
            let distance = (here[0] - start[0]).hypot(here[1] - start[1]);
            let cost = distance * self.cost_per_step;
            if distance <= radius && cost < self.costs[point] && !self.is_cut_off(here, start) {
                self.costs[point] = cost;
            }
        }
    }

    /// Whether a barrier lies between two points of the flat map.
    fn is_cut_off(&self, a: [f64; 2], b: [f64; 2]) -> bool {
        match (self.grid.place(a), self.grid.place(b)) {
            (Some(a), Some(b)) => self.travel.barriers.crosses(a, b),
            _ => false,
        }
    }

    /// The outline of all points within a cutoff.
    pub(super) fn area(&self, cutoff: u32) -> MultiPolygon<f64> {
        /// Outlines stay this far, in steps, from the points that they run between, so that no two of them touch.
        const MARGIN: f64 = 0.02;
        let cutoff = f64::from(cutoff);
        let is_inside = |point: usize| self.costs[point] <= cutoff;
        let cut = |inside: usize, outside: usize| {
            let left = cutoff - self.costs[inside];
            let rise = self.costs[outside] - self.costs[inside];
            let [inside, outside] = [inside, outside].map(|point| self.grid.flat_of(point));
            let is_river = self.is_cut_off(inside, outside);
            let fraction = match rise {
                _ if is_river => 0.0,
                rise if rise.is_finite() => left / rise,
                _ => left / self.cost_per_step,
            };
            fraction.clamp(MARGIN, 1.0 - MARGIN)
        };
        let size = [self.grid.n_columns, self.grid.n_rows];
        let parts = outlines(size, &is_inside, &cut, LEAST_SQUARES);
        let ring = |ring: Vec<[f64; 2]>| {
            let degrees = ring.into_iter().map(|flat| self.grid.degrees(flat));
            degrees
                .map(|[x, y]| geo_types::coord! { x: x, y: y })
                .collect::<LineString<f64>>()
        };
        let polygon =
            |part: Part| Polygon::new(ring(part.outer), part.holes.into_iter().map(ring).collect());
        MultiPolygon(parts.into_iter().map(polygon).collect())
    }
}

/// The edges that are reached somewhere, but for boats, which nobody leaves on the water.
fn reached_edges<'s>(spread: &'s Spread<'_>) -> Vec<ReachedEdge<'s>> {
    let of_layer = |layer: &'s SpreadLayer<'s>| {
        let network = &layer.travel.network;
        let edges = network.edges().filter(|edge| !network.is_boat(*edge));
        edges.map(move |edge| ReachedEdge {
            layer,
            edge,
            ways: layer.ways(edge),
        })
    };
    let edges = spread.layers.iter().flat_map(of_layer);
    edges.filter(|edge| !edge.ways.is_empty()).collect()
}

/// Their pieces, each with how far to walk from it at most: what is left at its cheapest position.
fn reached_pieces<'s>(
    edges: &'s [ReachedEdge<'_>],
    radius_left: &impl Fn(f64) -> f64,
) -> Vec<Piece<'s>> {
    let of_edge = |ReachedEdge { layer, edge, ways }: &'s ReachedEdge<'_>| {
        let network = &layer.travel.network;
        network.pieces(*edge).filter_map(move |piece| {
            let span = layer.piece_span(piece).map(f64::from);
            let radius_m = radius_left(ways.least_within(span)?);
            (radius_m >= 0.0).then(|| Piece {
                ends: network.piece_ends(piece),
                span,
                ways,
                radius_m,
            })
        })
    };
    edges.iter().flat_map(of_edge).collect()
}
