//! What one file may cost, each with its reason.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};

/// What a child may use, and what an archive may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Limits {
    /// Address space of the child.
    pub(super) address_space_bytes: u64,
    /// Processor time of the child.
    pub(super) cpu_s: u64,
    /// How long the child may say nothing while the parent waits.
    pub(super) silence_s: u64,
    /// Entries of an archive.
    pub(super) zip_entries: usize,
    /// Bytes that an archive may inflate to.
    pub(super) inflated_bytes: u64,
    /// Bytes up to which the ratio does not matter.
    pub(super) inflated_free_bytes: u64,
    /// Inflated size divided by the size of the archive.
    pub(super) inflated_ratio: u64,
    /// Cells of a raster in which somebody lives.
    pub(super) raster_cells: u64,
    /// Cells of a raster that are looked at.
    pub(super) raster_looked_at: u64,
    /// Cells of a block of a raster, which is inflated as a whole.
    pub(super) raster_block: u64,
}

impl Limits {
    /// For files that anybody may have made.
    pub(super) const DEFAULT: Self = Self {
        // A GeoJSON of 200 MB takes about 1 GB in GDAL; a district office's PC has 4 GB.
        address_space_bytes: 2 * 1024 * 1024 * 1024,
        // All roads of Indonesia, some ten million, take about ten minutes.
        cpu_s: 30 * 60,
        // Opening a GeoJSON of 200 MB on a slow disk takes about a minute.
        silence_s: 5 * 60,
        // A province's folder of shapefiles has about two hundred.
        zip_entries: 1000,
        // 4 GB is the largest shapefile there can be.
        inflated_bytes: 4_000_000_000,
        // Text compresses up to about 30 times; a small file may be odd without harm.
        inflated_free_bytes: 200_000_000,
        inflated_ratio: 100,
        // A district of 10,000 km² in cells of a hectare; each of them becomes a place to travel from.
        raster_cells: 1_000_000,
        // All of Indonesia in cells of a hectare, empty ones included, is 1.1 billion.
        raster_looked_at: 2_000_000_000,
        // 4,096 by 4,096: 128 MB as numbers of eight bytes.
        raster_block: 1 << 24,
    };

    /// For a file whose archive the operator vouches for: no caps on what it inflates to.
    pub(super) const TRUSTED: Self = Self {
        inflated_bytes: u64::MAX,
        inflated_ratio: u64::MAX,
        ..Self::DEFAULT
    };

    /// What an archive of `packed_bytes` may inflate to.
    pub(super) fn inflated(&self, packed_bytes: u64) -> u64 {
        self.inflated_bytes.min(
            self.inflated_free_bytes
                .max(packed_bytes.saturating_mul(self.inflated_ratio)),
        )
    }

    /// Limits this process for good; a lower limit that is set already stays.
    ///
    /// # Errors
    /// The system refuses.
    pub(super) fn apply(&self) -> rustix::io::Result<()> {
        let limits = [
            (Resource::As, self.address_space_bytes),
            (Resource::Cpu, self.cpu_s),
            // A core file would be a copy of somebody's data.
            (Resource::Core, 0),
        ];
        for (resource, maximum) in limits {
            let maximum = getrlimit(resource)
                .maximum
                .map_or(maximum, |hard| hard.min(maximum));
            setrlimit(
                resource,
                Rlimit {
                    current: Some(maximum),
                    maximum: Some(maximum),
                },
            )?;
        }
        Ok(())
    }
}
