//! Dated lists of village codes: which codes there are, what the villages are called, which code BPS gives them.

use super::bps::bps_digits;
use super::code::{CodeError, VillageCode};

/// `code,name,kecamatan,edition,source` under comments.
const SHIPPED: &str = include_str!("../../data/codes-jambi.csv");

/// An edition of a list of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeList {
    /// When it came out: `2025`, `2025-06` or `2025-06-30`; later ones go before earlier ones.
    pub edition: String,
    /// The decree or the office that it is from.
    pub source: String,
    /// In no order, each code once.
    pub codes: Vec<ListedCode>,
}

/// A village on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCode {
    /// That of Kemendagri.
    pub code: VillageCode,
    /// Name of the village.
    pub name: String,
    /// Name of its kecamatan.
    pub kecamatan: Option<String>,
    /// That of BPS: ten digits.
    pub bps: Option<String>,
}

/// What is wrong with a list or a line of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeListError {
    /// Not a date.
    #[error(
        "`{0}` is no edition: write its year, month or day, such as 2025, 2025-06 or 2025-06-30"
    )]
    Edition(String),
    /// Not a code of a village.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// Not a code of BPS.
    #[error("`{0}` is not a code of BPS, which has ten digits")]
    Bps(String),
    /// No name.
    #[error("{0} has no name")]
    NoName(VillageCode),
}

impl CodeList {
    /// Passes an edition that is a date.
    ///
    /// # Errors
    /// It is none.
    pub fn check_edition(edition: &str) -> Result<(), CodeListError> {
        let lengths: Vec<usize> = edition.split('-').map(str::len).collect();
        let is_date = matches!(lengths[..], [4] | [4, 2] | [4, 2, 2])
            && edition
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-');
        if is_date {
            Ok(())
        } else {
            Err(CodeListError::Edition(edition.to_owned()))
        }
    }
}

impl ListedCode {
    /// A line of a list; empty texts are none.
    ///
    /// # Errors
    /// A code is none, or there is no name.
    pub fn parse(
        code: &str,
        name: &str,
        kecamatan: &str,
        bps: &str,
    ) -> Result<Self, CodeListError> {
        let code = VillageCode::parse(code)?;
        let text = |text: &str| {
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let bps = match text(bps) {
            None => None,
            Some(bps) => Some(bps_digits(&bps).ok_or(CodeListError::Bps(bps))?),
        };
        Ok(Self {
            name: text(name).ok_or_else(|| CodeListError::NoName(code.clone()))?,
            kecamatan: text(kecamatan),
            bps,
            code,
        })
    }
}

/// The list that comes with the program: all villages of Jambi.
///
/// # Errors
/// A line of it is broken, which a test rules out.
pub fn shipped_codes() -> Result<CodeList, CodeListError> {
    let mut list = CodeList {
        edition: String::new(),
        source: String::new(),
        codes: Vec::new(),
    };
    let lines = SHIPPED.lines().filter(|line| !line.starts_with('#'));
    for line in lines.skip(1) {
        let mut cells = line.split(',');
        let mut next = || cells.next().unwrap_or_default();
        let (code, name, kecamatan) = (next(), next(), next());
        list.codes
            .push(ListedCode::parse(code, name, kecamatan, "")?);
        next().clone_into(&mut list.edition);
        next().clone_into(&mut list.source);
    }
    CodeList::check_edition(&list.edition)?;
    Ok(list)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn the_shipped_list_has_every_village_of_jambi_once() {
        let list = shipped_codes().unwrap();
        assert_eq!(list.edition, "2025");
        assert_eq!(list.source, "Kepmendagri 300.2.2-2430/2025");
        let codes: BTreeSet<&VillageCode> = list.codes.iter().map(|each| &each.code).collect();
        assert_eq!((codes.len(), list.codes.len()), (1585, 1585));
        let mut districts: BTreeMap<String, u32> = BTreeMap::new();
        for code in codes {
            *districts.entry(code.district().to_string()).or_default() += 1;
        }
        assert_eq!(districts.len(), 11);
        assert_eq!(districts["15.03"], 149 + 9);
        let lines = SHIPPED.lines().filter(|line| !line.starts_with('#'));
        assert!(lines.skip(1).all(|line| {
            line.matches(',').count() == 4 && line.ends_with(",2025,Kepmendagri 300.2.2-2430/2025")
        }));
    }

    #[test]
    fn an_edition_is_a_date() {
        for edition in ["2025", "2025-06", "2025-06-30"] {
            assert_eq!(CodeList::check_edition(edition), Ok(()));
        }
        for edition in ["", "25", "2025/06", "Kepmendagri 2025", "2025-6"] {
            assert!(CodeList::check_edition(edition).is_err(), "{edition}");
        }
    }
}
