//! Where data come from, and which part of a layer they are.

use serde::{Deserialize, Serialize};

use super::words::words;

words!(
    /// What an import replaces of what its layer holds.
    Part, "part", {
        /// Everything.
        Layer = "layer",
        /// What the same source gave before; other sources keep theirs.
        Source = "source",
        /// Nothing: only records with keys that the source has not yet are taken.
        Add = "add",
        /// Records of the source that have the same keys; other keys are refused.
        Update = "update",
        /// Records of the source that have the same keys; those with other keys are added.
        AddOrUpdate = "add-or-update",
    }
);

/// Who is answerable for what a source gave, and what may be done with it. What is none is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Provenance {
    /// Who is answerable for the data (*walidata*).
    #[serde(alias = "walidata", skip_serializing_if = "Option::is_none")]
    pub producer: Option<String>,
    /// The time that the data are of, such as `2025-06-30` or `semester 2 2025`.
    #[serde(alias = "tanggal", skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The decree or document that they come from.
    #[serde(alias = "dasar", skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// What may be done with them.
    #[serde(alias = "lisensi", skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Whether they may be given to the public.
    #[serde(alias = "akses", skip_serializing_if = "Option::is_none")]
    pub access: Option<DataAccess>,
    /// Whom to ask.
    #[serde(alias = "kontak", skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

words!(
    /// Whether data may be given to the public.
    DataAccess, "access", {
        /// They may.
        Open = "open",
        /// They may not.
        Restricted = "restricted",
    }
);

impl Provenance {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the list of words cannot mark one of them"
)]
impl Default for Part {
    fn default() -> Self {
        Self::Layer
    }
}
