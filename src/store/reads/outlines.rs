//! Areas of villages as pictures draw them.

use super::rows::{Columns, rows};
use super::{ReadError, Reads};
use crate::domain::{DatasetVersionId, Layer, VillageCode};
use crate::store::tiles::Band;

/// The generalised area of a village. Neighbours share their borders exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The village.
    pub code: VillageCode,
    /// Its area: a multipolygon as little-endian WKB, EPSG:3857.
    pub wkb: Vec<u8>,
}

impl Reads {
    /// The areas of a version of the villages, in order of code, with as few vertices as can be told from all of them
    /// where `resolution_m` metres of EPSG:3857 are one pixel.
    pub async fn outlines(
        &self,
        version: DatasetVersionId,
        resolution_m: f64,
    ) -> Result<Vec<Outline>, ReadError> {
        let doing = "read the outlines of villages";
        let band = Band::for_resolution(Layer::Villages, resolution_m);
        let sql = include_str!("../sql/read_outlines.sql").replace("{band}", band.suffix());
        let found = rows(&self.client, doing, &sql, &[&version.0]).await?;
        found
            .iter()
            .map(|row| {
                let columns = Columns { row, doing };
                Ok(Outline {
                    code: VillageCode::from_stored(columns.get("key")?),
                    wkb: columns.get("geom")?,
                })
            })
            .collect()
    }
}
