//! A small file of OSM as plain data, written as PBF or XML by code that shares nothing with the readers.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

pub(super) type Pairs = &'static [(&'static str, &'static str)];

#[derive(Clone, Copy)]
pub(super) struct NodeOf {
    pub(super) id: i64,
    pub(super) version: i64,
    pub(super) is_visible: bool,
    pub(super) lon: f64,
    pub(super) lat: f64,
    pub(super) tags: Pairs,
}

#[derive(Clone, Copy)]
pub(super) struct WayOf {
    pub(super) id: i64,
    pub(super) version: i64,
    pub(super) is_visible: bool,
    pub(super) nodes: &'static [i64],
    pub(super) tags: Pairs,
}

/// A file: ways may come before nodes.
#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) nodes: Vec<NodeOf>,
    pub(super) ways: Vec<WayOf>,
    pub(super) relations: Vec<(i64, Pairs)>,
    pub(super) ways_first: bool,
}

pub(super) fn node(id: i64, lon: f64, lat: f64) -> NodeOf {
    NodeOf {
        id,
        version: 1,
        is_visible: true,
        lon,
        lat,
        tags: &[],
    }
}

pub(super) fn way(id: i64, nodes: &'static [i64], tags: Pairs) -> WayOf {
    WayOf {
        id,
        version: 1,
        is_visible: true,
        nodes,
        tags,
    }
}

/// How a PBF is written; the format allows each.
#[derive(Clone, Copy)]
pub(super) struct PbfStyle {
    pub(super) dense: bool,
    pub(super) deflated: bool,
    /// Nanodegrees a unit.
    pub(super) granularity: i64,
}

impl World {
    pub(super) fn xml(&self) -> Vec<u8> {
        let mut nodes = String::new();
        for node in &self.nodes {
            let NodeOf {
                id,
                version,
                is_visible,
                lon,
                lat,
                tags,
            } = *node;
            writeln!(
                nodes,
                "<node id='{id}' version='{version}' visible='{is_visible}' lat='{lat}' lon='{lon}'>{}</node>",
                xml_tags(tags)
            )
            .unwrap();
        }
        let mut ways = String::new();
        for way in &self.ways {
            let refs = way.nodes.iter().fold(String::new(), |mut refs, node| {
                write!(refs, "<nd ref=\"{node}\"/>").unwrap();
                refs
            });
            writeln!(
                ways,
                "<way id=\"{}\" version=\"{}\" visible=\"{}\">{refs}{}</way>",
                way.id,
                way.version,
                way.is_visible,
                xml_tags(way.tags)
            )
            .unwrap();
        }
        let mut relations = String::new();
        for (id, tags) in &self.relations {
            writeln!(relations, "<relation id=\"{id}\" version=\"1\"><member type=\"way\" ref=\"1\" role=\"from\"/>{}</relation>", xml_tags(tags)).unwrap();
        }
        let body = if self.ways_first {
            ways + &nodes
        } else {
            nodes + &ways
        };
        format!("<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n<bounds minlat=\"0\"/>\n{body}{relations}</osm>\n").into_bytes()
    }

    pub(super) fn gzip(&self) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&self.xml()).unwrap();
        gzip.finish().unwrap()
    }

    pub(super) fn pbf(&self, style: PbfStyle) -> Vec<u8> {
        let header = [
            bytes_field(4, b"OsmSchema-V0.6"),
            bytes_field(4, b"DenseNodes"),
        ]
        .concat();
        let mut file = blob(b"OSMHeader", &header, style.deflated);
        file.extend(blob(b"OSMData", &self.block(style), style.deflated));
        file
    }

    fn block(&self, style: PbfStyle) -> Vec<u8> {
        // The first text is never used: 0 ends the tags of a dense node.
        let mut texts: Vec<&str> = vec![""];
        let mut index = |text: &'static str| {
            texts
                .iter()
                .position(|each| *each == text)
                .unwrap_or_else(|| {
                    texts.push(text);
                    texts.len() - 1
                }) as u64
        };
        let mut indexed = |tags: Pairs| -> Vec<(u64, u64)> {
            tags.iter()
                .map(|(key, value)| (index(key), index(value)))
                .collect()
        };
        let unit = |degrees: f64| (degrees * 1e9 / style.granularity as f64).round() as i64;
        let nodes = if style.dense {
            let lists: Vec<_> = self.nodes.iter().map(|node| indexed(node.tags)).collect();
            let pairs = lists.iter().flat_map(|tags| {
                tags.iter()
                    .flat_map(|(key, value)| [*key, *value])
                    .chain([0])
            });
            let info = [
                packed(1, self.nodes.iter().map(|node| node.version as u64)),
                packed(6, self.nodes.iter().map(|node| u64::from(node.is_visible))),
            ];
            let dense = [
                packed(1, differences(self.nodes.iter().map(|node| node.id))),
                bytes_field(5, &info.concat()),
                packed(8, differences(self.nodes.iter().map(|node| unit(node.lat)))),
                packed(9, differences(self.nodes.iter().map(|node| unit(node.lon)))),
                packed(10, pairs),
            ];
            bytes_field(2, &dense.concat())
        } else {
            let nodes = self.nodes.iter().map(|node| {
                let tags = indexed(node.tags);
                let parts = [
                    int_field(1, zigzag(node.id)),
                    packed(2, tags.iter().map(|tag| tag.0)),
                    packed(3, tags.iter().map(|tag| tag.1)),
                    info(node.version, node.is_visible),
                    int_field(8, zigzag(unit(node.lat))),
                    int_field(9, zigzag(unit(node.lon))),
                ];
                bytes_field(1, &parts.concat())
            });
            nodes.collect::<Vec<_>>().concat()
        };
        let mut ways = Vec::new();
        for way in &self.ways {
            let tags = indexed(way.tags);
            let parts = [
                int_field(1, way.id as u64),
                packed(2, tags.iter().map(|tag| tag.0)),
                packed(3, tags.iter().map(|tag| tag.1)),
                info(way.version, way.is_visible),
                packed(8, differences(way.nodes.iter().copied())),
            ];
            ways.extend(bytes_field(3, &parts.concat()));
        }
        let mut relations = Vec::new();
        for (id, tags) in &self.relations {
            let tags = indexed(tags);
            let parts = [
                int_field(1, *id as u64),
                packed(2, tags.iter().map(|tag| tag.0)),
                packed(3, tags.iter().map(|tag| tag.1)),
            ];
            relations.extend(bytes_field(4, &parts.concat()));
        }
        let table: Vec<u8> = texts
            .iter()
            .flat_map(|text| bytes_field(1, text.as_bytes()))
            .collect();
        let (first, second) = if self.ways_first {
            (ways, nodes)
        } else {
            (nodes, ways)
        };
        let groups = [first, second, relations]
            .map(|group| bytes_field(2, &group))
            .concat();
        [
            bytes_field(1, &table),
            groups,
            int_field(17, style.granularity as u64),
        ]
        .concat()
    }
}

fn xml_tags(tags: Pairs) -> String {
    tags.iter().fold(String::new(), |mut text, (key, value)| {
        let value = value.replace('&', "&amp;").replace('"', "&quot;");
        write!(text, "<tag k=\"{key}\" v=\"{value}\"/>").unwrap();
        text
    })
}

fn info(version: i64, is_visible: bool) -> Vec<u8> {
    bytes_field(
        4,
        &[
            int_field(1, version as u64),
            int_field(6, u64::from(is_visible)),
        ]
        .concat(),
    )
}

/// A whole blob, its header before it.
pub(super) fn blob(kind: &[u8], content: &[u8], deflated: bool) -> Vec<u8> {
    let blob = if deflated {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(content).unwrap();
        [
            int_field(2, content.len() as u64),
            bytes_field(3, &zlib.finish().unwrap()),
        ]
        .concat()
    } else {
        bytes_field(1, content)
    };
    let header = [bytes_field(1, kind), int_field(3, blob.len() as u64)].concat();
    let length = u32::try_from(header.len()).unwrap().to_be_bytes();
    [&length[..], &header, &blob].concat()
}

pub(super) fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

pub(super) fn int_field(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

pub(super) fn bytes_field(number: u64, bytes: &[u8]) -> Vec<u8> {
    [
        &varint(number << 3 | 2)[..],
        &varint(bytes.len() as u64),
        bytes,
    ]
    .concat()
}

pub(super) fn packed(number: u64, values: impl Iterator<Item = u64>) -> Vec<u8> {
    bytes_field(number, &values.flat_map(varint).collect::<Vec<u8>>())
}

pub(super) fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63) as u64
}

fn differences(values: impl Iterator<Item = i64>) -> impl Iterator<Item = u64> {
    let mut last = 0;
    values.map(move |value| zigzag(value - std::mem::replace(&mut last, value)))
}
