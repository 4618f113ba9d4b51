//! Records of several sources that are one: shown, and resolved into a new version.

use serde::Serialize;
use serde_json::json;

use super::AppError;
use crate::domain::{Counts, DatasetVersionId, Layer, Part, Provenance};
use crate::store::{ActivateRequest, Composed, Database, RecordName};

/// Two records that are one: the first stands for both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Same {
    /// The one that stays.
    pub kept: RecordName,
    /// The one that it stands for.
    pub left_out: RecordName,
}

/// What was said of the records of a layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Records that are one.
    pub same: Vec<Same>,
    /// Records that stand for themselves again.
    pub different: Vec<RecordName>,
    /// Who says so.
    pub made_by: String,
}

/// The duplicates of a layer's active version.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DuplicatesReport {
    /// The layer.
    pub layer: Layer,
    /// The version that is active now.
    pub version: DatasetVersionId,
    /// How it differs from the one that was active before.
    #[serde(flatten)]
    pub counts: Counts,
    /// Records that others stand for, and pairs that seem to be one.
    #[serde(flatten)]
    pub composed: Composed,
}

/// Follows what was said of the records of a layer in a new version, and lists what is left; nothing new is made where
/// nothing was said.
///
/// # Errors
/// The layer was never imported, somebody is importing it, or the database fails. Nothing of the layer changes then.
pub async fn resolve_duplicates(
    database: &Database,
    layer: Layer,
    said: &Said,
) -> Result<DuplicatesReport, AppError> {
    let active = database.active_versions().await?;
    let Some(active) = active.into_iter().find(|version| version.layer == layer) else {
        return Err(AppError::Usage(format!("{layer} was never imported")));
    };
    for Same { kept, left_out } in &said.same {
        database
            .say_same(layer, kept, left_out, &said.made_by)
            .await?;
    }
    for left_out in &said.different {
        database
            .say_different(layer, left_out, &said.made_by)
            .await?;
    }
    let mut staging = database.begin_import(layer, "").await?;
    let composed = staging.compose(Part::Source, &[]).await?;
    let counts = staging.compare().await?;
    if said.same.is_empty() && said.different.is_empty() {
        staging.abandon().await?;
        return Ok(DuplicatesReport {
            layer,
            version: active.id,
            counts,
            composed: Composed {
                set_aside: database.set_aside(layer).await?,
                ..composed
            },
        });
    }
    let activation = staging
        .activate(&ActivateRequest {
            file_names: Vec::new(),
            file_hash: String::new(),
            crs: None,
            encoding: None,
            released_columns: Vec::new(),
            report: json!({ "layer": layer, "duplicates": counts }),
            made_by: said.made_by.clone(),
            district: None,
            provenance: Provenance::default(),
        })
        .await?;
    Ok(DuplicatesReport {
        layer,
        version: activation.version,
        counts: activation.counts,
        composed,
    })
}
