//! Kemendagri codes of villages and of the areas that contain them. Codes are text, always.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::code_reading::{self, CodeForm, CodeReading};

/// The key of a village: a Kemendagri code such as `15.03.01.2001`, or `x:<name>` where there is none.
///
/// Invariant: four groups of 2, 2, 2 and 4 digits joined by dots, or `x:` and a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VillageCode(String);

/// The start of a village code: province `15`, district `15.03`, kecamatan `15.03.01`; or `x`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AreaCode(String);

/// Text that cannot be taken as a code without guessing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Probably a code that lost its form.
    #[error(
        "`{text}` is not a Kemendagri village code but {form}; it may mean {}",
        in_words(readings)
    )]
    Ambiguous {
        /// What was written.
        text: String,
        /// What became of the code.
        form: CodeForm,
        /// What it may stand for, the likeliest first; at least one.
        readings: Vec<CodeReading>,
    },
    /// No code at all.
    #[error("`{text}` is not a Kemendagri code such as 15.03.01.2001")]
    Unknown {
        /// What was written.
        text: String,
    },
}

const GROUP_DIGITS: [usize; 4] = [2, 2, 2, 4];

impl VillageCode {
    /// A Kemendagri code, exactly as `15.03.01.2001`; surrounding blanks are dropped.
    ///
    /// # Errors
    /// Digits without dots (ten of them may be a Kemendagri or a BPS code), a group that lost its zero,
    /// or anything else.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        if is_whole(text) {
            return Ok(Self(text.to_owned()));
        }
        let text = text.to_owned();
        Err(match code_reading::readings(&text) {
            Some((form, readings)) => CodeError::Ambiguous {
                text,
                form,
                readings,
            },
            None => CodeError::Unknown { text },
        })
    }

    /// The key of a village that has a name and no code.
    pub fn from_name(name: &str) -> Self {
        Self(format!("x:{}", name.trim()))
    }

    /// The key back from where it was stored by us.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kecamatan's code, `15.03.01`; none where the village has no code.
    pub fn kecamatan(&self) -> Option<AreaCode> {
        (!self.0.starts_with("x:")).then(|| AreaCode(self.0[..8].to_owned()))
    }

    /// The district's code, `15.03`, or `x`.
    pub fn district(&self) -> AreaCode {
        if self.0.starts_with("x:") {
            AreaCode("x".to_owned())
        } else {
            AreaCode(self.0[..5].to_owned())
        }
    }
}

fn is_whole(text: &str) -> bool {
    let groups = || text.split('.');
    groups().map(str::len).eq(GROUP_DIGITS)
        && groups().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()))
}

fn in_words(readings: &[CodeReading]) -> String {
    let readings: Vec<String> = readings.iter().map(ToString::to_string).collect();
    readings.join(", or ")
}

impl AreaCode {
    /// The code of a province, district or kecamatan: groups of two digits joined by dots; or `x`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let groups: Vec<&str> = text.split('.').collect();
        let is_code = groups.len() <= 3
            && groups
                .iter()
                .all(|group| group.len() == 2 && group.bytes().all(|byte| byte.is_ascii_digit()));
        if is_code || text == "x" {
            Ok(Self(text.to_owned()))
        } else {
            Err(CodeError::Unknown {
                text: text.to_owned(),
            })
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `village` lies in this area by its code.
    pub fn contains(&self, village: &VillageCode) -> bool {
        if self.0 == "x" {
            village.0.starts_with("x:")
        } else {
            village.0.starts_with(&format!("{}.", self.0))
        }
    }
}

impl fmt::Display for VillageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_code_gives_its_kecamatan_and_district() {
        let code = VillageCode::parse(" 15.03.01.2001 ").unwrap();
        assert_eq!(code.kecamatan().unwrap().as_str(), "15.03.01");
        assert_eq!(code.district().as_str(), "15.03");
    }

    #[test]
    fn what_may_be_meant_is_said_in_words() {
        let said = VillageCode::parse("1508010001").unwrap_err().to_string();
        assert_eq!(
            said,
            "`1508010001` is not a Kemendagri village code but digits without dots; it may mean 15.08.01.0001, \
             or a BPS code of 15.09 (Kabupaten Tebo)"
        );
    }

    #[test]
    fn an_area_contains_only_codes_of_whole_groups() {
        let area = AreaCode::parse("15.03").unwrap();
        assert!(area.contains(&VillageCode::parse("15.03.01.2001").unwrap()));
        assert!(!area.contains(&VillageCode::parse("15.04.01.2001").unwrap()));
    }
}
