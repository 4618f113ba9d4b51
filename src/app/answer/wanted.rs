//! How an answer is wanted: classes, what a row stands for, language.

use super::RowChoice;
use crate::domain::Language;
use crate::publish::ClassMethod;

/// Classes where no number is asked for: those of the palette.
pub const DEFAULT_N_CLASSES: usize = 5;

/// How an answer is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// How class breaks are chosen.
    pub method: ClassMethod,
    /// Classes, at most, from 1 to `publish::palette::MAX_N_CLASSES`; policy has its own.
    pub n_classes: usize,
    /// What a row stands for.
    pub by: GroupBy,
    /// Which rows, in which order.
    pub rows: RowChoice,
    /// Language of labels.
    pub language: Language,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            method: ClassMethod::Policy,
            n_classes: DEFAULT_N_CLASSES,
            by: GroupBy::Village,
            rows: RowChoice::default(),
            language: Language::Indonesian,
        }
    }
}

/// What a row of the answer stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// A village.
    Village,
    /// A kecamatan.
    Kecamatan,
    /// The district.
    District,
}

impl GroupBy {
    /// Every kind of row, by the word it has in addresses.
    pub const ALL: [(&'static str, Self); 3] = [
        ("village", Self::Village),
        ("kecamatan", Self::Kecamatan),
        ("district", Self::District),
    ];
}
