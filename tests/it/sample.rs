//! The sample district: its counts, its borders, its roads and rivers, and its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use gdal::Dataset;
use gdal::vector::LayerAccess;
use geo::line_intersection::line_intersection;
use geo::{Area, BooleanOps, ChamberlainDuquetteArea, Contains, Distance, Haversine, unary_union};
use geo_types::{Coord, Line, LineString, MultiPolygon, Point, Polygon};
use jangkau::domain::{
    CrossingKind, OneWay, RoadClass, SAMPLE_NOTICE, SampleDistrict, SeasonAccess, Status,
};
use jangkau::publish::write_sample;
use jangkau::synthetic::{MAX_VILLAGES, SampleError, SampleParameters, generate};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

const N_VILLAGES: usize = 158;
/// Crossings belong to the road edge within this distance.
const CROSSING_M: f64 = 25.0;

fn district(n_villages: usize, seed: u64) -> SampleDistrict {
    let inside = None;
    generate(&SampleParameters {
        n_villages,
        seed,
        inside,
    })
    .unwrap()
}

static SAMPLE: LazyLock<SampleDistrict> = LazyLock::new(|| district(N_VILLAGES, 1));

/// A coordinate in whole millionths of a degree, to compare exactly.
fn micro(coord: Coord<f64>) -> [i64; 2] {
    let whole = |degrees: f64| format!("{:.0}", degrees * 1e6).parse().unwrap();
    [whole(coord.x), whole(coord.y)]
}

#[test]
fn it_has_the_counts_of_the_real_district() {
    let codes: BTreeSet<&str> = SAMPLE
        .villages
        .iter()
        .map(|village| village.code.as_str())
        .collect();
    assert_eq!(codes.len(), N_VILLAGES);
    let kecamatan: BTreeSet<&str> = codes.iter().map(|code| &code[..8]).collect();
    assert_eq!(kecamatan.len(), 11);
    let kelurahan = codes.iter().filter(|code| code[9..].starts_with('1'));
    assert_eq!(kelurahan.count(), 9);
    assert!(codes.iter().all(|code| code.starts_with("99.01.")));
}

#[test]
fn it_has_about_three_hundred_thousand_people_by_either_count() {
    let settled: f64 = SAMPLE
        .settlements
        .iter()
        .map(|settlement| settlement.record.population.unwrap().to_count())
        .sum();
    let official: f64 = SAMPLE
        .villages
        .iter()
        .map(|village| village.population.unwrap().to_count())
        .sum();
    assert!((290_000.0..=310_000.0).contains(&settled));
    assert!((290_000.0..=310_000.0).contains(&official));
}

#[test]
fn two_villages_of_different_kecamatan_share_a_name_and_no_more() {
    let mut kecamatan: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for village in &SAMPLE.villages {
        kecamatan
            .entry(&village.name)
            .or_default()
            .push(&village.code.as_str()[..8]);
    }
    let shared: Vec<&Vec<&str>> = kecamatan.values().filter(|codes| 1 < codes.len()).collect();
    assert_eq!(shared.len(), 1);
    assert!(matches!(shared[0][..], [one, other] if one != other));
}

#[test]
fn villages_cover_the_district_without_gaps_or_overlaps() {
    let areas: Vec<&MultiPolygon<f64>> = SAMPLE
        .villages
        .iter()
        .map(|village| &village.area)
        .collect();
    let sum: f64 = areas.iter().map(|area| area.unsigned_area()).sum();
    let union = unary_union(areas.iter().flat_map(|area| area.iter()));
    assert!((union.unsigned_area() - sum).abs() < sum * 1e-9);
    assert_eq!(union.0.len(), 1);
    assert!(union.0[0].interiors().is_empty());
    let area_km2 = union.chamberlain_duquette_unsigned_area() / 1e6;
    assert!((5_936.0 * 0.95..=5_936.0 * 1.05).contains(&area_km2));
}

#[test]
fn every_inner_border_is_shared_by_exactly_two_villages_in_opposite_directions() {
    let mut sides: BTreeMap<([i64; 2], [i64; 2]), usize> = BTreeMap::new();
    let rings = SAMPLE
        .villages
        .iter()
        .flat_map(|village| &village.area.0)
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    for pair in rings.flat_map(|ring| ring.0.windows(2)) {
        *sides.entry((micro(pair[0]), micro(pair[1]))).or_default() += 1;
    }
    assert!(sides.values().all(|n| *n == 1));
    let outer: Vec<_> = sides
        .keys()
        .filter(|(from, to)| !sides.contains_key(&(*to, *from)))
        .collect();
    // The outline is one closed ring: as many sides as corners, each corner entered and left once.
    let starts: BTreeSet<_> = outer.iter().map(|(from, _)| from).collect();
    let ends: BTreeSet<_> = outer.iter().map(|(_, to)| to).collect();
    assert_eq!(starts.len(), outer.len());
    assert_eq!(starts, ends);
}

#[test]
fn villages_are_of_very_different_size() {
    let mut areas: Vec<f64> = SAMPLE
        .villages
        .iter()
        .map(|village| village.area.chamberlain_duquette_unsigned_area() / 1e6)
        .collect();
    areas.sort_by(f64::total_cmp);
    // A tenth of the villages is smaller than a third of the mean, a tenth larger than twice the mean.
    let mean = areas.iter().sum::<f64>() / areas.len() as f64;
    assert!(areas[N_VILLAGES / 10] < mean / 3.0);
    assert!(2.0 * mean < areas[N_VILLAGES * 9 / 10]);
}

#[test]
fn settlements_lie_in_the_village_that_their_code_names() {
    let areas: BTreeMap<&str, &MultiPolygon<f64>> = SAMPLE
        .villages
        .iter()
        .map(|village| (village.code.as_str(), &village.area))
        .collect();
    let mut per_village: BTreeMap<&str, usize> = BTreeMap::new();
    for settlement in &SAMPLE.settlements {
        let code = settlement.record.village_code.as_ref().unwrap().as_str();
        let place: Point<f64> = Coord::from(settlement.record.place).into();
        assert!(
            areas[code].contains(&place),
            "{} lies outside {code}",
            settlement.id
        );
        *per_village.entry(code).or_default() += 1;
    }
    assert_eq!(per_village.len(), N_VILLAGES);
    assert!(per_village.values().all(|n| *n <= 8));
}

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
fn assert_rivers_are_crossed_only_at_crossings(district: &SampleDistrict) {
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
                    let distance = |place: jangkau::domain::LonLat, to: Point<f64>| {
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
fn facilities_are_of_every_tier_and_some_do_not_work() {
    let n = |tier: &str| {
        SAMPLE
            .clinics
            .iter()
            .filter(|clinic| clinic.record.tier.as_deref() == Some(tier))
            .count()
    };
    assert_eq!(n("rumah-sakit"), 2);
    assert_eq!(n("puskesmas"), 11);
    assert!((N_VILLAGES / 5..=N_VILLAGES / 2).contains(&n("pustu")));
    assert!(0 < n("poskesdes") && 0 < n("posyandu"));
    assert_eq!(
        SAMPLE
            .clinics
            .iter()
            .filter(|clinic| clinic.record.tier.is_none())
            .count(),
        1
    );
    assert!(
        SAMPLE
            .clinics
            .iter()
            .any(|clinic| clinic.record.status == Status::Broken)
    );
    let broken = SAMPLE
        .water_points
        .iter()
        .filter(|point| point.record.status == Status::Broken)
        .count();
    let share = broken as f64 / SAMPLE.water_points.len() as f64;
    assert!((0.15..=0.35).contains(&share));
}

#[test]
fn the_same_seed_gives_the_same_district_and_another_seed_another() {
    assert_eq!(*SAMPLE, district(N_VILLAGES, 1));
    assert_ne!(*SAMPLE, district(N_VILLAGES, 2));
}

#[test]
fn districts_of_any_size_have_the_number_of_villages_asked_for() {
    for n_villages in [1, 2, 7, 40, 1_000] {
        let district = district(n_villages, 3);
        assert_eq!(district.villages.len(), n_villages);
        assert_rivers_are_crossed_only_at_crossings(&district);
    }
}

#[test]
fn no_villages_and_too_many_are_refused() {
    for n_villages in [0, MAX_VILLAGES + 1] {
        let parameters = SampleParameters {
            n_villages,
            seed: 1,
            inside: None,
        };
        assert_eq!(
            generate(&parameters),
            Err(SampleError::VillageCount { n_villages })
        );
    }
    let parameters = SampleParameters {
        n_villages: 1,
        seed: 1,
        inside: Some(vec![MultiPolygon(vec![])]),
    };
    assert_eq!(generate(&parameters), Err(SampleError::NoGround));
}

/// A rectangle in degrees.
fn rectangle(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let ring = [
        (west, south),
        (east, south),
        (east, north),
        (west, north),
        (west, south),
    ];
    Polygon::new(LineString::from(ring.to_vec()), Vec::new()).into()
}

#[test]
fn inside_given_villages_each_has_a_settlement_and_none_has_a_code() {
    // Twelve squares of five kilometres, a strip of 50 m beside them, and a village far off.
    let mut areas: Vec<MultiPolygon<f64>> = (0..12_u8)
        .map(|at| {
            let (west, south) = (
                102.0 + 0.05 * f64::from(at % 4),
                -2.0 + 0.05 * f64::from(at / 4),
            );
            rectangle(west, south, west + 0.05, south + 0.05)
        })
        .collect();
    areas.push(rectangle(102.2, -2.0, 102.2005, -1.85));
    areas.push(rectangle(102.4, -2.0, 102.45, -1.95));
    let parameters = SampleParameters {
        n_villages: 1,
        seed: 1,
        inside: Some(areas.clone()),
    };
    let district = generate(&parameters).unwrap();
    assert!(district.villages.is_empty());
    assert!(
        district
            .settlements
            .iter()
            .all(|settlement| settlement.record.village_code.is_none())
    );
    for area in &areas {
        let is_inside = |place: jangkau::domain::LonLat| area.contains(&Point(Coord::from(place)));
        assert!(
            district
                .settlements
                .iter()
                .any(|settlement| is_inside(settlement.record.place))
        );
    }
    let all = unary_union(areas.iter().flat_map(|area| area.iter()));
    let outside = district
        .settlements
        .iter()
        .map(|settlement| settlement.record.place);
    let places = outside.chain(district.clinics.iter().map(|clinic| clinic.record.place));
    assert_eq!(
        places
            .filter(|place| !all.contains(&Point(Coord::from(*place))))
            .count(),
        0
    );
    assert_rivers_are_crossed_only_at_crossings(&district);
}

fn count_with_gdal(path: &Path) -> usize {
    let dataset = Dataset::open(path).unwrap();
    let mut layer = dataset.layer(0).unwrap();
    let source = layer.defn().field_index("source").unwrap();
    let of_sample = layer
        .features()
        .filter(|feature| feature.field_as_string(source).unwrap().as_deref() == Some("sample"));
    of_sample.count()
}

#[test]
fn the_files_open_in_gdal_and_hold_every_record() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_sample(&SAMPLE, folder.path()).unwrap();
    let expected = [
        ("villages.zip", SAMPLE.villages.len()),
        ("roads.gpkg", SAMPLE.roads.len()),
        ("settlements.csv", SAMPLE.settlements.len()),
        ("clinics.gpkg", SAMPLE.clinics.len()),
        ("schools.csv", SAMPLE.schools.len()),
        ("water-points.csv", SAMPLE.water_points.len()),
        ("barriers.geojson", SAMPLE.barriers.len()),
        ("crossings.geojson", SAMPLE.crossings.len()),
    ];
    let found: Vec<(&str, usize)> = paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            (
                name,
                if name.ends_with("zip") {
                    count_with_gdal(&zipped(path))
                } else {
                    count_with_gdal(path)
                },
            )
        })
        .collect();
    assert_eq!(found, expected);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), expected.len() + 1);
    let readme = std::fs::read_to_string(folder.path().join("README.txt")).unwrap();
    assert!(readme.starts_with(SAMPLE_NOTICE));
}

/// GDAL's name for what a zip archive holds.
fn zipped(path: &Path) -> std::path::PathBuf {
    format!("/vsizip/{}", path.display()).into()
}

#[test]
fn geometries_survive_the_shapefile_and_the_geopackage() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_sample(&SAMPLE, folder.path()).unwrap();
    let dataset = Dataset::open(zipped(&paths[0])).unwrap();
    let mut layer = dataset.layer(0).unwrap();
    assert_eq!(layer.spatial_ref().unwrap().auth_code().unwrap(), 4326);
    let code = layer.defn().field_index("kode").unwrap();
    for (feature, village) in layer.features().zip(&SAMPLE.villages) {
        assert_eq!(
            feature.field_as_string(code).unwrap().unwrap(),
            village.code.as_str()
        );
        let geometry = feature.geometry().unwrap();
        let found: MultiPolygon<f64> = match geometry.to_geo().unwrap() {
            geo_types::Geometry::Polygon(polygon) => polygon.into(),
            geo_types::Geometry::MultiPolygon(area) => area,
            other => panic!("{other:?}"),
        };
        assert!(found.xor(&village.area).unsigned_area() < 1e-12);
    }
    let dataset = Dataset::open(&paths[1]).unwrap();
    let mut layer = dataset.layer(0).unwrap();
    for (feature, road) in layer.features().zip(&SAMPLE.roads) {
        let found = feature.geometry().unwrap().to_geo().unwrap();
        assert_eq!(found, road.record.line.clone().into());
    }
}

#[test]
fn the_same_district_is_written_with_the_same_bytes() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let paths = write_sample(&SAMPLE, one.path()).unwrap();
    let again = write_sample(&SAMPLE, other.path()).unwrap();
    for (path, again) in paths.iter().zip(&again) {
        let is_same = std::fs::read(path).unwrap() == std::fs::read(again).unwrap();
        assert!(is_same, "{} differs", path.display());
    }
}

#[test]
fn a_sample_inside_real_villages_has_no_village_file_and_no_code_column() {
    let inside = Some(vec![
        rectangle(102.0, -2.0, 102.2, -1.8),
        rectangle(102.2, -2.0, 102.4, -1.8),
    ]);
    let district = generate(&SampleParameters {
        n_villages: 1,
        seed: 1,
        inside,
    })
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let paths = write_sample(&district, folder.path()).unwrap();
    assert!(!folder.path().join("villages.zip").exists());
    assert_eq!(paths.len(), 7);
    let settlements = std::fs::read_to_string(folder.path().join("settlements.csv")).unwrap();
    assert_eq!(
        settlements.lines().next(),
        Some("id,name,population,source,lon,lat")
    );
}
