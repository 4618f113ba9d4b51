//! Records with an id.

/// A record and its id, unique within its layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyed<T> {
    /// A letter and a number, such as `R-00042`.
    pub id: String,
    /// What it identifies.
    pub record: T,
}

/// Numbers records from 1.
pub(super) fn numbered<T>(letter: &str, records: impl IntoIterator<Item = T>) -> Vec<Keyed<T>> {
    let records = records.into_iter().enumerate();
    records
        .map(|(at, record)| Keyed {
            id: format!("{letter}-{:05}", at + 1),
            record,
        })
        .collect()
}
