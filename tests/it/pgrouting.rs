//! The engine against pgRouting on one network: nearest facility from every node, and between places along edges, to the
//! millisecond and millimetre.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jangkau::access::{NearestOptions, nearest};
use jangkau::domain::{LonLat, Metric, Mode, OneWay, RoadClass, Season};
use jangkau::network::{
    Barriers, BuildOptions, EdgeRow, Profiles, RoadAttributes, RoadSegment, SnapChoice, Travel,
    Weights, build, to_edge_table,
};

use crate::random_world::Numbers;
use crate::support::database::ScratchDatabase;

/// Nodes along each side of the grid.
const SIDE: u32 = 14;

/// Profiles that snap only where a place lies on a road, so that only the network decides.
fn profiles() -> Profiles {
    let text = include_str!("../../data/profiles.toml");
    let tight = text.replace(
        "{ name = \"snap_radius_m\", value = 2000 }",
        "{ name = \"snap_radius_m\", value = 1 }",
    );
    assert_ne!(text, tight);
    Profiles::parse(&tight).unwrap()
}

/// On the builder's grid of 1e-7 degrees, so that a node's place is its crossroads', bit for bit.
fn crossroads(column: u32, row: u32) -> LonLat {
    let degrees = |thousandths: i32| f64::from(thousandths) / 1000.0;
    let steps = |count: u32| 4 * i32::try_from(count).unwrap();
    LonLat::parse(
        degrees(102_500 + steps(column)),
        degrees(-2300 + steps(row)),
    )
    .unwrap()
}

/// A grid of single-edge segments with gaps, one-ways and several classes.
fn segments(numbers: &mut Numbers) -> Vec<RoadSegment> {
    let classes = [
        RoadClass::Primary,
        RoadClass::Track,
        RoadClass::Footway,
        RoadClass::Residential,
    ];
    let directions = [OneWay::No, OneWay::No, OneWay::Forward, OneWay::Backward];
    let mut segments = Vec::new();
    for column in 0..SIDE {
        for row in 0..SIDE {
            for (to_column, to_row) in [(column + 1, row), (column, row + 1)] {
                if to_column == SIDE || to_row == SIDE || numbers.below(5) == 0 {
                    continue;
                }
                let class = classes[numbers.below(4) as usize];
                segments.push(RoadSegment {
                    id: format!("{:05}", segments.len()),
                    line: vec![crossroads(column, row), crossroads(to_column, to_row)],
                    road: RoadAttributes {
                        one_way: directions[numbers.below(4) as usize],
                        ..RoadAttributes::of_class(class)
                    },
                });
            }
        }
    }
    segments
}

/// Least cost from each start node to any end node, by `pgr_dijkstraCost`.
async fn by_pgrouting(edges: &[EdgeRow], starts: &[u32], ends: &[u32]) -> BTreeMap<u32, i64> {
    let scratch = ScratchDatabase::empty().await;
    let client = scratch.client().await;
    client.batch_execute("create extension if not exists postgis; create extension pgrouting; create table edge (id bigint, source bigint, target bigint, cost float8, reverse_cost float8)").await.unwrap();
    for edge in edges {
        let cost = |cost: Option<u32>| cost.map_or(-1.0, f64::from);
        client
            .execute(
                "insert into edge values ($1, $2, $3, $4, $5)",
                &[
                    &i64::from(edge.edge),
                    &i64::from(edge.source),
                    &i64::from(edge.target),
                    &cost(edge.cost),
                    &cost(edge.reverse_cost),
                ],
            )
            .await
            .unwrap();
    }
    let wide = |nodes: &[u32]| nodes.iter().copied().map(i64::from).collect::<Vec<_>>();
    let rows = client
        .query(
            "select start_vid, min(agg_cost)::bigint from pgr_dijkstraCost('select * from edge', $1::bigint[], $2::bigint[], true) group by 1",
            &[&wide(starts), &wide(ends)],
        )
        .await
        .unwrap();
    let node = |id: i64| u32::try_from(id).unwrap();
    rows.iter()
        .map(|row| (node(row.get(0)), row.get(1)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nearest_costs_equal_those_of_pgrouting() {
    for (mode, metric) in [
        (Mode::Foot, Metric::Distance),
        (Mode::Motorcycle, Metric::Time),
    ] {
        let segments = segments(&mut Numbers::new(7));
        let (network, _) = build(&segments, &[], &BuildOptions::default());
        let profiles = profiles();
        let weights = Weights::new(&network, profiles.profile(mode).unwrap(), Season::Dry);
        let edges = to_edge_table(&network, &weights, metric);
        let place_of: BTreeMap<u32, LonLat> = (0..network.n_nodes())
            .map(|node| (node, network.node_place(node)))
            .collect();
        let nodes: Vec<u32> = place_of.keys().copied().collect();
        let facilities: Vec<u32> = nodes.iter().copied().step_by(37).collect();
        let places = |nodes: &[u32]| nodes.iter().map(|node| place_of[node]).collect::<Vec<_>>();
        let travel = Travel::new(
            Arc::new(network),
            Arc::new(weights),
            Arc::new(Barriers::new(&[])),
            metric,
            SnapChoice::Best,
        );
        let options = NearestOptions {
            cutoff: None,
            threads: NonZeroUsize::MIN,
        };
        let reaches = nearest(
            &travel,
            &places(&facilities),
            &places(&nodes),
            options,
            &AtomicBool::new(false),
        )
        .unwrap();
        let theirs = by_pgrouting(&edges, &nodes, &facilities).await;
        let mut n_compared = 0;
        for (node, reach) in nodes.iter().zip(&reaches.points) {
            let ours = reach.nearest.map(|nearest| match metric {
                Metric::Time => i64::from(nearest.time.0),
                Metric::Distance => i64::from(nearest.length.0),
            });
            // pgRouting gives no row from a node to itself.
            let expected = if facilities.contains(node) {
                Some(0)
            } else {
                theirs.get(node).copied()
            };
            assert_eq!(ours, expected, "{mode} {metric}, node {node}");
            n_compared += 1;
        }
        assert_eq!(n_compared, nodes.len());
    }
}

/// A place on a segment, sevenths of its length from its first vertex: no seventh of a whole number ends in a half, so
/// it does not matter that the engine finds the fraction again from coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct OnSegment {
    segment: usize,
    sevenths: u32,
}

impl OnSegment {
    fn random(numbers: &mut Numbers, segments: &[RoadSegment]) -> Self {
        let n_segments = u32::try_from(segments.len()).unwrap();
        Self {
            segment: numbers.below(n_segments) as usize,
            sevenths: 1 + numbers.below(6),
        }
    }

    fn place(self, segments: &[RoadSegment]) -> LonLat {
        let [a, b] = [0, 1].map(|vertex| segments[self.segment].line[vertex]);
        let part = |from: f64, to: f64| from + (to - from) * f64::from(self.sevenths) / 7.0;
        LonLat::parse(part(a.lon(), b.lon()), part(a.lat(), b.lat())).unwrap()
    }

    /// The same place on every segment that has the same line.
    fn twins(self, segments: &[RoadSegment]) -> impl Iterator<Item = Self> {
        let line = &segments[self.segment].line;
        let alike = (0..segments.len()).filter(move |segment| segments[*segment].line == *line);
        alike.map(move |segment| Self { segment, ..self })
    }

    fn node(self) -> u32 {
        1_000_000 + 7 * u32::try_from(self.segment).unwrap() + self.sevenths
    }
}

/// Some segments of the grid a second time, of another class and direction.
fn with_twins(numbers: &mut Numbers) -> Vec<RoadSegment> {
    let mut all = segments(numbers);
    for position in (0..all.len()).step_by(5) {
        let class = [RoadClass::Primary, RoadClass::Track][numbers.below(2) as usize];
        let twin = RoadSegment {
            id: format!("{:05}", all.len()),
            line: all[position].line.clone(),
            road: RoadAttributes {
                one_way: [OneWay::Forward, OneWay::Backward, OneWay::No][numbers.below(3) as usize],
                ..RoadAttributes::of_class(class)
            },
        };
        all.push(twin);
    }
    all
}

/// Every segment as edges between its ends and the places on it, which cost `round(fraction × segment)` from its
/// first vertex, the western or southern one, and the difference from each other.
fn cut_edges(
    segments: &[RoadSegment],
    places: &BTreeSet<OnSegment>,
    (mode, metric): (Mode, Metric),
) -> Vec<EdgeRow> {
    let profiles = profiles();
    let mut numbered: BTreeMap<(u64, u64), u32> = BTreeMap::new();
    let mut edges = Vec::new();
    for (position, segment) in segments.iter().enumerate() {
        // What the engine says of the segment alone.
        let this = std::slice::from_ref(segment);
        let (network, _) = build(this, &[], &BuildOptions::default());
        let weights = Weights::new(&network, profiles.profile(mode).unwrap(), Season::Dry);
        let whole = to_edge_table(&network, &weights, metric)[0];
        let is_turned = network.node_place(whole.source) != segment.line[0];
        let (along, against) = if is_turned {
            (whole.reverse_cost, whole.cost)
        } else {
            (whole.cost, whole.reverse_cost)
        };
        let [start, end] = [0, 1].map(|vertex| {
            let place = segment.line[vertex];
            let next = u32::try_from(numbered.len()).unwrap();
            let key = (place.lon().to_bits(), place.lat().to_bits());
            *numbered.entry(key).or_insert(next)
        });
        let of_segment = places.iter().filter(|each| each.segment == position);
        let mut stops: Vec<(u32, u32)> = vec![(0, start)];
        stops.extend(of_segment.map(|each| (each.sevenths, each.node())));
        stops.push((7, end));
        for pair in stops.windows(2) {
            let part = |whole: u32| {
                let until = |sevenths: u32| (2 * sevenths * whole + 7) / 14;
                until(pair[1].0) - until(pair[0].0)
            };
            edges.push(EdgeRow {
                edge: u32::try_from(edges.len()).unwrap(),
                source: pair[0].1,
                target: pair[1].1,
                cost: along.map(part),
                reverse_cost: against.map(part),
            });
        }
    }
    edges
}

#[tokio::test(flavor = "multi_thread")]
async fn costs_between_places_along_edges_equal_those_of_pgrouting() {
    for (mode, metric) in [
        (Mode::Foot, Metric::Distance),
        (Mode::Motorcycle, Metric::Time),
    ] {
        let numbers = &mut Numbers::new(11);
        let segments = with_twins(numbers);
        let mut random = |n_places: usize| -> Vec<OnSegment> {
            let places = (0..n_places).map(|_| OnSegment::random(numbers, &segments));
            places.collect()
        };
        let (facilities, demand) = (random(12), random(150));
        let all = facilities.iter().chain(&demand);
        let cut_at = all.flat_map(|place| place.twins(&segments)).collect();
        let edges = cut_edges(&segments, &cut_at, (mode, metric));
        let (network, report) = build(&segments, &[], &BuildOptions::default());
        assert!(report.n_parallel_edges > 20 && report.n_contracted_nodes > 0);
        let profiles = profiles();
        let weights = Weights::new(&network, profiles.profile(mode).unwrap(), Season::Dry);
        let travel = Travel::new(
            Arc::new(network),
            Arc::new(weights),
            Arc::new(Barriers::new(&[])),
            metric,
            SnapChoice::Best,
        );
        let options = NearestOptions {
            cutoff: None,
            threads: NonZeroUsize::MIN,
        };
        let on_ground = |places: &[OnSegment]| -> Vec<LonLat> {
            places.iter().map(|place| place.place(&segments)).collect()
        };
        let reaches = nearest(
            &travel,
            &on_ground(&facilities),
            &on_ground(&demand),
            options,
            &AtomicBool::new(false),
        )
        .unwrap();

        // A segment that the mode may not use is no way to a place on it.
        let may_use = |place: &OnSegment| {
            edges.iter().any(|edge| {
                [edge.source, edge.target].contains(&place.node())
                    && (edge.cost.is_some() || edge.reverse_cost.is_some())
            })
        };
        let nodes = |places: &[OnSegment]| -> BTreeSet<u32> {
            let twins = places.iter().flat_map(|place| place.twins(&segments));
            twins.filter(may_use).map(OnSegment::node).collect()
        };
        let (starts, ends) = (nodes(&demand), nodes(&facilities));
        let [start_list, end_list] =
            [&starts, &ends].map(|nodes| nodes.iter().copied().collect::<Vec<u32>>());
        let theirs = by_pgrouting(&edges, &start_list, &end_list).await;
        let mut n_inside = 0;
        for (place, reach) in demand.iter().zip(&reaches.points) {
            let ours = reach.nearest.map(|nearest| match metric {
                Metric::Time => i64::from(nearest.time.0),
                Metric::Distance => i64::from(nearest.length.0),
            });
            let same_place =
                |facility: &OnSegment| facility.place(&segments) == place.place(&segments);
            // pgRouting gives no row from a node to itself.
            let expected = if facilities.iter().any(same_place) {
                Some(0)
            } else {
                let twins = place.twins(&segments).map(OnSegment::node);
                twins.filter_map(|node| theirs.get(&node).copied()).min()
            };
            assert_eq!(ours, expected, "{mode} {metric}, {place:?}");
            n_inside += u32::from(expected.is_some_and(|cost| cost > 0));
        }
        assert!(
            n_inside > 100,
            "{n_inside} places are too few to mean anything"
        );
    }
}
