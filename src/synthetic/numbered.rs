//! Ids for records that have none of their own.

use crate::domain::Keyed;

/// Numbers records from 1, after a letter for their layer.
pub(super) fn numbered<T>(letter: &str, records: impl IntoIterator<Item = T>) -> Vec<Keyed<T>> {
    let records = records.into_iter().enumerate();
    records
        .map(|(at, record)| Keyed {
            id: format!("{letter}-{:05}", at + 1),
            record,
        })
        .collect()
}
