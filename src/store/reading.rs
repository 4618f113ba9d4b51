//! Rows into words of the field, for the statements of this room.

use std::fmt::Display;
use std::pin::pin;
use std::str::FromStr;

use futures_util::TryStreamExt;
use tokio_postgres::types::ToSql;
use tokio_postgres::{GenericClient, Row};

use super::error::StoreError;

/// Runs a statement and turns each row into a value as it arrives: the rows are never all in memory at once.
pub(super) async fn read<T>(
    client: &impl GenericClient,
    doing: &'static str,
    statement: &str,
    parameters: &[&(dyn ToSql + Sync)],
    from_row: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let rows = client
        .query_raw(statement, parameters.iter().copied())
        .await
        .map_err(StoreError::sql(doing))?;
    let mut rows = pin!(rows);
    let mut values = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(StoreError::sql(doing))? {
        values.push(from_row(&row)?);
    }
    Ok(values)
}

/// A column that holds a word of a closed list.
pub(super) fn word<T>(row: &Row, column: &'static str) -> Result<T, StoreError>
where
    T: FromStr,
    T::Err: Display,
{
    row.get::<_, &str>(column)
        .parse()
        .map_err(StoreError::unreadable(column))
}

/// As [`word`], of a column that may be null.
pub(super) fn word_if_any<T>(row: &Row, column: &'static str) -> Result<Option<T>, StoreError>
where
    T: FromStr,
    T::Err: Display,
{
    row.get::<_, Option<&str>>(column)
        .map(|text| text.parse().map_err(StoreError::unreadable(column)))
        .transpose()
}

/// A column that holds words of a closed list.
pub(super) fn words<T, C>(row: &Row, column: &'static str) -> Result<C, StoreError>
where
    T: FromStr,
    T::Err: Display,
    C: FromIterator<T>,
{
    row.get::<_, Vec<&str>>(column)
        .into_iter()
        .map(|text| text.parse().map_err(StoreError::unreadable(column)))
        .collect()
}
