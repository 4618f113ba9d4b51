//! Roads and rivers of the sample, and how they meet.

use std::collections::{BTreeMap, BTreeSet};

use geo::line_intersection::line_intersection;
use geo::{Distance, Haversine, unary_union};
use geo_types::{Coord, Line, LineString, Point};
use jangkau::domain::{CrossingKind, LonLat, OneWay, RoadClass, SampleDistrict, SeasonAccess};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::{SAMPLE, district, micro};

/// Crossings belong to the road edge within this distance.
const CROSSING_M: f64 = 25.0;

/// Road vertices where a segment starts or ends, with the number of segments that do.
fn road_ends(district: &SampleDistrict) -> BTreeMap<[i64; 2], usize> {
    let mut ends = BTreeMap::new();
    for line in district.roads.iter().flat_map(|road| &road.record.line.0) {
        for end in [line.0[0], line.0[line.0.len() - 1]] {
            *ends.entry(micro(end)).or_default() += 1;
        }
    }
    ends
}

#[test]
fn large_roads_end_in_other_roads_or_at_a_settlement_or_at_the_edge_of_the_district() {
    let ends = road_ends(&SAMPLE);
    let outline = unary_union(
        SAMPLE
            .villages
            .iter()
            .flat_map(|village| village.area.iter()),
    );
    let is_near = |end: Point<f64>, place: Point<f64>, m: f64| Haversine.distance(end, place) <= m;
    let large = SAMPLE
        .roads
        .iter()
        .filter(|road| road.record.class <= RoadClass::Secondary);
    for line in large.flat_map(|road| &road.record.line.0) {
        for end in [line.0[0], line.0[line.0.len() - 1]] {
            let at_settlement = SAMPLE
                .settlements
                .iter()
                .any(|each| is_near(end.into(), Coord::from(each.record.place).into(), 400.0));
            let at_edge = outline.0[0]
                .exterior()
                .coords()
                .any(|coord| is_near(end.into(), (*coord).into(), 2_000.0));
            assert!(
                1 < ends[&micro(end)] || at_settlement || at_edge,
                "a loose end at {end:?}"
            );
        }
    }
}

#[test]
fn roads_meet_only_at_their_ends() {
    let ends = road_ends(&SAMPLE);
    let mut inner: BTreeSet<[i64; 2]> = BTreeSet::new();
    for line in SAMPLE.roads.iter().flat_map(|road| &road.record.line.0) {
        for coord in &line.0[1..line.0.len() - 1] {
            assert!(inner.insert(micro(*coord)), "two roads pass {coord:?}");
            assert!(
                !ends.contains_key(&micro(*coord)),
                "a road ends inside another at {coord:?}"
            );
        }
    }
    let pieces = road_pieces(&SAMPLE);
    for piece in &pieces {
        for other in pieces.locate_in_envelope_intersecting(envelope(piece.geom())) {
            let (one, two) = (line_of(piece.geom()), line_of(other.geom()));
            let shares_end = [one.start, one.end].contains(&two.start)
                || [one.start, one.end].contains(&two.end);
            assert!(
                shares_end || line_intersection(one, two).is_none(),
                "{one:?} crosses {two:?}"
            );
        }
    }
}

type Piece = GeomWithData<rstar::primitives::Line<[f64; 2]>, usize>;

/// Straight pieces of roads, each with the position of its road.
fn road_pieces(district: &SampleDistrict) -> RTree<Piece> {
    let pieces = district.roads.iter().enumerate().flat_map(|(road, each)| {
        let lines = each.record.line.0.iter().flat_map(LineString::lines);
        lines.map(move |line| {
            let ends = rstar::primitives::Line::new(
                [line.start.x, line.start.y],
                [line.end.x, line.end.y],
            );
            Piece::new(ends, road)
        })
    });
    RTree::bulk_load(pieces.collect())
}

fn envelope(line: &rstar::primitives::Line<[f64; 2]>) -> AABB<[f64; 2]> {
    AABB::from_corners(line.from, line.to)
}

fn line_of(line: &rstar::primitives::Line<[f64; 2]>) -> Line<f64> {
    Line::new(Coord::from(line.from), Coord::from(line.to))
}

/// Asserts that every place where a road meets a river has a crossing that the road agrees with.
pub(super) fn assert_rivers_are_crossed_only_at_crossings(district: &SampleDistrict) {
    let pieces = road_pieces(district);
    let mut n_met = 0;
    let rivers = district
        .barriers
        .iter()
        .flat_map(|river| &river.record.line.0);
    for bank in rivers.flat_map(LineString::lines) {
        let corners = AABB::from_corners([bank.start.x, bank.start.y], [bank.end.x, bank.end.y]);
        for piece in pieces.locate_in_envelope_intersecting(corners) {
            if line_intersection(bank, line_of(piece.geom())).is_none() {
                continue;
            }
            n_met += 1;
            let road = &district.roads[piece.data];
            let place: Point<f64> = line_of(piece.geom()).start_point();
            let crossing = district
                .crossings
                .iter()
                .min_by(|a, b| {
                    let distance = |place: LonLat, to: Point<f64>| {
                        Haversine.distance(Coord::from(place).into(), to)
                    };
                    distance(a.record.place, place).total_cmp(&distance(b.record.place, place))
                })
                .unwrap();
            let on_river: Point<f64> = Coord::from(crossing.record.place).into();
            let middle = road.record.line.0[0].0[1];
            assert!(
                Haversine.distance(on_river, middle.into()) <= CROSSING_M,
                "{} swims",
                road.id
            );
            assert_eq!(
                road.record.is_bridge,
                crossing.record.kind == CrossingKind::Bridge
            );
            if crossing.record.kind == CrossingKind::Ford {
                assert_eq!(road.record.season, Some(SeasonAccess::Dry));
                assert_eq!(crossing.record.season, SeasonAccess::Dry);
            }
        }
    }
    assert!(district.crossings.len() <= n_met);
}

#[test]
fn roads_pass_rivers_only_by_bridge_ford_or_ferry() {
    assert_rivers_are_crossed_only_at_crossings(&SAMPLE);
}

#[test]
fn there_are_few_crossings_and_of_every_kind() {
    let n = |kind: CrossingKind| {
        SAMPLE
            .crossings
            .iter()
            .filter(|each| each.record.kind == kind)
            .count()
    };
    assert!((5..=40).contains(&n(CrossingKind::Bridge)));
    assert!((1..=12).contains(&n(CrossingKind::Ford)));
    assert_eq!(n(CrossingKind::Ferry), 1);
}

#[test]
fn a_river_surrounds_a_hamlet_that_no_road_leads_to() {
    let island = SAMPLE
        .settlements
        .iter()
        .find(|each| {
            each.record
                .name
                .as_ref()
                .unwrap()
                .starts_with("Dusun Pulau")
        })
        .unwrap();
    let place: Point<f64> = Coord::from(island.record.place).into();
    // A straight line in any of 36 directions meets the river within two kilometres, and no road before it.
    let rivers: Vec<Line<f64>> = SAMPLE
        .barriers
        .iter()
        .flat_map(|river| &river.record.line.0)
        .flat_map(LineString::lines)
        .collect();
    let roads: Vec<Line<f64>> = SAMPLE
        .roads
        .iter()
        .flat_map(|road| &road.record.line.0)
        .flat_map(LineString::lines)
        .collect();
    for step in 0..36 {
        let angle = f64::from(step) * std::f64::consts::TAU / 36.0;
        let reach = 0.018;
        let end = Coord {
            x: place.x() + reach * angle.cos(),
            y: place.y() + reach * angle.sin(),
        };
        let ray = Line::new(place.0, end);
        let nearest = |lines: &[Line<f64>]| {
            let met = lines
                .iter()
                .filter_map(|line| line_intersection(ray, *line));
            met.map(|met| match met {
                geo::LineIntersection::SinglePoint { intersection, .. } => {
                    Haversine.distance(place, intersection.into())
                }
                geo::LineIntersection::Collinear { intersection } => {
                    Haversine.distance(place, intersection.start.into())
                }
            })
            .min_by(f64::total_cmp)
        };
        let river_m = nearest(&rivers).expect("the river is all around");
        assert!(nearest(&roads).is_none_or(|road_m| river_m < road_m));
    }
}

#[test]
fn some_hamlets_are_more_than_two_kilometres_from_any_road() {
    let pieces: Vec<Line<f64>> = SAMPLE
        .roads
        .iter()
        .flat_map(|road| &road.record.line.0)
        .flat_map(LineString::lines)
        .collect();
    let far = SAMPLE.settlements.iter().filter(|settlement| {
        let place: Point<f64> = Coord::from(settlement.record.place).into();
        // Pieces are at most some hundred metres long: their ends are near enough.
        pieces
            .iter()
            .all(|piece| 2_300.0 < Haversine.distance(place, piece.start_point()))
    });
    let n = far.count();
    assert!((2..=20).contains(&n), "{n} hamlets");
}

#[test]
fn the_capital_has_streets_in_both_single_directions() {
    let one_way = |direction: OneWay| {
        SAMPLE
            .roads
            .iter()
            .any(|road| road.record.one_way == direction)
    };
    assert!(one_way(OneWay::Forward) || one_way(OneWay::Backward));
    // Whoever drives in one of them can drive out again: each end has another road or another one-way.
    let ends = road_ends(&SAMPLE);
    for road in SAMPLE
        .roads
        .iter()
        .filter(|road| road.record.one_way != OneWay::No)
    {
        let line = &road.record.line.0[0];
        for end in [line.0[0], line.0[line.0.len() - 1]] {
            assert!(2 <= ends[&micro(end)]);
        }
    }
}

#[test]
fn roads_are_of_every_kind_and_some_open_only_in_the_dry_season() {
    for class in [
        RoadClass::Trunk,
        RoadClass::Primary,
        RoadClass::Secondary,
        RoadClass::Tertiary,
        RoadClass::Unclassified,
        RoadClass::Residential,
        RoadClass::Track,
        RoadClass::Path,
    ] {
        assert!(
            SAMPLE.roads.iter().any(|road| road.record.class == class),
            "{class}"
        );
    }
    let dry_only = SAMPLE
        .roads
        .iter()
        .filter(|road| road.record.season == Some(SeasonAccess::Dry));
    assert!(0 < dry_only.count());
}

#[test]
fn districts_of_any_size_have_the_number_of_villages_asked_for() {
    for n_villages in [1, 2, 7, 40, 1_000] {
        let district = district(n_villages, 3);
        assert_eq!(district.villages.len(), n_villages);
        assert_rivers_are_crossed_only_at_crossings(&district);
    }
}
