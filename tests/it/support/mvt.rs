//! A reader of Mapbox Vector Tiles 2.1, written from the specification and not from whatever writes them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A source layer of a tile.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TileLayer {
    /// Its name.
    pub(crate) name: String,
    /// Cells along a side.
    pub(crate) extent: u64,
    /// Its features in order.
    pub(crate) features: Vec<TileFeature>,
}

/// A feature of a source layer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TileFeature {
    /// Its number, where it has one.
    pub(crate) id: Option<u64>,
    /// 1 points, 2 lines, 3 areas.
    pub(crate) kind: u64,
    /// Its attributes.
    pub(crate) attributes: BTreeMap<String, Value>,
    /// Every vertex, in cells.
    pub(crate) vertices: Vec<[i64; 2]>,
}

impl TileFeature {
    /// An attribute; null where it is absent.
    pub(crate) fn get(&self, name: &str) -> Value {
        self.attributes.get(name).cloned().unwrap_or(Value::Null)
    }
}

/// The source layers of a tile.
pub(crate) fn layers(tile: &[u8]) -> Vec<TileLayer> {
    fields(tile)
        .into_iter()
        .map(|(number, field)| {
            assert_eq!(number, 3, "a tile has layers only");
            layer(field.bytes())
        })
        .collect()
}

/// The source layer of a name.
pub(crate) fn layer_named(tile: &[u8], name: &str) -> TileLayer {
    let found = layers(tile).into_iter().find(|layer| layer.name == name);
    found.unwrap_or_else(|| TileLayer {
        name: name.to_owned(),
        extent: 4096,
        features: Vec::new(),
    })
}

/// A field of a protocol buffer.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Number(_) => unreachable!("a number where bytes are expected"),
        }
    }

    fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            Self::Bytes(_) => unreachable!("bytes where a number is expected"),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes().to_vec()).unwrap()
    }
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let field = match key & 7 {
            0 => Field::Number(varint(&mut bytes)),
            1 => Field::Bytes(take(&mut bytes, 8)),
            2 => {
                let n = usize::try_from(varint(&mut bytes)).unwrap();
                Field::Bytes(take(&mut bytes, n))
            }
            5 => Field::Bytes(take(&mut bytes, 4)),
            kind => unreachable!("wire type {kind}"),
        };
        fields.push((key >> 3, field));
    }
    fields
}

fn take<'a>(bytes: &mut &'a [u8], n: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(n);
    *bytes = rest;
    taken
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    number
}

fn varints(mut bytes: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(varint(&mut bytes));
    }
    numbers
}

fn layer(bytes: &[u8]) -> TileLayer {
    let (mut name, mut extent) = (String::new(), 4096);
    let (mut keys, mut values, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    for (number, field) in fields(bytes) {
        match number {
            1 => name = field.text(),
            2 => raw.push(field.bytes()),
            3 => keys.push(field.text()),
            4 => values.push(value(field.bytes())),
            5 => extent = field.number(),
            15 => assert_eq!(field.number(), 2, "version"),
            _ => unreachable!("field {number} of a layer"),
        }
    }
    let features = raw.into_iter().map(|bytes| feature(bytes, &keys, &values));
    TileLayer {
        name,
        extent,
        features: features.collect(),
    }
}

fn value(bytes: &[u8]) -> Value {
    let (number, field) = fields(bytes).into_iter().next().unwrap();
    match number {
        1 => json!(field.text()),
        2 => json!(f32::from_le_bytes(field.bytes().try_into().unwrap())),
        3 => json!(f64::from_le_bytes(field.bytes().try_into().unwrap())),
        4 | 5 => json!(field.number()),
        6 => json!(zigzag(field.number())),
        7 => json!(field.number() == 1),
        _ => unreachable!("value of kind {number}"),
    }
}

fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn feature(bytes: &[u8], keys: &[String], values: &[Value]) -> TileFeature {
    let mut feature = TileFeature {
        id: None,
        kind: 0,
        attributes: BTreeMap::new(),
        vertices: Vec::new(),
    };
    for (number, field) in fields(bytes) {
        match number {
            1 => feature.id = Some(field.number()),
            2 => {
                for pair in varints(field.bytes()).chunks(2) {
                    let [key, value] = [pair[0], pair[1]].map(|n| usize::try_from(n).unwrap());
                    feature
                        .attributes
                        .insert(keys[key].clone(), values[value].clone());
                }
            }
            3 => feature.kind = field.number(),
            4 => feature.vertices = vertices(&varints(field.bytes())),
            _ => unreachable!("field {number} of a feature"),
        }
    }
    feature
}

fn vertices(commands: &[u64]) -> Vec<[i64; 2]> {
    let (mut vertices, mut at, mut position) = (Vec::new(), [0, 0], 0);
    while position < commands.len() {
        let (command, n) = (commands[position] & 7, commands[position] >> 3);
        position += 1;
        // 7 closes a ring and has no numbers.
        if command == 7 {
            continue;
        }
        for _ in 0..n {
            at = [
                at[0] + zigzag(commands[position]),
                at[1] + zigzag(commands[position + 1]),
            ];
            vertices.push(at);
            position += 2;
        }
    }
    vertices
}
