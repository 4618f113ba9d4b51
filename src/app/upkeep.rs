//! What whoever serves does beside it, again and again.

use std::convert::Infallible;
use std::time::Duration;

use crate::store::Database;

/// How often new versions are looked for: a map waits no longer for what was just imported.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Pause after a failure, which is told in the log each time.
const AFTER_FAILURE: Duration = Duration::from_secs(15);

/// Makes the geometry that tiles are drawn from as versions come, for as long as somebody waits for it.
pub async fn keep_drawn(database: &Database) -> Infallible {
    loop {
        let pause = match database.fill_tile_geometry().await {
            Ok(0) => LOOK_EVERY,
            Ok(n_versions) => {
                tracing::info!(n_versions, "made tile geometry");
                LOOK_EVERY
            }
            Err(error) => {
                tracing::warn!(%error, "cannot make tile geometry");
                AFTER_FAILURE
            }
        };
        tokio::time::sleep(pause).await;
    }
}
