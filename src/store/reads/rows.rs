//! Columns of a row, into the words of the field.

use std::str::FromStr;

use deadpool_postgres::Object;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql};

use super::ReadError;
use crate::domain::{Millimetres, Milliseconds, People, StatePeople, UnknownWord};

/// Runs a prepared statement and returns its rows.
pub(super) async fn rows(
    client: &Object,
    doing: &'static str,
    sql: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, ReadError> {
    let statement = client
        .prepare_cached(sql)
        .await
        .map_err(ReadError::doing(doing))?;
    client
        .query(&statement, parameters)
        .await
        .map_err(ReadError::doing(doing))
}

/// A row and what was being attempted when it was read.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    pub(super) row: &'a Row,
    pub(super) doing: &'static str,
}

impl<'a> Columns<'a> {
    pub(super) fn get<T: FromSql<'a>>(self, column: &str) -> Result<T, ReadError> {
        self.row
            .try_get(column)
            .map_err(ReadError::doing(self.doing))
    }

    pub(super) fn word<T: FromStr<Err = UnknownWord>>(self, column: &str) -> Result<T, ReadError> {
        let word: &str = self.get(column)?;
        word.parse()
            .map_err(|cause: UnknownWord| self.stored(cause.to_string()))
    }

    pub(super) fn time(self, column: &str) -> Result<Option<Milliseconds>, ReadError> {
        Ok(self.engine_unit(column)?.map(Milliseconds))
    }

    pub(super) fn length(self, column: &str) -> Result<Option<Millimetres>, ReadError> {
        Ok(self.engine_unit(column)?.map(Millimetres))
    }

    pub(super) fn people(self, column: &str) -> Result<Option<People>, ReadError> {
        Ok(self.get::<Option<i64>>(column)?.map(People))
    }

    /// People by state; none where their number is unknown.
    pub(super) fn state_people(self) -> Result<Option<StatePeople>, ReadError> {
        if self.people("population_thousandths")?.is_none() {
            return Ok(None);
        }
        let known = |column| Ok(People(self.get(column)?));
        Ok(Some(StatePeople {
            within: known("within_thousandths")?,
            beyond_cutoff: known("beyond_cutoff_thousandths")?,
            no_path: known("no_path_thousandths")?,
            unsnapped: known("unsnapped_thousandths")?,
            no_input: known("no_input_thousandths")?,
        }))
    }

    /// A cost in milliseconds or millimetres.
    pub(super) fn engine_unit(self, column: &str) -> Result<Option<u32>, ReadError> {
        self.get::<Option<i64>>(column)?
            .map(|cost| {
                u32::try_from(cost)
                    .map_err(|_out_of_range| self.stored(format!("{column} is {cost}")))
            })
            .transpose()
    }

    pub(super) fn stored(self, cause: String) -> ReadError {
        ReadError::Stored {
            doing: self.doing,
            cause,
        }
    }
}
