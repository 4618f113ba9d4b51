//! The engine against pgRouting on one network: nearest facility from every node, to the millisecond and millimetre.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jangkau::access::{NearestOptions, nearest};
use jangkau::domain::{LonLat, Metric, Mode, ModeSet, OneWay, RoadClass, Season};
use jangkau::network::{
    Barriers, BuildOptions, EdgeRow, Profiles, RoadSegment, SnapChoice, Travel, Weights, build,
    to_edge_table,
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

fn crossroads(column: u32, row: u32) -> LonLat {
    LonLat::parse(
        102.5 + f64::from(column) * 0.004,
        -2.3 + f64::from(row) * 0.004,
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
                segments.push(RoadSegment {
                    id: format!("{:05}", segments.len()),
                    line: vec![crossroads(column, row), crossroads(to_column, to_row)],
                    class: classes[numbers.below(4) as usize],
                    surface: None,
                    condition: None,
                    one_way: directions[numbers.below(4) as usize],
                    is_bridge: false,
                    is_tunnel: false,
                    barred: ModeSet::NONE,
                    season: None,
                    max_speed_kmh: None,
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
