//! The one district that a database is about.

use super::AreaCode;

/// The district of a database; villages outside it are neighbours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// Start of its villages' codes, such as `15.03`; `x` where villages have no codes.
    pub code: AreaCode,
    /// Its name, where somebody gave one.
    pub name: Option<String>,
}
