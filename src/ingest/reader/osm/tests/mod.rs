//! Whole files, written here as PBF and as XML, read as the child reads them.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the encoder writes bytes and two's complements"
)]

mod world;

use geo_types::{Geometry, MultiLineString, line_string};
use world::{
    NodeOf, PbfStyle, WayOf, World, blob, bytes_field, int_field, node, packed, varint, way, zigzag,
};

use super::*;
use crate::domain::Severity;
use crate::ingest::protocol::Cell;

const USUAL: PbfStyle = PbfStyle {
    dense: true,
    deflated: true,
    granularity: 100,
};

fn roads(bytes: &[u8]) -> (Vec<RawFeature>, Vec<Finding>) {
    features_of_bytes(bytes, Layer::Roads).unwrap()
}

fn refusal(bytes: &[u8]) -> FindingCode {
    features_of_bytes(bytes, Layer::Roads).unwrap_err().code
}

/// Ids of the roads of a world, in XML and in PBF, with the findings.
fn ids_and_findings(world: &World) -> (Vec<i64>, Vec<Finding>) {
    let (features, findings) = roads(&world.xml());
    assert_eq!(
        roads(&world.pbf(USUAL)),
        (features.clone(), findings.clone())
    );
    (
        features.iter().map(|feature| feature.fid).collect(),
        findings,
    )
}

fn line(feature: &RawFeature) -> &MultiLineString<f64> {
    match &feature.geometry {
        Some(Geometry::MultiLineString(line)) => line,
        other => panic!("{other:?} is no line"),
    }
}

/// A street, a track that crosses a ford, a house, and what is to be told about them.
fn village() -> World {
    let mut nodes: Vec<NodeOf> = (1..=6)
        .map(|id| {
            node(
                id,
                102.5 + 0.001 * id as f64,
                -2.25 + 0.0005 * (id % 3) as f64,
            )
        })
        .collect();
    nodes[3].tags = &[("ford", "yes"), ("name", "Sungai \"Kecil\" & Besar")];
    nodes[4].tags = &[("amenity", "clinic")];
    World {
        nodes,
        ways: vec![
            way(
                11,
                &[1, 2, 3],
                &[
                    ("highway", "residential"),
                    ("name", "Jalan Rambutan & Duku"),
                    ("surface", "asphalt"),
                    ("oneway", "yes"),
                ],
            ),
            way(
                12,
                &[3, 4, 5],
                &[
                    ("highway", "track"),
                    ("tracktype", "grade3"),
                    ("motorcar", "no"),
                ],
            ),
            way(13, &[1, 2, 6, 1], &[("building", "yes")]),
            way(14, &[5, 6], &[("highway", "proposed")]),
            way(-15, &[6, 1], &[("route", "ferry")]),
        ],
        relations: vec![
            (
                1,
                &[("type", "restriction"), ("restriction", "no_left_turn")],
            ),
            (2, &[("type", "route")]),
        ],
        ways_first: false,
    }
}

#[test]
fn the_same_village_is_the_same_in_every_way_of_writing_it() {
    let world = village();
    let expected = roads(&world.xml());
    assert_eq!(
        expected.0.iter().map(|road| road.fid).collect::<Vec<_>>(),
        [11, 12, -15]
    );
    assert_eq!(roads(&world.gzip()), expected);
    for dense in [true, false] {
        for deflated in [true, false] {
            for granularity in [100, 10, 1] {
                let style = PbfStyle {
                    dense,
                    deflated,
                    granularity,
                };
                assert_eq!(roads(&world.pbf(style)), expected);
            }
        }
    }
    let turned = World {
        ways_first: true,
        ..world
    };
    assert_eq!(roads(&turned.xml()), expected);
    assert_eq!(roads(&turned.pbf(USUAL)), expected);
}

#[test]
fn a_street_has_its_line_and_its_words() {
    let (features, findings) = roads(&village().pbf(USUAL));
    let expected =
        line_string![(x: 102.501, y: -2.2495), (x: 102.502, y: -2.249), (x: 102.503, y: -2.25)];
    assert_eq!(line(&features[0]).0, [expected]);
    let texts: Vec<String> = features[0]
        .values
        .iter()
        .map(|value| match value {
            Cell::Empty => "-".to_owned(),
            Cell::Text(text) => text.clone(),
            Cell::Int(number) => number.to_string(),
            Cell::Real(number) => number.to_string(),
        })
        .collect();
    assert_eq!(
        texts,
        [
            "11",
            "Jalan Rambutan & Duku",
            "residential",
            "paved",
            "-",
            "-",
            "yes",
            "no",
            "no",
            "-",
            "-",
            "-"
        ]
    );
    let told: Vec<&str> = findings
        .iter()
        .filter_map(|finding| finding.field.as_deref())
        .collect();
    assert_eq!(told, ["restriction", "highway", "condition"]);
    assert!(
        findings
            .iter()
            .all(|finding| finding.severity == Severity::Info)
    );
    assert!(
        findings[0].cause.starts_with("1 turn restrictions"),
        "{}",
        findings[0].cause
    );
    assert!(
        findings[1].cause.ends_with(": proposed 1"),
        "{}",
        findings[1].cause
    );
}

#[test]
fn a_ford_is_a_crossing_of_the_dry_season() {
    for file in [village().xml(), village().pbf(USUAL)] {
        let (features, _) = features_of_bytes(&file, Layer::Crossings).unwrap();
        assert_eq!(features.len(), 1);
        assert_eq!(features[0].fid, 4);
        let values = [
            Cell::Int(4),
            Cell::Text("ford".to_owned()),
            Cell::Text("dry".to_owned()),
        ];
        assert_eq!(features[0].values, values);
        assert_eq!(
            features[0].geometry,
            Some(geo_types::point!(x: 102.504, y: -2.2495).into())
        );
    }
}

#[test]
fn other_layers_are_refused_by_name() {
    let refused = features_of_bytes(&village().xml(), Layer::Villages).unwrap_err();
    assert_eq!(refused.code, FindingCode::FileUnsupported);
    assert!(refused.cause.contains("villages"), "{}", refused.cause);
}

/// A clinic as a node, one as an area, one as a line, one as a relation, and a river.
fn services() -> World {
    let square = [
        (1, 0.0, 0.0),
        (2, 0.002, 0.0),
        (3, 0.002, 0.002),
        (4, 0.0, 0.002),
    ];
    let mut nodes: Vec<NodeOf> = square
        .iter()
        .map(|(id, east, north)| node(*id, 102.5 + east, -2.25 + north))
        .collect();
    nodes.push(NodeOf {
        tags: &[("amenity", "clinic"), ("name", "Pustu Limun")],
        ..node(5, 102.6, -2.3)
    });
    World {
        nodes,
        ways: vec![
            way(
                5,
                &[1, 2, 3, 4, 1],
                &[("healthcare", "midwife"), ("building", "yes")],
            ),
            way(6, &[1, 2], &[("amenity", "clinic")]),
            way(
                7,
                &[1, 3],
                &[("waterway", "river"), ("name", "Batang Asai")],
            ),
            way(8, &[1, 2, 99, 4, 1], &[("place", "hamlet")]),
        ],
        relations: vec![(1, &[("type", "multipolygon"), ("amenity", "hospital")])],
        ways_first: false,
    }
}

#[test]
fn a_node_and_an_area_are_places_known_by_what_they_are_and_their_number() {
    for bytes in [services().xml(), services().pbf(USUAL)] {
        let (features, findings) = features_of_bytes(&bytes, Layer::Clinics).unwrap();
        let ids: Vec<&Cell> = features.iter().map(|feature| &feature.values[0]).collect();
        // Both have the number 5.
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(ids, [&text("node/5"), &text("way/5")]);
        assert_eq!(features[0].values[2], text("pustu"));
        // The middle of the square.
        assert_eq!(
            features[1].geometry,
            Some(geo_types::Point::new(102.501, -2.249).into())
        );
        let told: Vec<(&str, Severity)> = findings
            .iter()
            .map(|finding| (finding.field.as_deref().unwrap(), finding.severity))
            .collect();
        assert_eq!(
            told,
            [
                ("multipolygon", Severity::Warning),
                ("osm_tag", Severity::Info),
                ("status", Severity::Info),
                ("tier", Severity::Info)
            ]
        );
        let (rivers, _) = features_of_bytes(&bytes, Layer::Barriers).unwrap();
        assert_eq!(rivers.len(), 1);
        assert_eq!(line(&rivers[0]).0.len(), 1);
    }
}

#[test]
fn an_area_with_missing_nodes_has_its_place_and_is_told() {
    let (features, findings) =
        features_of_bytes(&services().pbf(USUAL), Layer::Settlements).unwrap();
    assert_eq!(features.len(), 1);
    let Some(Geometry::Point(place)) = features[0].geometry else {
        panic!("{:?} is no point", features[0].geometry);
    };
    assert!((102.5..=102.502).contains(&place.x()) && (-2.25..=-2.248).contains(&place.y()));
    assert_eq!(findings[0].code, FindingCode::OsmIncomplete);
}

#[test]
fn a_way_with_missing_nodes_is_kept_as_far_as_it_is_known() {
    let world = World {
        nodes: vec![node(1, 1.0, 1.0), node(2, 2.0, 1.0), node(4, 4.0, 1.0)],
        ways: vec![
            way(10, &[1, 2, 3, 4], &[("highway", "path")]),
            way(11, &[7, 8], &[("highway", "path")]),
            way(12, &[1], &[("highway", "path")]),
            way(13, &[1, 1], &[("highway", "path")]),
            way(14, &[], &[("highway", "path")]),
        ],
        ..World::default()
    };
    let (ids, findings) = ids_and_findings(&world);
    assert_eq!(ids, [10]);
    let told: Vec<(Option<i64>, FindingCode)> = findings
        .iter()
        .map(|finding| (finding.fid, finding.code))
        .collect();
    let incomplete = FindingCode::OsmIncomplete;
    assert_eq!(
        told,
        [
            (Some(10), incomplete),
            (Some(11), incomplete),
            (Some(12), incomplete),
            (Some(13), incomplete),
            (Some(14), incomplete)
        ]
    );
    assert!(
        findings[0].cause.starts_with("1 of 4 nodes"),
        "{}",
        findings[0].cause
    );
    assert!(
        findings[1].cause.contains("left out"),
        "{}",
        findings[1].cause
    );
    assert!(
        findings
            .iter()
            .all(|finding| finding.severity == Severity::Warning)
    );
}

#[test]
fn a_node_nowhere_on_the_earth_parts_the_line_and_is_told() {
    let world = World {
        nodes: vec![
            node(1, 1.0, 1.0),
            node(2, 2.0, 1.0),
            node(3, 200.0, 1.0),
            node(4, 4.0, 95.0),
        ],
        ways: vec![way(10, &[1, 2, 3, 4], &[("highway", "path")])],
        ..World::default()
    };
    let (ids, findings) = ids_and_findings(&world);
    assert_eq!(ids, [10]);
    assert_eq!(findings[0].code, FindingCode::CoordsOutOfRange);
    assert!(
        findings[0].cause.starts_with("2 of 4 nodes"),
        "{}",
        findings[0].cause
    );
}

#[test]
fn in_a_history_the_newest_version_counts_and_the_deleted_are_gone() {
    let path = |version, is_visible, tags| WayOf {
        version,
        is_visible,
        ..way(10, &[1, 2], tags)
    };
    let is_path: world::Pairs = &[("highway", "path")];
    let is_track: world::Pairs = &[("highway", "track")];
    let no_road: world::Pairs = &[("waterway", "ditch")];
    let of = |versions: &[WayOf]| World {
        nodes: vec![
            NodeOf {
                version: 2,
                ..node(1, 1.5, 1.0)
            },
            node(1, 1.0, 1.0),
            node(2, 2.0, 1.0),
            NodeOf {
                version: 2,
                is_visible: false,
                ..node(3, 0.0, 0.0)
            },
        ],
        ways: versions.to_vec(),
        ..World::default()
    };
    let class = |world: &World| -> Vec<Cell> {
        let (features, _) = roads(&world.xml());
        assert_eq!(roads(&world.pbf(USUAL)).0, features);
        features
            .iter()
            .map(|feature| feature.values[2].clone())
            .collect()
    };
    let changed = of(&[path(2, true, is_track), path(1, true, is_path)]);
    assert_eq!(class(&changed), [Cell::Text("track".to_owned())]);
    let (features, findings) = roads(&changed.xml());
    assert_eq!(
        line(&features[0]).0,
        [line_string![(x: 1.5, y: 1.0), (x: 2.0, y: 1.0)]]
    );
    assert!(
        findings
            .iter()
            .any(|finding| finding.cause.starts_with("1 older versions"))
    );
    assert_eq!(
        class(&of(&[path(1, true, is_path), path(2, false, is_path)])),
        []
    );
    assert_eq!(
        class(&of(&[path(2, true, no_road), path(1, true, is_path)])),
        []
    );
    assert_eq!(
        class(&of(&[path(1, true, no_road), path(2, true, is_path)])).len(),
        1
    );
}

#[test]
fn a_repeated_way_is_read_once_and_told() {
    let street = way(10, &[1, 2], &[("highway", "path")]);
    let world = World {
        nodes: vec![node(1, 1.0, 1.0), node(2, 2.0, 1.0), node(2, 2.0, 1.0)],
        ways: vec![street, street],
        ..World::default()
    };
    let (ids, findings) = ids_and_findings(&world);
    assert_eq!(ids, [10]);
    assert_eq!(findings[0].code, FindingCode::KeyDuplicate);
    assert_eq!(findings[0].severity, Severity::Warning);
    assert!(
        findings[0].cause.starts_with("2 elements"),
        "{}",
        findings[0].cause
    );
}

#[test]
fn a_road_over_the_antimeridian_has_two_parts() {
    let world = World {
        nodes: vec![node(1, 179.99, -16.8), node(2, -179.99, -16.8)],
        ways: vec![way(10, &[1, 2], &[("highway", "tertiary")])],
        ..World::default()
    };
    let (features, findings) = roads(&world.pbf(USUAL));
    let west = line_string![(x: 179.99, y: -16.8), (x: 180.0, y: -16.8)];
    let east = line_string![(x: -180.0, y: -16.8), (x: -179.99, y: -16.8)];
    assert_eq!(line(&features[0]).0, [west, east]);
    assert!(
        findings
            .iter()
            .any(|finding| finding.cause.contains("antimeridian"))
    );
}

#[test]
fn places_may_stand_with_their_way() {
    let refs = [1, 1].map(zigzag);
    let lats = [zigzag(10_000_000), zigzag(5)];
    let lons = [zigzag(20_000_000), zigzag(-5)];
    let way = [
        int_field(1, 10),
        packed(2, [1].into_iter()),
        packed(3, [2].into_iter()),
        packed(8, refs.into_iter()),
        packed(9, lats.into_iter()),
        packed(10, lons.into_iter()),
    ];
    let table = [
        bytes_field(1, b""),
        bytes_field(1, b"highway"),
        bytes_field(1, b"path"),
    ]
    .concat();
    let block = [
        bytes_field(1, &table),
        bytes_field(2, &bytes_field(3, &way.concat())),
    ]
    .concat();
    let (features, findings) = roads(&file_of(&block));
    let expected = line_string![(x: 2.0, y: 1.0), (x: 1.999_999_5, y: 1.000_000_5)];
    assert_eq!(line(&features[0]).0, [expected]);
    assert_eq!(findings, []);
}

fn header(feature: &[u8]) -> Vec<u8> {
    blob(b"OSMHeader", &bytes_field(4, feature), false)
}

fn file_of(block: &[u8]) -> Vec<u8> {
    [header(b"OsmSchema-V0.6"), blob(b"OSMData", block, false)].concat()
}

#[test]
fn hostile_blocks_are_refused_row_28() {
    let lying_length = [bytes_field(1, b"OSMData"), int_field(3, 2_000_000_000)].concat();
    let with_header = |header: &[u8]| {
        let length = u32::try_from(header.len()).unwrap().to_be_bytes();
        [&self::header(b"DenseNodes")[..], &length, header].concat()
    };
    assert_eq!(
        refusal(&with_header(&lying_length)),
        FindingCode::ParseLimit
    );
    let negative = [bytes_field(1, b"OSMData"), int_field(3, -5_i64 as u64)].concat();
    assert_eq!(
        refusal(&with_header(&negative)),
        FindingCode::FileUnreadable
    );
    let huge_header = [&header(b"DenseNodes")[..], &[0x7f, 0xff, 0xff, 0xff]].concat();
    assert_eq!(refusal(&huge_header), FindingCode::FileUnreadable);
    // 33 MiB of zeros deflate to 33 kB.
    let bomb = [
        header(b"DenseNodes"),
        blob(b"OSMData", &vec![0; 33 << 20], true),
    ]
    .concat();
    assert_eq!(refusal(&bomb), FindingCode::ParseLimit);
    assert_eq!(
        refusal(&header(b"OsmSchema-V9")),
        FindingCode::FileUnsupported
    );
    let zstd = [int_field(2, 5), bytes_field(7, b"zstd?")].concat();
    let head = [bytes_field(1, b"OSMData"), int_field(3, zstd.len() as u64)].concat();
    assert_eq!(
        refusal(&[with_header(&head), zstd].concat()),
        FindingCode::FileUnsupported
    );
}

#[test]
fn broken_messages_are_refused_wherever_they_break() {
    let whole = village().pbf(USUAL);
    roads(&whole);
    for end in 1..whole.len() {
        // Cut between the blobs it is a file without data, which is a file.
        if let Err(finding) = features_of_bytes(&whole[..end], Layer::Roads) {
            assert!(
                matches!(
                    finding.code,
                    FindingCode::FileUnreadable | FindingCode::FileUnsupported
                ),
                "{end}: {finding:?}"
            );
        }
    }
    let group = |group: &[u8]| {
        file_of(&[bytes_field(1, &bytes_field(1, b"")), bytes_field(2, group)].concat())
    };
    let dense_without_places = bytes_field(2, &packed(1, [2].into_iter()));
    let text_beyond_the_table = bytes_field(
        3,
        &[
            int_field(1, 1),
            packed(2, [7].into_iter()),
            packed(3, [7].into_iter()),
        ]
        .concat(),
    );
    let key_without_value = bytes_field(3, &[int_field(1, 1), packed(2, [0].into_iter())].concat());
    let packed_as_number = bytes_field(3, &int_field(8, 1));
    let endless_number = bytes_field(3, &[&varint(8)[..], &[0xff; 12]].concat());
    for broken in [
        dense_without_places,
        text_beyond_the_table,
        key_without_value,
        packed_as_number,
        endless_number,
    ] {
        assert_eq!(refusal(&group(&broken)), FindingCode::FileUnreadable);
    }
}

#[test]
fn numbers_at_their_limits_are_places_nowhere() {
    let way = [
        int_field(1, u64::MAX),
        packed(2, [1].into_iter()),
        packed(3, [2].into_iter()),
        packed(8, [2, 0].into_iter()),
    ];
    let node = [
        int_field(1, zigzag(1)),
        int_field(8, zigzag(i64::MIN)),
        int_field(9, zigzag(i64::MAX)),
    ];
    let table = [
        bytes_field(1, b""),
        bytes_field(1, b"highway"),
        bytes_field(1, b"path"),
    ]
    .concat();
    let block = [
        bytes_field(1, &table),
        bytes_field(
            2,
            &[
                bytes_field(1, &node.concat()),
                bytes_field(3, &way.concat()),
            ]
            .concat(),
        ),
        int_field(17, i64::MIN as u64),
        int_field(19, i64::MIN as u64),
        int_field(20, u64::MAX),
    ];
    let (features, findings) = roads(&file_of(&block.concat()));
    assert_eq!(features, []);
    assert_eq!(
        (findings[0].fid, findings[0].code),
        (Some(-1), FindingCode::CoordsOutOfRange)
    );
}

#[test]
fn hostile_xml_is_refused() {
    let of = |inside: &str| format!("<osm version='0.6'>{inside}</osm>").into_bytes();
    let bomb = b"<!DOCTYPE osm [<!ENTITY a \"aaaa\">]><osm><node id='1' lat='&a;'/></osm>";
    assert_eq!(refusal(bomb), FindingCode::FileUnsupported);
    let entity = of("<way id='1'><tag k='highway' v='&a;'/></way>");
    assert_eq!(refusal(&entity), FindingCode::FileUnreadable);
    let deep = of(&"<way id='1'>".repeat(100));
    assert_eq!(refusal(&deep), FindingCode::ParseLimit);
    let cut = &village().xml()[..1500];
    assert_eq!(refusal(cut), FindingCode::FileUnreadable);
    assert_eq!(
        refusal(&of("<node lat='1' lon='1'/>")),
        FindingCode::FileUnreadable
    );
    assert_eq!(
        refusal(&of("<way id='1'><nd ref='a'/></way>")),
        FindingCode::FileUnreadable
    );
    assert_eq!(
        refusal(&of("<way id='1'></node>")),
        FindingCode::FileUnreadable
    );
    let long = of(&format!(
        "<way id='1'>{}</way>",
        "<nd ref='1'/>".repeat(MAX_NODES_OF_WAY + 1)
    ));
    assert_eq!(refusal(&long), FindingCode::ParseLimit);
    assert_eq!(
        refusal(b"<osmChange><create/></osmChange>"),
        FindingCode::FileUnsupported
    );
}

#[test]
fn an_editors_file_has_negative_ids_and_deleted_elements() {
    let file = b"<?xml version='1.0'?><osm version='0.6' generator='JOSM'>
        <node id='-1' lat='1' lon='1'/><node id='-2' lat='1' lon='2' action='modify'/>
        <way id='-10' action='modify'><nd ref='-1'/><nd ref='-2'/><tag k='highway' v='path'/></way>
        <way id='11' action='delete'><nd ref='-1'/><nd ref='-2'/><tag k='highway' v='path'/></way>
        <way id='12' visible='false'/>
        </osm>";
    let (features, findings) = roads(file);
    assert_eq!(
        features.iter().map(|road| road.fid).collect::<Vec<_>>(),
        [-10]
    );
    assert_eq!(findings, []);
}

#[test]
fn gzip_of_something_else_stays_refused_and_a_bomb_is_capped() {
    use std::io::Write as _;
    let gzip = |bytes: &[u8]| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    };
    assert_eq!(
        refusal(&gzip(b"lon,lat\n1,2\n")),
        FindingCode::FileUnsupported
    );
    let mut bomb = b"<osm>".to_vec();
    bomb.resize(100_000, b' ');
    let limits = Limits {
        inflated_free_bytes: 50_000,
        ..Limits::DEFAULT
    };
    let bomb = gzip(&bomb);
    let refused = Survey::of(&Source::memory(&bomb, Packing::GzippedXml, &limits), None);
    let Err(Stop::Refused(finding)) = refused else {
        panic!("the bomb was read");
    };
    assert_eq!(finding.code, FindingCode::ZipTooLarge);
}
