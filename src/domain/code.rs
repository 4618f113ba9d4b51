//! Kemendagri codes of villages and of the areas that contain them. Codes are text, always.

use std::fmt;

use serde::{Deserialize, Serialize};

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
    /// Probably a code that lost its form; `suggestion` is what it may have been.
    #[error("`{text}` is not a Kemendagri village code; it may mean `{suggestion}`")]
    Ambiguous {
        /// What was written.
        text: String,
        /// The code that it may stand for.
        suggestion: String,
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
        let groups: Vec<&str> = text.split('.').collect();
        let all_digits = groups
            .iter()
            .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
        if !all_digits {
            return Err(CodeError::Unknown {
                text: text.to_owned(),
            });
        }
        if groups.iter().map(|group| group.len()).eq(GROUP_DIGITS) {
            return Ok(Self(text.to_owned()));
        }
        Err(match suggestion(&groups) {
            Some(suggestion) => CodeError::Ambiguous {
                text: text.to_owned(),
                suggestion,
            },
            None => CodeError::Unknown {
                text: text.to_owned(),
            },
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

/// The Kemendagri code that digit groups may stand for: dots left out, or zeros lost.
fn suggestion(groups: &[&str]) -> Option<String> {
    match groups {
        [digits] if digits.len() == 10 => Some(format!(
            "{}.{}.{}.{}",
            &digits[..2],
            &digits[2..4],
            &digits[4..6],
            &digits[6..]
        )),
        [_, _, _, _]
            if groups
                .iter()
                .zip(GROUP_DIGITS)
                .all(|(group, digits)| group.len() <= digits) =>
        {
            let padded: Vec<String> = groups
                .iter()
                .zip(GROUP_DIGITS)
                .map(|(group, digits)| format!("{group:0>digits$}"))
                .collect();
            Some(padded.join("."))
        }
        _ => None,
    }
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
    fn a_lost_zero_is_ambiguous_and_says_what_it_may_mean() {
        let error = VillageCode::parse("15.03.1.2001").unwrap_err();
        assert_eq!(
            error,
            CodeError::Ambiguous {
                text: "15.03.1.2001".to_owned(),
                suggestion: "15.03.01.2001".to_owned()
            }
        );
    }

    #[test]
    fn ten_bare_digits_are_never_joined_silently() {
        assert!(matches!(
            VillageCode::parse("1508010001"),
            Err(CodeError::Ambiguous { .. })
        ));
    }

    #[test]
    fn an_area_contains_only_codes_of_whole_groups() {
        let area = AreaCode::parse("15.03").unwrap();
        assert!(area.contains(&VillageCode::parse("15.03.01.2001").unwrap()));
        assert!(!area.contains(&VillageCode::parse("15.04.01.2001").unwrap()));
    }
}
