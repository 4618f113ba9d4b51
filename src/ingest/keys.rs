//! Keys of records: made where the source has none, and never used twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sha2::{Digest, Sha256};

use geo_types::Geometry;

use crate::domain::{Finding, FindingCode, geometry_key};

use super::findings::error;

/// Keys so far. About 50 bytes for each record.
#[derive(Default)]
pub(super) struct Keys {
    seen: HashMap<u128, Seen>,
    /// How many records have this geometry so far.
    geometries: HashMap<String, u32>,
}

struct Seen {
    fid: i64,
    file: u32,
    is_told: bool,
}

/// A key that two records have.
pub(super) struct Duplicate {
    /// Position of the file and the finding of the record that had it first, the first time it turns up again.
    pub(super) first: Option<(u32, Finding)>,
    /// The finding of this record.
    pub(super) this: Finding,
}

impl Keys {
    /// A key from the geometry: 16 hexadecimal digits and the position among records of equal geometry.
    pub(super) fn of_geometry(&mut self, geometry: &Geometry<f64>) -> String {
        let geometry = geometry_key(geometry);
        let position = self.geometries.entry(geometry.clone()).or_default();
        *position += 1;
        format!("{geometry}-{position}")
    }

    /// Takes a key.
    ///
    /// # Errors
    /// It is taken already.
    pub(super) fn take(&mut self, key: &str, file: u32, fid: i64) -> Result<(), Box<Duplicate>> {
        match self.seen.entry(digest(key)) {
            Entry::Vacant(free) => {
                free.insert(Seen {
                    fid,
                    file,
                    is_told: false,
                });
                Ok(())
            }
            Entry::Occupied(mut taken) => {
                let first = taken.get_mut();
                let is_told = std::mem::replace(&mut first.is_told, true);
                Err(Box::new(Duplicate {
                    first: (!is_told).then(|| (first.file, duplicate(key, first.fid, fid))),
                    this: duplicate(key, fid, first.fid),
                }))
            }
        }
    }
}

/// Half of a SHA-256: two different keys never share it.
fn digest(key: &str) -> u128 {
    Sha256::digest(key)
        .iter()
        .take(16)
        .fold(0, |number, byte| number << 8 | u128::from(*byte))
}

fn duplicate(key: &str, fid: i64, other: i64) -> Finding {
    Finding {
        fid: Some(fid),
        value: Some(key.to_owned()),
        ..error(
            FindingCode::KeyDuplicate,
            format!("the key is also that of feature {other}"),
            "make it unique; or name another column with --key; or take keys from the geometry with --map id=",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_of_a_key_are_told_the_first_of_them_once() {
        let mut keys = Keys::default();
        keys.take("a", 0, 1).map_err(|_cause| "taken").unwrap();
        let second = keys.take("a", 0, 5).err().unwrap();
        assert_eq!(second.first.unwrap().1.fid, Some(1));
        assert_eq!(second.this.fid, Some(5));
        let third = keys.take("a", 1, 9).err().unwrap();
        assert!(third.first.is_none());
        assert_eq!(third.this.fid, Some(9));
    }

    #[test]
    fn records_at_one_place_have_different_keys() {
        let place = geo_types::point!(x: 102.5, y: -2.5).into();
        let mut keys = Keys::default();
        let first = keys.of_geometry(&place);
        let second = keys.of_geometry(&place);
        assert_eq!(first, format!("{}-1", geometry_key(&place)));
        assert_eq!(second, format!("{}-2", geometry_key(&place)));
    }
}
