//! Codes of BPS, the statistics office: ten digits that look like Kemendagri's without dots and are others.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::code::{AreaCode, VillageCode};

/// `bps,kemendagri,name` under comments that say where it is from.
const DISTRICTS: &str = include_str!("../../data/bps-kemendagri.csv");

/// A district of which both codes are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BpsDistrict {
    /// Four digits, such as `1508`.
    pub bps: String,
    /// That of Kemendagri, such as `15.09`.
    pub kemendagri: AreaCode,
    /// Its name.
    pub name: String,
}

impl BpsDistrict {
    /// The district of a BPS code of four digits or more; none where the table does not have it.
    pub fn of(bps: &str) -> Option<&'static Self> {
        static TABLE: LazyLock<Vec<BpsDistrict>> = LazyLock::new(table);
        let district = bps.get(..4)?;
        TABLE.iter().find(|each| each.bps == district)
    }
}

fn table() -> Vec<BpsDistrict> {
    let lines = DISTRICTS.lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).filter_map(district).collect()
}

fn district(line: &str) -> Option<BpsDistrict> {
    let mut cells = line.split(',');
    Some(BpsDistrict {
        bps: cells.next()?.to_owned(),
        kemendagri: AreaCode::parse(cells.next()?).ok()?,
        name: cells.next()?.to_owned(),
    })
}

/// Which village a BPS code means, as a list that has both codes says: never worked out from the digits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BpsVillages(BTreeMap<String, VillageCode>);

/// A code that cannot be taken as one of BPS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BpsError {
    /// Not ten digits.
    #[error("`{text}` is not a code of BPS, which has ten digits")]
    NoCode {
        /// What was written.
        text: String,
    },
    /// No list has it.
    #[error("no list says which village of Kemendagri the BPS code {code} is{}", of_district(*district))]
    NotListed {
        /// The ten digits.
        code: String,
        /// The district that it lies in, where that is known.
        district: Option<&'static BpsDistrict>,
    },
}

fn of_district(district: Option<&BpsDistrict>) -> String {
    district.map_or_else(String::new, |district| {
        format!(
            "; BPS {} is {} ({})",
            district.bps, district.kemendagri, district.name
        )
    })
}

impl BpsVillages {
    /// The village of a BPS code: ten digits, also in groups of 2, 2, 3, 3 joined by dots.
    ///
    /// # Errors
    /// The text is no such code, or no list has it.
    pub fn village(&self, text: &str) -> Result<VillageCode, BpsError> {
        let code = bps_digits(text).ok_or_else(|| BpsError::NoCode {
            text: text.trim().to_owned(),
        })?;
        match self.0.get(&code) {
            Some(village) => Ok(village.clone()),
            None => Err(BpsError::NotListed {
                district: BpsDistrict::of(&code),
                code,
            }),
        }
    }
}

impl FromIterator<(String, VillageCode)> for BpsVillages {
    fn from_iter<I: IntoIterator<Item = (String, VillageCode)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// The ten digits of a BPS code as it may be written.
pub(super) fn bps_digits(text: &str) -> Option<String> {
    let text = text.trim();
    let groups: Vec<usize> = text.split('.').map(str::len).collect();
    let digits = text.replace('.', "");
    let is_code = (groups == [10] || groups == [2, 2, 3, 3])
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_districts_of_jambi_are_paired_as_bps_says() {
        let pairs: Vec<(String, String)> = table()
            .into_iter()
            .map(|each| (each.bps, each.kemendagri.to_string()))
            .filter(|(bps, kemendagri)| *bps != kemendagri.replace('.', ""))
            .collect();
        let expected = [
            ("1506", "15.07"),
            ("1507", "15.06"),
            ("1508", "15.09"),
            ("1509", "15.08"),
        ];
        let expected = expected.map(|(bps, kemendagri)| (bps.to_owned(), kemendagri.to_owned()));
        assert_eq!(pairs, expected);
        assert_eq!(table().len(), 11);
        assert_eq!(
            BpsDistrict::of("1508010001").unwrap().name,
            "Kabupaten Tebo"
        );
    }

    #[test]
    fn a_bps_code_is_a_village_only_where_a_list_says_so() {
        let tebo = VillageCode::parse("15.09.01.2001").unwrap();
        let villages: BpsVillages = [("1508010001".to_owned(), tebo.clone())]
            .into_iter()
            .collect();
        assert_eq!(villages.village("1508010001"), Ok(tebo.clone()));
        assert_eq!(villages.village(" 15.08.010.001 "), Ok(tebo));
        let unlisted = villages.village("1508010002").unwrap_err();
        assert!(
            unlisted
                .to_string()
                .ends_with("BPS 1508 is 15.09 (Kabupaten Tebo)"),
            "{unlisted}"
        );
        assert!(matches!(
            villages.village("15.08.01.0001"),
            Err(BpsError::NoCode { .. })
        ));
    }
}
