//! The records that are there before an import: what an update by key starts from.

use std::collections::HashMap;

use super::Record;

/// Records of the active version of a layer by source and key, those set aside included.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KnownRecords(HashMap<String, HashMap<String, Record>>);

impl KnownRecords {
    /// Adds a record of a source.
    pub fn insert(&mut self, source: String, record: Record) {
        let of_source = self.0.entry(source).or_default();
        of_source.insert(record.key.clone(), record);
    }

    /// The record of a source that has this key.
    pub fn get(&self, source: &str, key: &str) -> Option<&Record> {
        self.0.get(source)?.get(key)
    }
}
