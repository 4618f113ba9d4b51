//! One tile from the database: its source layers one after the other, within the caps, and marked where it is not whole.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::Edition;
use crate::domain::{DatasetVersionId, Layer, TileAddress};
use crate::serve::error::{Problem, ProblemKind};
use crate::store::Database;
use crate::store::reads::{RunPart, TileReads, TileSource};

/// Bytes of a tile before compression, the mark of truncation not counted: what a phone decodes without a pause.
const MAX_BYTES: usize = 500_000;

/// Features of a source layer. A feature takes 25 bytes at the least, so that [`MAX_BYTES`] hold no more.
const MAX_FEATURES: u64 = 20_000;

/// How often a source layer is made again with fewer features until it fits.
const MAX_ROUNDS: usize = 6;

/// How long a tile may take. Far above the slowest honest tile, and a person has scrolled on by then.
const TILE_TIME: Duration = Duration::from_secs(5);

/// How long a tile waits for the geometry of a new version: less than a request may take.
const DRAWN_WITHIN: Duration = Duration::from_secs(20);

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A tile and what it leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    /// Empty where no feature touches the tile.
    pub(super) bytes: Vec<u8>,
    /// Features left out by the caps.
    pub(super) n_dropped: u64,
}

/// Makes a tile of an edition that exists.
pub(super) async fn make(
    database: &Database,
    edition: &Edition,
    tile: TileAddress,
) -> Result<Made, Problem> {
    let sources = sources(database, edition).await?;
    let mut reads = database.reads().await?.for_tiles();
    let make = async {
        let mut made = Made {
            bytes: Vec::new(),
            n_dropped: 0,
        };
        for source in &sources {
            add(&mut reads, source, tile, &mut made).await?;
        }
        if 0 < made.n_dropped {
            let mark = reads.truncated(tile, made.n_dropped).await?;
            made.bytes.extend(mark);
        }
        Ok(made)
    };
    timeout(TILE_TIME, make).await.unwrap_or_else(|_elapsed| {
        let detail = format!("a tile may take {} s", TILE_TIME.as_secs());
        Err(Problem::new(ProblemKind::TooSlow, detail))
    })
}

/// The source layers of an edition, the most needed first: what they leave of [`MAX_BYTES`] is for the next.
async fn sources(database: &Database, edition: &Edition) -> Result<Vec<TileSource>, Problem> {
    let unknown = || Problem::new(ProblemKind::EditionUnknown, "no such edition of this layer");
    match edition {
        Edition::Version(layer, version) => {
            let (layer, version) = (*layer, *version);
            if !layer.has_geometry() || !wait_until_drawn(database, layer, version).await? {
                return Err(unknown());
            }
            let mut sources = vec![TileSource::Layer { layer, version }];
            if layer == Layer::Villages {
                sources.push(TileSource::Kecamatan { version });
            }
            Ok(sources)
        }
        Edition::Run(run) => {
            let reads = database.reads().await?;
            let villages_version = reads.villages_of_run(run).await?.ok_or_else(unknown)?;
            let part = |part| TileSource::Run {
                part,
                run: run.clone(),
                villages_version,
            };
            let mut sources =
                Vec::from([RunPart::Areas, RunPart::Labels, RunPart::Points].map(part));
            // A map of a run needs no tiles of the villages beside it.
            sources.push(TileSource::Kecamatan {
                version: villages_version,
            });
            Ok(sources)
        }
    }
}

/// Waits for the geometry of a version that was only just imported; false where there is no such version.
/// No connection is held meanwhile.
async fn wait_until_drawn(
    database: &Database,
    layer: Layer,
    version: DatasetVersionId,
) -> Result<bool, Problem> {
    let give_up = Instant::now() + DRAWN_WITHIN;
    loop {
        let is_drawn = database.reads().await?.is_drawn(layer, version).await?;
        match is_drawn {
            None => return Ok(false),
            Some(true) => return Ok(true),
            Some(false) if Instant::now() < give_up => sleep(LOOK_EVERY).await,
            Some(false) => {
                let detail = "the layer was just imported, and its tiles are being prepared";
                return Err(Problem::new(ProblemKind::TooSlow, detail));
            }
        }
    }
}

/// Adds a source layer, with fewer features where all of them would be too many bytes.
async fn add(
    reads: &mut TileReads,
    source: &TileSource,
    tile: TileAddress,
    made: &mut Made,
) -> Result<(), Problem> {
    let room = MAX_BYTES.saturating_sub(made.bytes.len());
    let mut max_features = MAX_FEATURES;
    for _round in 0..MAX_ROUNDS {
        let layer = reads.layer(source, tile, max_features).await?;
        if layer.bytes.len() <= room {
            made.n_dropped += layer.n_found - layer.n_kept;
            made.bytes.extend(layer.bytes);
            return Ok(());
        }
        max_features = fewer(layer.n_kept, layer.bytes.len(), room);
    }
    // Nothing of it fits: even a few features are larger than the room.
    let layer = reads.layer(source, tile, 0).await?;
    made.n_dropped += layer.n_found;
    Ok(())
}

/// How many features fit if they are as large as those before, less a tenth: the important ones tend to be larger.
fn fewer(n_kept: u64, n_bytes: usize, room: usize) -> u64 {
    let share = room as f64 / n_bytes.max(1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of features"
    )]
    let n = (n_kept as f64 * share * 0.9) as u64;
    n.min(n_kept.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_asks_for_fewer_features() {
        // Twice too large: half of them, less a tenth.
        assert_eq!(fewer(1_000, 1_000_000, 500_000), 450);
        assert_eq!(fewer(1, 600_000, 500_000), 0);
        assert_eq!(fewer(0, 10, 0), 0);
    }
}
