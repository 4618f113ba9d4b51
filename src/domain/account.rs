//! Who may do what: roles and their rights, in one table, and how far the rights of some roles go.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::code::{AreaCode, CodeError, VillageCode};
use super::layer::Layer;
use super::words::words;

words!(
    /// What an account is for.
    Role, "role", {
        /// Everything; a one-person office needs no other.
        Admin = "admin",
        /// GIS staff: data in, corrected, released.
        Editor = "editor",
        /// Reads what is current.
        Planner = "planner",
        /// Reads, the audit trail too, and changes nothing.
        Auditor = "auditor",
        /// An office that keeps some layers.
        Dinas = "dinas",
        /// The head of a kecamatan: corrects what lies in it.
        Camat = "camat",
        /// A village: corrects what lies in it.
        Desa = "desa",
    }
);

words!(
    /// What somebody may do.
    Right, "right", {
        /// See what was released.
        ReadReleased = "read-released",
        /// See what is current.
        ReadCurrent = "read",
        /// Make a file a version of a layer, and go back to another one.
        Import = "import",
        /// Correct records.
        Correct = "correct",
        /// Release what is current.
        Publish = "publish",
        /// See the audit trail.
        ReadAudit = "read-audit",
        /// Make, change and disable accounts, and see their tokens.
        ManageAccounts = "manage-accounts",
        /// Make and revoke tokens of one's own.
        ManageTokens = "manage-tokens",
    }
);

impl Role {
    /// The rights of the role: the one table that says who may do what.
    pub const fn rights(self) -> &'static [Right] {
        use Right::{Correct, Import, ManageTokens, Publish, ReadAudit, ReadCurrent, ReadReleased};
        match self {
            Self::Admin => Right::ALL,
            Self::Editor => &[
                ReadReleased,
                ReadCurrent,
                Import,
                Correct,
                Publish,
                ManageTokens,
            ],
            Self::Planner => &[ReadReleased, ReadCurrent, ManageTokens],
            Self::Auditor => &[ReadReleased, ReadCurrent, ReadAudit],
            Self::Dinas => &[ReadReleased, ReadCurrent, Import, Correct, ManageTokens],
            Self::Camat | Self::Desa => &[ReadReleased, ReadCurrent, Correct],
        }
    }
}

impl Right {
    /// Whether a token may have it: what makes others stronger asks for a password.
    pub const fn is_for_tokens(self) -> bool {
        !matches!(self, Self::ManageAccounts | Self::ManageTokens)
    }

    /// Whether it changes data, and therefore stops where the scope of an account ends.
    const fn is_scoped(self) -> bool {
        matches!(self, Self::Import | Self::Correct | Self::Publish)
    }
}

/// How far the rights that change data go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    Everything,
    /// In these layers; at least one, sorted.
    Layers(Vec<Layer>),
    /// In this kecamatan.
    Area(AreaCode),
    /// In this village.
    Village(VillageCode),
}

/// A role and how far it goes.
///
/// Invariant: a dinas has layers, a camat an area, a desa a village, and nobody else has any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    role: Role,
    scope: Scope,
}

/// A role that cannot be given so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// A dinas without layers.
    #[error("a dinas keeps some layers: name them with --layers")]
    NoLayers,
    /// A camat or a desa without an area.
    #[error("a {0} has an area: name its code with --area")]
    NoArea(Role),
    /// Layers or an area for a role that has none.
    #[error("the role {0} has no --{1}")]
    NotScoped(Role, &'static str),
    /// An area that is none.
    #[error(transparent)]
    Area(#[from] CodeError),
}

impl Grant {
    /// A role with the layers or the area that it needs.
    ///
    /// # Errors
    /// What the role needs is not there, or what it does not have is.
    pub fn try_new(role: Role, layers: &[Layer], area: Option<&str>) -> Result<Self, GrantError> {
        if role != Role::Dinas && !layers.is_empty() {
            return Err(GrantError::NotScoped(role, "layers"));
        }
        if !matches!(role, Role::Camat | Role::Desa) && area.is_some() {
            return Err(GrantError::NotScoped(role, "area"));
        }
        let scope = match (role, area) {
            (Role::Dinas, _) if layers.is_empty() => return Err(GrantError::NoLayers),
            (Role::Dinas, _) => {
                let mut layers = layers.to_vec();
                layers.sort_unstable();
                layers.dedup();
                Scope::Layers(layers)
            }
            (Role::Camat | Role::Desa, None) => return Err(GrantError::NoArea(role)),
            (Role::Camat, Some(area)) => Scope::Area(AreaCode::parse(area)?),
            (Role::Desa, Some(area)) => Scope::Village(VillageCode::parse(area)?),
            _ => Scope::Everything,
        };
        Ok(Self { role, scope })
    }

    /// The role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// How far the rights that change data go.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The layers of a dinas, in words; none for others.
    pub fn layers(&self) -> Vec<&str> {
        match &self.scope {
            Scope::Layers(layers) => layers.iter().map(Layer::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The code of the area of a camat or a desa.
    pub fn area(&self) -> Option<&str> {
        match &self.scope {
            Scope::Area(area) => Some(area.as_str()),
            Scope::Village(village) => Some(village.as_str()),
            Scope::Everything | Scope::Layers(_) => None,
        }
    }

    /// Whether the role has a right anywhere.
    pub fn has(&self, right: Right) -> bool {
        self.role.rights().contains(&right)
    }

    /// Whether a right reaches a layer and a village; what nobody named is not reached by a limited one.
    pub fn may(&self, right: Right, layer: Option<Layer>, village: Option<&VillageCode>) -> bool {
        self.has(right)
            && match &self.scope {
                _ if !right.is_scoped() => true,
                Scope::Everything => true,
                Scope::Layers(layers) => layer.is_some_and(|layer| layers.contains(&layer)),
                Scope::Area(area) => village.is_some_and(|village| area.contains(village)),
                Scope::Village(own) => village == Some(own),
            }
    }
}

/// Who asks: an account, with the rights that it has here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The account.
    pub account: AccountName,
    /// Its name in full.
    pub full_name: Option<String>,
    /// Its role.
    pub grant: Grant,
    /// The rights of the token that stands for it; none where it signed in by password.
    pub token_rights: Option<Vec<Right>>,
}

impl Visitor {
    /// Whether it has a right anywhere: a token has at most those of its account.
    pub fn has(&self, right: Right) -> bool {
        let of_token = self.token_rights.as_ref();
        self.grant.has(right) && of_token.is_none_or(|rights| rights.contains(&right))
    }

    /// Whether it has a right for a layer and a village, as [`Grant::may`].
    pub fn may(&self, right: Right, layer: Option<Layer>, village: Option<&VillageCode>) -> bool {
        self.has(right) && self.grant.may(right, layer, village)
    }
}

/// The name of an account.
///
/// Invariant: 2 to 40 small letters, digits, `.`, `_` and `-`, a letter first; no name under which the program acts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AccountName(String);

/// Text that cannot be the name of an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` cannot be an account's name: 2 to 40 small letters, digits, `.`, `_` and `-`, a letter first; not jangkau or sample"
)]
pub struct AccountNameError(String);

/// Longest name of an account, in bytes.
const MAX_NAME_BYTES: usize = 40;

/// Names under which the program itself acts.
const OWN_NAMES: &[&str] = &["jangkau", "sample"];

impl AccountName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = AccountNameError;

    fn from_str(text: &str) -> Result<Self, AccountNameError> {
        let is_plain = text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte)
        });
        let is_name = is_plain
            && (2..=MAX_NAME_BYTES).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && !OWN_NAMES.contains(&text);
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err(AccountNameError(text.to_owned()))
        }
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role, layers: &[Layer], area: Option<&str>) -> Grant {
        Grant::try_new(role, layers, area).unwrap()
    }

    fn village(code: &str) -> VillageCode {
        VillageCode::parse(code).unwrap()
    }

    #[test]
    fn every_role_reads_and_only_the_admin_manages_accounts() {
        for role in Role::ALL {
            assert!(role.rights().contains(&Right::ReadCurrent), "{role}");
            let manages = role.rights().contains(&Right::ManageAccounts);
            assert_eq!(manages, *role == Role::Admin, "{role}");
        }
        assert!(!Role::Auditor.rights().contains(&Right::Import));
        assert_eq!(Role::Admin.rights(), Right::ALL);
    }

    #[test]
    fn a_dinas_changes_its_layers_only_and_reads_all() {
        let dinas = grant(Role::Dinas, &[Layer::Schools, Layer::Clinics], None);
        assert_eq!(dinas.layers(), ["clinics", "schools"]);
        assert!(dinas.may(Right::Import, Some(Layer::Clinics), None));
        assert!(!dinas.may(Right::Import, Some(Layer::Roads), None));
        assert!(!dinas.may(Right::Import, None, None));
        assert!(!dinas.may(Right::Publish, Some(Layer::Clinics), None));
        assert!(dinas.may(Right::ReadCurrent, Some(Layer::Roads), None));
    }

    #[test]
    fn a_camat_and_a_desa_correct_what_lies_in_their_area_only() {
        let (inside, beside) = (village("15.03.01.2001"), village("15.03.10.2001"));
        let camat = grant(Role::Camat, &[], Some("15.03.01"));
        let desa = grant(Role::Desa, &[], Some("15.03.01.2001"));
        for each in [camat, desa] {
            assert!(each.may(Right::Correct, None, Some(&inside)), "{each:?}");
            assert!(!each.may(Right::Correct, None, Some(&beside)), "{each:?}");
            assert!(!each.may(Right::Correct, None, None), "{each:?}");
            let import = each.may(Right::Import, None, Some(&inside));
            assert!(!import, "{each:?}");
        }
        let neighbour = village("15.03.01.2002");
        assert!(!grant(Role::Desa, &[], Some("15.03.01.2001")).may(
            Right::Correct,
            None,
            Some(&neighbour)
        ));
    }

    #[test]
    fn a_scope_that_a_role_lacks_or_does_not_have_is_refused() {
        let refused =
            |role, layers: &[Layer], area| Grant::try_new(role, layers, area).unwrap_err();
        assert_eq!(refused(Role::Dinas, &[], None), GrantError::NoLayers);
        assert_eq!(
            refused(Role::Camat, &[], None),
            GrantError::NoArea(Role::Camat)
        );
        let not_scoped = GrantError::NotScoped(Role::Admin, "layers");
        assert_eq!(refused(Role::Admin, &[Layer::Roads], None), not_scoped);
        let not_scoped = GrantError::NotScoped(Role::Planner, "area");
        assert_eq!(refused(Role::Planner, &[], Some("15.03")), not_scoped);
        let of_kecamatan = refused(Role::Desa, &[], Some("15.03.01"));
        assert!(matches!(of_kecamatan, GrantError::Area(_)));
    }

    #[test]
    fn a_token_has_no_more_rights_than_its_account() {
        let visitor = Visitor {
            account: "siti".parse().unwrap(),
            full_name: None,
            grant: grant(Role::Planner, &[], None),
            token_rights: Some(vec![Right::ReadCurrent, Right::Import]),
        };
        assert!(visitor.has(Right::ReadCurrent));
        assert!(!visitor.has(Right::Import), "a planner does not import");
        assert!(!visitor.has(Right::ManageTokens), "the token has it not");
    }

    #[test]
    fn a_name_is_plain_and_none_of_ours() {
        for good in ["siti", "budi.s-2", "a1"] {
            assert_eq!(good.parse::<AccountName>().unwrap().as_str(), good);
        }
        let long = "a".repeat(41);
        for bad in [
            "", "a", "Siti", "1a", "si ti", "jangkau", "sample", "é́a", &long,
        ] {
            assert!(bad.parse::<AccountName>().is_err(), "{bad}");
        }
    }
}
