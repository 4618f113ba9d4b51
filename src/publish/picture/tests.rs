//! Pictures of a small made-up district, read back as XML and as pixels.

use std::sync::Arc;

use geo_types::{Coord, MultiPolygon, Rect};
use resvg::tiny_skia::Pixmap;
use resvg::usvg::{self, Options, Tree, fontdb, roxmltree};

use super::font::{BOLD, REGULAR};
use super::*;
use crate::domain::SAMPLE_NOTICE;
use crate::publish::palette;

/// Villages along each side of the district.
const N_SIDE: u32 = 6;
const VILLAGE_M: f64 = 5_000.0;
/// Middle of the district: near 2.3° S, 102.7° E.
const MIDDLE: Coord<f64> = Coord {
    x: 11_432_512.0,
    y: -256_102.0,
};
const HEADLINE: &str = "41.200 dari 298.000 jiwa tidak dapat mencapai fasilitas kesehatan (puskesmas, pustu, \
    rumah sakit) dalam 30 menit dengan sepeda motor pada musim kemarau. Penduduk: angka resmi desa, 2025.";
const RULE: &str = "Aturan: sepeda motor, musim kemarau; batas hitung 240 menit; radius ke jalan 2.000 m; faktor di \
    luar jalan 2; penduduk: angka resmi desa; kelas: ambang kebijakan.";

fn class(index: usize) -> Look {
    Look::Class {
        letter: palette::letter(index),
        colour: palette::sequential(5)[index],
    }
}

fn states() -> impl Iterator<Item = Look> {
    let states = ReachState::ALL.iter();
    states
        .filter(|state| hatch(**state).is_some())
        .map(|state| Look::State(*state))
}

fn village(index: u32, look: Look) -> PictureVillage {
    let corner = |column: u32, row: u32| Coord {
        x: MIDDLE.x + (f64::from(column) - f64::from(N_SIDE) / 2.0) * VILLAGE_M,
        y: MIDDLE.y + (f64::from(row) - f64::from(N_SIDE) / 2.0) * VILLAGE_M,
    };
    let (column, row) = (index % N_SIDE, index / N_SIDE);
    let area = Rect::new(corner(column, row), corner(column + 1, row + 1));
    PictureVillage {
        code: format!("15.03.01.{:04}", 2001 + index),
        title: format!("Desa {index} (Kec. Hulu): A, 12 menit"),
        kecamatan: Some(if column < 3 { "15.03.01" } else { "15.03.02" }.to_owned()),
        outline: MultiPolygon(vec![area.to_polygon()]),
        look,
    }
}

fn picture() -> MapPicture {
    let looks: Vec<Look> = (0..5).map(class).chain(states()).collect();
    let villages: Vec<PictureVillage> = (0..N_SIDE * N_SIDE)
        .map(|index| village(index, looks[index as usize % looks.len()].clone()))
        .collect();
    let labels = [
        "≤ 30 menit",
        "30–60 menit",
        "60–90 menit",
        "90–120 menit",
        "> 120 menit",
        "Di luar batas hitung",
        "Tidak ada jalur",
        "Jauh dari jalan",
        "Data belum ada",
    ];
    MapPicture {
        language: Language::Indonesian,
        headline: HEADLINE.to_owned(),
        description: "Peta desa menurut waktu ke fasilitas kesehatan.".to_owned(),
        is_sample: true,
        settlements: (0..20_u32)
            .map(|index| PictureSettlement {
                place: Coord {
                    x: MIDDLE.x + f64::from(index) * 311.0,
                    y: MIDDLE.y - f64::from(index) * 211.0,
                },
                people: Some(100.0 * f64::from(index)),
                look: class(index as usize % 5),
            })
            .collect(),
        facilities: vec![MIDDLE],
        villages,
        legend: looks
            .into_iter()
            .zip(labels)
            .map(|(look, label)| PictureLegendRow {
                look,
                label: label.to_owned(),
                villages: "128".to_owned(),
                people: Some("120.300".to_owned()),
            })
            .collect(),
        words: PictureWords {
            legend: "Waktu tempuh ke fasilitas kesehatan".to_owned(),
            villages: "desa".to_owned(),
            people: "jiwa".to_owned(),
            settlements: Some("permukiman, luas lingkaran menurut jiwa".to_owned()),
            facilities: Some("fasilitas kesehatan".to_owned()),
            kecamatan: "batas kecamatan".to_owned(),
            north: "U".to_owned(),
            sample: "DATA CONTOH / SAMPLE DATA".to_owned(),
        },
        rule: RULE.to_owned(),
        source: "Sumber: dinas kesehatan, dinas pekerjaan umum, badan informasi geospasial"
            .to_owned(),
        date: "Data per 24 November 2026".to_owned(),
        version: "Perhitungan 0a1b2c3d · Jangkau 0.1.0".to_owned(),
    }
}

fn size(width_px: u32, height_px: u32) -> PictureSize {
    PictureSize::parse(width_px, height_px).unwrap()
}

const SIZES: [(u32, u32); 9] = [
    (1600, 900),
    (1200, 630),
    (400, 300),
    (800, 600),
    (600, 1200),
    (400, 4000),
    (4000, 300),
    (1000, 1000),
    (3000, 2000),
];

/// The boxes of all texts of a picture that are measured when it is drawn, with the texts; not the words across.
fn text_boxes(svg: &str) -> Vec<(String, usvg::Rect)> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(REGULAR.to_vec());
    fonts.load_font_data(BOLD.to_vec());
    let options = Options {
        fontdb: Arc::new(fonts),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).unwrap();
    let mut found = Vec::new();
    let mut groups = vec![tree.root()];
    while let Some(group) = groups.pop() {
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => groups.push(group),
                usvg::Node::Text(text) => {
                    let words: String = text.chunks().iter().map(usvg::TextChunk::text).collect();
                    found.push((words, text.abs_bounding_box()));
                }
                _ => {}
            }
        }
    }
    found.retain(|(words, _)| words != "DATA CONTOH / SAMPLE DATA");
    found
}

fn assert_texts_are_apart(picture: &MapPicture, size: PictureSize) {
    let svg = write_svg(picture, size);
    let boxes = text_boxes(&svg);
    assert!(10 < boxes.len());
    for (index, (words, bounds)) in boxes.iter().enumerate() {
        let is_inside = 0.0 <= bounds.left()
            && 0.0 <= bounds.top()
            && bounds.right() <= size.width_px() as f32
            && bounds.bottom() <= size.height_px() as f32;
        assert!(
            is_inside,
            "{size:?}: `{words}` leaves the picture: {bounds:?}"
        );
        for (others, other) in &boxes[..index] {
            let is_apart = bounds.right() <= other.left()
                || other.right() <= bounds.left()
                || bounds.bottom() <= other.top() + 0.5
                || other.bottom() <= bounds.top() + 0.5;
            assert!(
                is_apart,
                "{size:?}: `{words}` lies on `{others}`: {bounds:?} {other:?}"
            );
        }
    }
}

#[test]
fn no_text_leaves_the_picture_or_lies_on_another() {
    for (width_px, height_px) in SIZES {
        assert_texts_are_apart(&picture(), size(width_px, height_px));
    }
}

#[test]
fn texts_of_any_length_find_their_place() {
    let mut long = picture();
    long.headline = HEADLINE.repeat(4);
    long.rule = RULE.repeat(5);
    long.source = "sumber_".repeat(80);
    for row in &mut long.legend {
        row.label = "60 menit 30 detik – 1.234 menit".to_owned();
        row.villages = "83.971".to_owned();
        row.people = Some("281.603.800".to_owned());
    }
    let more: Vec<PictureLegendRow> = long.legend.iter().take(4).cloned().collect();
    long.legend.extend(more);
    for (width_px, height_px) in SIZES {
        assert_texts_are_apart(&long, size(width_px, height_px));
    }
}

#[test]
fn a_picture_is_xml_with_presentation_attributes_and_no_script() {
    let svg = write_svg(&picture(), PictureSize::WIDE);
    let document = roxmltree::Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let text_of = |tag: &str| {
        let element = root.children().find(|child| child.has_tag_name(tag));
        element
            .and_then(|element| element.text())
            .unwrap()
            .to_owned()
    };
    assert_eq!(text_of("title"), HEADLINE);
    assert!(!text_of("desc").is_empty());
    for node in document.descendants() {
        assert!(
            !["style", "script", "image", "foreignObject", "a"].contains(&node.tag_name().name())
        );
        for attribute in node.attributes() {
            assert_ne!(attribute.name(), "style");
            assert!(!attribute.name().starts_with("on"), "{}", attribute.name());
            assert!(!attribute.value().contains("http"), "{}", attribute.value());
        }
    }
}

#[test]
fn a_name_with_markup_stays_a_name() {
    let hostile = "<b>\"&'</title><script>alert(1)</script>";
    let mut picture = picture();
    picture.villages[0].title = hostile.to_owned();
    picture.villages[0].code = "\"/><script/>".to_owned();
    picture.headline = hostile.to_owned();
    let inline = inline_map(&picture).unwrap();
    for svg in [write_svg(&picture, PictureSize::WIDE), inline] {
        let document = roxmltree::Document::parse(&svg).unwrap();
        let villages: Vec<_> = document
            .descendants()
            .filter(|node| node.has_attribute("data-code"))
            .collect();
        assert_eq!(villages.len(), picture.villages.len());
        assert_eq!(villages[0].attribute("data-code"), Some("\"/><script/>"));
        let title = villages[0].first_element_child().unwrap();
        assert_eq!(title.text(), Some(hostile));
        assert!(
            !document
                .descendants()
                .any(|node| node.has_tag_name("script"))
        );
    }
}

#[test]
fn the_legend_says_ranges_letters_and_counts() {
    let svg = write_svg(&picture(), PictureSize::WIDE);
    let texts: Vec<String> = text_boxes(&svg)
        .into_iter()
        .map(|(words, _)| words)
        .collect();
    let count = |word: &str| texts.iter().filter(|text| *text == word).count();
    assert_eq!(count("128"), 9);
    assert_eq!(count("120.300"), 9);
    assert_eq!(count("60–90 menit"), 1);
    // In the legend and in villages.
    assert!(2 <= count("C"));
    assert!(2 <= count("×"));
}

/// Metres along a great circle, from the haversine of the angle between two places in degrees.
fn haversine_m(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (lon_a, lat_a) = (from.0.to_radians(), from.1.to_radians());
    let (lon_b, lat_b) = (to.0.to_radians(), to.1.to_radians());
    let half = |angle: f64| (angle / 2.0).sin().powi(2);
    let a = half(lat_b - lat_a) + lat_a.cos() * lat_b.cos() * half(lon_b - lon_a);
    2.0 * 6_371_008.8 * a.sqrt().asin()
}

#[test]
fn the_scale_bar_is_as_long_on_the_ground_as_it_says() {
    // As far north as the bar would be twice too long without the latitude.
    let north = 8_399_738.0;
    for middle_y in [MIDDLE.y, north] {
        let mut picture = picture();
        for village in &mut picture.villages {
            for polygon in &mut village.outline {
                polygon.exterior_mut(|ring| {
                    for corner in ring.coords_mut() {
                        corner.y += middle_y - MIDDLE.y;
                    }
                });
            }
        }
        let size = PictureSize::WIDE;
        let svg = write_svg(&picture, size);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let bar = document
            .descendants()
            .find(|node| node.attribute("class") == Some("scale-bar"))
            .unwrap();
        let length_m: f64 = bar.attribute("data-length-m").unwrap().parse().unwrap();
        let (_, rest) = bar.attribute("d").unwrap().split_once('h').unwrap();
        let bar_px: f64 = rest.split('v').next().unwrap().parse().unwrap();
        // The district's width in pixels, from the villages' paths, and on the ground, from its longitudes.
        let district_px = district_width_px(&document);
        let width_m = f64::from(N_SIDE) * VILLAGE_M;
        let lon = |x: f64| (x / 6_378_137.0).to_degrees();
        let lat = (middle_y / 6_378_137.0).sinh().atan().to_degrees();
        let ground_m = haversine_m((lon(0.0), lat), (lon(width_m), lat));
        let expected_px = length_m / ground_m * district_px;
        assert!(
            (bar_px - expected_px).abs() < 0.01 * expected_px,
            "{bar_px} {expected_px}"
        );
    }
}

fn district_width_px(document: &roxmltree::Document<'_>) -> f64 {
    let starts_and_widths: Vec<(f64, f64)> = document
        .descendants()
        .filter(|node| node.has_attribute("data-code"))
        .map(|node| {
            let data = node.attribute("d").unwrap();
            let numbers: Vec<f64> = data
                .trim_start_matches('M')
                .replace('-', " -")
                .split(['l', ' ', 'z'])
                .filter_map(|number| number.parse().ok())
                .collect();
            let mut x = numbers[0];
            let mut reach = (x, x);
            for dx in numbers[2..].iter().step_by(2) {
                x += dx;
                reach = (reach.0.min(x), reach.1.max(x));
            }
            reach
        })
        .collect();
    let least = starts_and_widths
        .iter()
        .map(|(from, _)| *from)
        .fold(f64::MAX, f64::min);
    let most = starts_and_widths
        .iter()
        .map(|(_, to)| *to)
        .fold(f64::MIN, f64::max);
    most - least
}

#[test]
fn borders_run_between_kecamatan_alone() {
    let mut picture = picture();
    let border = |picture: &MapPicture| {
        let svg = write_svg(picture, PictureSize::WIDE);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let path = document
            .descendants()
            .find(|node| node.attribute("class") == Some("kecamatan"));
        path.and_then(|path| path.attribute("d")).map(str::to_owned)
    };
    let data = border(&picture).unwrap();
    assert_eq!(
        data.matches('M').count(),
        1,
        "one line from north to south: {data}"
    );
    for village in &mut picture.villages {
        village.kecamatan = Some("15.03.01".to_owned());
    }
    assert_eq!(border(&picture), None);
}

#[test]
fn a_sample_says_so_twice_and_real_data_never() {
    let mut picture = picture();
    let svg = write_svg(&picture, PictureSize::WIDE);
    assert!(svg.contains(SAMPLE_NOTICE));
    assert!(svg.contains("DATA CONTOH / SAMPLE DATA"));
    picture.is_sample = false;
    let svg = write_svg(&picture, PictureSize::WIDE);
    assert!(!svg.contains("DATA CONTOH"));
}

#[test]
fn a_district_without_outlines_still_has_its_legend() {
    let mut picture = picture();
    picture.villages.clear();
    picture.settlements.clear();
    picture.facilities.clear();
    assert_eq!(inline_map(&picture), None);
    let svg = write_svg(&picture, PictureSize::WIDE);
    assert!(svg.contains("60–90 menit"));
}

#[test]
fn a_png_has_the_size_asked_for_is_not_blank_and_is_the_same_twice() {
    let svg = write_svg(&picture(), size(800, 450));
    let png = write_png(&svg).unwrap();
    let pixels = Pixmap::decode_png(&png).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (800, 450));
    let has = |red: u8, green: u8, blue: u8| {
        pixels
            .pixels()
            .iter()
            .any(|pixel| (pixel.red(), pixel.green(), pixel.blue()) == (red, green, blue))
    };
    assert!(has(0xff, 0xff, 0xff), "paper");
    assert!(has(0xd9, 0x5f, 0x0e), "class D");
    assert!(has(0xea, 0xea, 0xea), "a hatch");
    assert_eq!(write_png(&svg).unwrap(), png);
    assert_eq!(write_svg(&picture(), size(800, 450)), svg);
}

#[test]
fn what_is_no_svg_is_refused() {
    assert!(write_png("<svg").is_err());
}
