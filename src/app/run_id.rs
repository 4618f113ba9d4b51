//! The name of a run: a hash of everything that decides its numbers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::domain::{Indicator, Layer, METHOD_VERSION, RunId};

/// Everything that decides the numbers of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunInputs<'a> {
    /// What is computed.
    pub(super) indicator: &'a Indicator,
    /// Content hash of each layer's active version; none where the layer was never imported.
    pub(super) layers: &'a BTreeMap<Layer, Option<String>>,
    /// The texts of the data files that the method reads: services, standards, profiles.
    pub(super) data_files: &'a [&'a str],
    /// Parameters that a command may change, each in a fixed form.
    pub(super) parameters: &'a [(&'a str, String)],
}

/// The same inputs give the same id on any machine; any other input another.
pub(super) fn run_id(inputs: &RunInputs<'_>) -> RunId {
    let mut hash = Sha256::new();
    // Every part is preceded by its length, so that no two different lists of parts look alike.
    let mut add = |part: &str| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    };
    add(&METHOD_VERSION.to_string());
    add(&inputs.indicator.to_string());
    for tier in &inputs.indicator.tier {
        add(tier);
    }
    for (layer, content) in inputs.layers {
        add(layer.as_str());
        add(content.as_deref().unwrap_or("none"));
    }
    for text in inputs.data_files {
        add(text);
    }
    for (name, value) in inputs.parameters {
        add(name);
        add(value);
    }
    RunId(
        hash.finalize()[..16]
            .iter()
            .fold(String::new(), |mut id, byte| {
                write!(id, "{byte:02x}").expect("writing to a string does not fail");
                id
            }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Catalogue;

    #[test]
    fn each_input_decides_the_id() {
        let indicators = Catalogue::built_in().indicators();
        let layers = BTreeMap::from([(Layer::Roads, Some("a".to_owned())), (Layer::Clinics, None)]);
        let other_layers =
            BTreeMap::from([(Layer::Roads, Some("b".to_owned())), (Layer::Clinics, None)]);
        let base = RunInputs {
            indicator: &indicators[0],
            layers: &layers,
            data_files: &["x"],
            parameters: &[],
        };
        let ids = [
            run_id(&base),
            run_id(&RunInputs {
                indicator: &indicators[1],
                ..base
            }),
            run_id(&RunInputs {
                layers: &other_layers,
                ..base
            }),
            run_id(&RunInputs {
                data_files: &["y"],
                ..base
            }),
            run_id(&RunInputs {
                parameters: &[("join_ends_m", "5".to_owned())],
                ..base
            }),
        ];
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
        assert_eq!(run_id(&base), ids[0]);
    }
}
