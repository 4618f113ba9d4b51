//! Any bytes as an OSM file: read or refused, and what is read is on the earth.

use std::collections::HashSet;

use geo::CoordsIter;
use jangkau::domain::{Finding, Layer};
use jangkau::ingest::RawFeature;
use jangkau::ingest::reader::osm::features_of_bytes;

/// Reads the bytes as a file and, since blocks are packed in files, as the content of a block of PBF.
pub(super) fn read(bytes: &[u8]) {
    for layer in [
        Layer::Roads,
        Layer::Crossings,
        Layer::Clinics,
        Layer::Barriers,
    ] {
        check(features_of_bytes(bytes, layer), layer);
    }
    let file = file_of(bytes);
    for layer in [Layer::Roads, Layer::WaterPoints] {
        check(features_of_bytes(&file, layer), layer);
    }
}

fn check(read: Result<(Vec<RawFeature>, Vec<Finding>), Finding>, layer: Layer) {
    let Ok((features, _findings)) = read else {
        return;
    };
    let n_columns = match layer {
        Layer::Roads => 12,
        Layer::Crossings => 3,
        Layer::Barriers => 2,
        _ => 8,
    };
    let mut ids = HashSet::new();
    for feature in features {
        assert_eq!(feature.values.len(), n_columns);
        // A node and a way may have the same number; their ids tell them apart.
        let id = format!("{:?}", feature.values[0]);
        assert!(!ids.contains(&id), "feature {id} comes twice");
        ids.insert(id);
        let geometry = feature.geometry.expect("every feature has a geometry");
        assert!(geometry.coords_count() > 0);
        for place in geometry.coords_iter() {
            assert!(place.x.abs() <= 180.0 && place.y.abs() <= 90.0, "{place:?}");
        }
    }
}

/// A PBF with one block that is not deflated, so that what is changed in it is seen at once.
fn file_of(block: &[u8]) -> Vec<u8> {
    let mut file = b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x12\x0a\x10\x22\x0eOsmSchema-V0.6".to_vec();
    let mut blob = vec![0x0a];
    push_varint(&mut blob, block.len());
    blob.extend_from_slice(block);
    let mut header = b"\x0a\x07OSMData\x18".to_vec();
    push_varint(&mut header, blob.len());
    file.extend([0, 0, 0]);
    file.push(u8::try_from(header.len()).expect("a header is twenty bytes long"));
    file.extend(header);
    file.extend(blob);
    file
}

fn push_varint(bytes: &mut Vec<u8>, mut number: usize) {
    let low_bits = |number: usize| u8::try_from(number & 0x7f).expect("seven bits are a byte");
    while number > 0x7f {
        bytes.push(low_bits(number) | 0x80);
        number >>= 7;
    }
    bytes.push(low_bits(number));
}
