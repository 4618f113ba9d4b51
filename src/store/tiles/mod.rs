//! The geometry that tiles and pictures are drawn from: every layer in EPSG:3857, generalised for bands of zooms.
//!
//! Made once for each dataset version: of villages in the transaction that activates it, of the others afterwards by
//! [`Database::fill_tile_geometry`], which whoever serves calls again and again. Lines are simplified one by one, their ends kept; areas all together
//! ([`crate::coverage`]), so that neighbours keep their shared borders.

mod band;

use std::pin::pin;

use futures_util::TryStreamExt;
use geo_types::{MultiLineString, MultiPolygon};
use postgis::ewkb;
use tokio_postgres::Transaction;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;

pub(super) use self::band::Band;
use super::database::Database;
use super::error::StoreError;
use super::geometry::{from_area, geometry_type, to_web_mercator_area, to_web_mercator_lines};
use super::layer_table::table_of;
use super::reading::word;
use crate::coverage::Coverage;
use crate::domain::{DatasetVersionId, Layer};

impl Database {
    /// Makes the tile geometry of every version that has none, and returns how many versions those were.
    ///
    /// One caller at a time; another one waits and finds it made. Each version is a transaction of its own.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn fill_tile_geometry(&self) -> Result<usize, StoreError> {
        let doing = "list versions without tile geometry";
        let list = include_str!("../sql/list_without_tiles.sql");
        let missing = self.app().await?.query(list, &[]).await;
        if missing.map_err(StoreError::sql(doing))?.is_empty() {
            return Ok(0);
        }
        let mut client = self.own_app().await?;
        client
            .batch_execute(include_str!("../sql/lock_tile_geometry.sql"))
            .await
            .map_err(StoreError::sql("wait for whoever makes tile geometry"))?;
        let rows = client.query(list, &[]).await;
        let rows = rows.map_err(StoreError::sql(doing))?;
        for row in &rows {
            let layer = word::<Layer>(row, "layer")?;
            let made = Made {
                layer,
                version: DatasetVersionId(row.get("id")),
                records: table_of(layer),
            };
            let doing = "store tile geometry";
            let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
            made.fill(&tx).await?;
            tx.commit().await.map_err(StoreError::sql(doing))?;
        }
        Ok(rows.len())
    }
}

/// A version whose tile geometry is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made<'a> {
    pub(super) layer: Layer,
    pub(super) version: DatasetVersionId,
    /// The table that holds its records: its partition's parent, or that which will be the partition.
    pub(super) records: &'a str,
}

/// Villages with every vertex, in order of key; the three are parallel.
#[derive(Debug, Default)]
struct FullAreas {
    keys: Vec<String>,
    /// Code of its kecamatan, else its name; none is a kecamatan of its own for all that have none.
    kecamatan: Vec<Option<String>>,
    areas: Vec<MultiPolygon<f64>>,
}

/// What is drawn in a band.
struct Drawn {
    band: Band,
    areas: Vec<MultiPolygon<f64>>,
    /// Lines around kecamatan.
    borders: MultiLineString<f64>,
}

impl FullAreas {
    /// What is drawn in every band, finest first.
    fn generalised(&self) -> Vec<Drawn> {
        let mut kecamatan: Vec<&Option<String>> = self.kecamatan.iter().collect();
        kecamatan.sort_unstable();
        kecamatan.dedup();
        let groups: Vec<usize> = self
            .kecamatan
            .iter()
            .map(|name| kecamatan.partition_point(|each| *each < name))
            .collect();
        let mut coverage = Coverage::of(&self.areas);
        Band::of(Layer::Villages)
            .iter()
            .map(|band| {
                coverage.simplify(band.tolerance_m());
                let mut areas = coverage.areas();
                for (area, full) in areas.iter_mut().zip(&self.areas) {
                    // Smaller than a centimetre: it stays what it is.
                    if area.0.is_empty() {
                        area.clone_from(full);
                    }
                }
                Drawn {
                    band: *band,
                    areas,
                    borders: coverage.borders_of_groups(&groups),
                }
            })
            .collect()
    }
}

impl Made<'_> {
    /// Makes the tables of every band, whole, and attaches them; gone again unless the transaction is committed.
    pub(super) async fn fill(self, tx: &Transaction<'_>) -> Result<(), StoreError> {
        let bands = Band::of(self.layer);
        for band in bands {
            self.execute(tx, *band, include_str!("../sql/create_tile_geometry.sql"))
                .await?;
        }
        if !bands.is_empty() {
            self.execute(tx, Band::Z11, include_str!("../sql/fill_tile_geometry.sql"))
                .await?;
        }
        if self.layer == Layer::Villages {
            self.generalise_areas(tx).await?;
        } else {
            for pair in bands.windows(2) {
                self.generalise_lines(tx, pair[0], pair[1]).await?;
            }
        }
        for band in bands {
            self.execute(tx, *band, include_str!("../sql/attach_tile_geometry.sql"))
                .await?;
        }
        Ok(())
    }

    async fn execute(
        self,
        tx: &Transaction<'_>,
        band: Band,
        statement: &str,
    ) -> Result<(), StoreError> {
        tx.batch_execute(&self.filled(band, statement))
            .await
            .map_err(StoreError::sql("store tile geometry"))
    }

    async fn generalise_lines(
        self,
        tx: &Transaction<'_>,
        finer: Band,
        band: Band,
    ) -> Result<(), StoreError> {
        let statement = self
            .filled(band, include_str!("../sql/generalise_lines.sql"))
            .replace("{finer}", finer.suffix());
        tx.execute(&statement, &[&band.tolerance_m()])
            .await
            .map_err(StoreError::sql("generalise lines"))?;
        Ok(())
    }

    async fn generalise_areas(self, tx: &Transaction<'_>) -> Result<(), StoreError> {
        let full = self.full_areas(tx).await?;
        // A country of villages takes seconds: not on a thread that others wait for.
        let (full, bands) = tokio::task::spawn_blocking(move || {
            let bands = full.generalised();
            (full, bands)
        })
        .await
        .map_err(|_panicked| StoreError::Generalise)?;
        for drawn in bands {
            if drawn.band != Band::Z11 {
                self.copy_areas(tx, drawn.band, &full.keys, &drawn.areas)
                    .await?;
            }
            self.insert_borders(tx, &drawn).await?;
        }
        Ok(())
    }

    async fn full_areas(self, tx: &Transaction<'_>) -> Result<FullAreas, StoreError> {
        let doing = "read areas to generalise";
        let statement = self.filled(Band::Z11, include_str!("../sql/list_tile_areas.sql"));
        let no_parameters: [&str; 0] = [];
        let rows = tx
            .query_raw(&statement, no_parameters)
            .await
            .map_err(StoreError::sql(doing))?;
        let mut rows = pin!(rows);
        let mut full = FullAreas::default();
        while let Some(row) = rows.try_next().await.map_err(StoreError::sql(doing))? {
            full.keys.push(row.get("key"));
            full.kecamatan.push(row.get("kecamatan"));
            full.areas
                .push(from_area(&row.get::<_, ewkb::MultiPolygon>("geom")));
        }
        Ok(full)
    }

    async fn insert_borders(self, tx: &Transaction<'_>, drawn: &Drawn) -> Result<(), StoreError> {
        let doing = "store the lines around kecamatan";
        let statement = include_str!("../sql/insert_kecamatan_border.sql");
        let lines = to_web_mercator_lines(&drawn.borders);
        tx.execute(statement, &[&self.version.0, &drawn.band.suffix(), &lines])
            .await
            .map_err(StoreError::sql(doing))?;
        Ok(())
    }

    async fn copy_areas(
        self,
        tx: &Transaction<'_>,
        band: Band,
        keys: &[String],
        areas: &[MultiPolygon<f64>],
    ) -> Result<(), StoreError> {
        let doing = "copy generalised areas";
        let statement = self.filled(band, include_str!("../sql/copy_tile_geometry.sql"));
        let sink = tx
            .copy_in(&statement)
            .await
            .map_err(StoreError::sql(doing))?;
        let types = [Type::INT8, Type::TEXT, geometry_type()];
        let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
        for (key, area) in keys.iter().zip(areas) {
            writer
                .as_mut()
                .write(&[&self.version.0, key, &to_web_mercator_area(area)])
                .await
                .map_err(StoreError::sql(doing))?;
        }
        writer.finish().await.map_err(StoreError::sql(doing))?;
        Ok(())
    }

    /// A statement with its names filled in: `{band}`, `{version}`, `{records}`. All are ours.
    fn filled(self, band: Band, statement: &str) -> String {
        statement
            .replace("{band}", band.suffix())
            .replace("{version}", &self.version.0.to_string())
            .replace("{records}", self.records)
    }
}
