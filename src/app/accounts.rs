//! Accounts, signing in, tokens.

use sha2::{Digest, Sha256};

use super::AppError;
use super::password::{hash_password, is_password};
use crate::domain::{
    AccountName, AccountNameError, Grant, GrantError, MAX_PASSWORD_BYTES, Password, PasswordError,
    Right, Role, Secret, UnknownWord,
};
use crate::store::{Attempt, Database, NewAccount, NewToken, StoreError, TokenAdded};

/// The account that the first link is for.
const FIRST_ACCOUNT: &str = "admin";

/// Who makes it.
const FIRST_MADE_BY: &str = "jangkau";

/// Why something with accounts cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// No account of the name.
    #[error("there is no account `{0}` that may sign in: see jangkau account list")]
    NoSuchAccount(String),
    /// The name is taken.
    #[error("there is an account `{0}` already")]
    AccountExists(String),
    /// No token of the name.
    #[error("there is no token `{0}`: see jangkau token list")]
    NoSuchToken(String),
    /// The name is taken.
    #[error("there is a token `{0}` already, perhaps revoked: choose another name")]
    TokenExists(String),
    /// A name that is none.
    #[error(transparent)]
    Name(#[from] AccountNameError),
    /// A role that cannot be given so.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// A token that would do more than its account.
    #[error("a token of a {role} cannot have the right {right}")]
    NotOfRole {
        /// The right.
        right: Right,
        /// The account's role.
        role: Role,
    },
    /// A right that asks for a password.
    #[error("no token has the right {0}")]
    NotForTokens(Right),
    /// A token that may do nothing.
    #[error("a token has at least one right")]
    NoRights,
    /// A link that was used, replaced, has expired, or never was.
    #[error("this link works no longer: it works once, and for a day")]
    LinkInvalid,
    /// A password that may not be chosen.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// Name or password are not right; which is not said.
    #[error("name or password are not right")]
    SignInRefused,
    /// Too many attempts failed.
    #[error("too many attempts failed: try again in {wait_s} s")]
    MustWait {
        /// Seconds until the next attempt.
        wait_s: u64,
    },
}

impl From<AccountNameError> for AppError {
    fn from(error: AccountNameError) -> Self {
        Self::Account(error.into())
    }
}

/// Makes an account; the secret of the link that sets its password is told once.
///
/// # Errors
/// The name is taken, or the database cannot be reached.
pub async fn add_account(
    database: &Database,
    account: &NewAccount,
    made_by: &str,
) -> Result<Secret, AppError> {
    let secret = random_secret()?;
    if !database
        .add_account(account, &secret.hash(), made_by)
        .await?
    {
        let name = account.name.to_string();
        return Err(AccountError::AccountExists(name).into());
    }
    Ok(secret)
}

/// A new link for an account that has lost its password, or never set one.
///
/// # Errors
/// There is no such account, it is disabled, or the database cannot be reached.
pub async fn add_link(database: &Database, name: &str, made_by: &str) -> Result<Secret, AppError> {
    let secret = random_secret()?;
    if !database.add_link(name, &secret.hash(), made_by).await? {
        return Err(AccountError::NoSuchAccount(name.to_owned()).into());
    }
    Ok(secret)
}

/// A link for the first admin, while nobody can sign in and nobody made accounts.
///
/// # Errors
/// The database cannot be reached.
pub async fn first_link(database: &Database) -> Result<Option<Secret>, AppError> {
    if database.has_passwords().await? {
        return Ok(None);
    }
    let accounts = database.accounts().await?;
    let is_first = |name: &str, role: &str| name == FIRST_ACCOUNT && role == Role::Admin.as_str();
    match accounts.as_slice() {
        [] => {
            let first = NewAccount {
                name: FIRST_ACCOUNT.parse()?,
                full_name: None,
                grant: Grant::try_new(Role::Admin, &[], None).map_err(AccountError::from)?,
            };
            Ok(Some(add_account(database, &first, FIRST_MADE_BY).await?))
        }
        [only] if is_first(&only.name, &only.role) && !only.is_disabled => {
            let link = add_link(database, FIRST_ACCOUNT, FIRST_MADE_BY).await?;
            Ok(Some(link))
        }
        _ => Ok(None),
    }
}

/// Lets an account sign in, or no longer.
///
/// # Errors
/// There is no such account, or the database cannot be reached.
pub async fn enable_account(
    database: &Database,
    name: &str,
    enabled: bool,
    made_by: &str,
) -> Result<(), AppError> {
    let is_there = database.enable_account(name, enabled, made_by).await?;
    found(is_there, name)
}

/// Gives an account another role.
///
/// # Errors
/// There is no such account, or the database cannot be reached.
pub async fn set_grant(
    database: &Database,
    name: &str,
    grant: &Grant,
    made_by: &str,
) -> Result<(), AppError> {
    let is_there = database.set_grant(name, grant, made_by).await?;
    found(is_there, name)
}

fn found(is_there: bool, name: &str) -> Result<(), AppError> {
    if is_there {
        Ok(())
    } else {
        Err(AccountError::NoSuchAccount(name.to_owned()).into())
    }
}

/// Whose link this is.
///
/// # Errors
/// The link does not work, or the database cannot be reached.
pub async fn account_of_link(database: &Database, link: &Secret) -> Result<AccountName, AppError> {
    let account = database.find_link(&link.hash()).await?;
    Ok(account.ok_or(AccountError::LinkInvalid)?)
}

/// Sets the password that a link is for, and signs in.
///
/// # Errors
/// The link does not work, the password may not be chosen, or the database cannot be reached; the link stays then.
pub async fn use_link(
    database: &Database,
    link: &Secret,
    password: &str,
) -> Result<Secret, AppError> {
    let account = account_of_link(database, link).await?;
    let password = Password::parse(password, account.as_str()).map_err(AccountError::from)?;
    let hash = hash_password(&password).await?;
    let session = random_secret()?;
    let used = database
        .use_link(&link.hash(), &hash, &session.hash())
        .await?;
    used.ok_or(AccountError::LinkInvalid)?;
    Ok(session)
}

/// Signs in by name and password; `address` is where the attempt comes from.
///
/// Whether the name is unknown, disabled or without a password, the answer is the same and takes the same work.
///
/// # Errors
/// They are not right, or others failed just before.
pub async fn sign_in(
    database: &Database,
    name: &str,
    password: &str,
    address: &str,
) -> Result<Secret, AppError> {
    let name = name.trim().to_lowercase();
    let subjects = subjects(&name, address);
    let account = attempt(database, &name, password, &subjects).await?;
    let session = random_secret()?;
    database
        .begin_session(&account, &session.hash(), &subjects)
        .await?;
    Ok(session)
}

/// Sets another password; every session of the account but this one ends.
///
/// # Errors
/// The old password is not right, the new one may not be chosen, or attempts failed just before.
pub async fn change_password(
    database: &Database,
    account: &AccountName,
    (old, new): (&str, &str),
    session: &Secret,
    address: &str,
) -> Result<(), AppError> {
    let name = account.as_str();
    let new = Password::parse(new, name).map_err(AccountError::from)?;
    let subjects = subjects(name, address);
    attempt(database, name, old, &subjects).await?;
    database.forget_attempts(&subjects).await?;
    let hash = hash_password(&new).await?;
    database
        .change_password(account, &hash, &session.hash())
        .await?;
    Ok(())
}

/// The account of a name and its password.
async fn attempt(
    database: &Database,
    name: &str,
    password: &str,
    subjects: &[[u8; 32]; 2],
) -> Result<AccountName, AppError> {
    if let Attempt::MustWait { wait_s } = database.count_attempt(subjects).await? {
        return Err(AccountError::MustWait { wait_s }.into());
    }
    if MAX_PASSWORD_BYTES < password.len() {
        return Err(AccountError::SignInRefused.into());
    }
    let account = database.find_account(name).await?;
    let stored = account
        .as_ref()
        .and_then(|account| account.password_hash.clone());
    let is_right = is_password(password, stored).await?;
    match account {
        Some(account) if is_right => Ok(account.name),
        _ => Err(AccountError::SignInRefused.into()),
    }
}

/// What attempts are counted by: the name, since many addresses try one, and the address, since one tries many names.
/// As hashes: somebody may have typed a password for a name.
fn subjects(name: &str, address: &str) -> [[u8; 32]; 2] {
    [format!("name:{name}"), format!("address:{address}")].map(|text| Sha256::digest(text).into())
}

/// Makes a token; its secret is told once.
///
/// # Errors
/// There is no such account, the token would do more than it, its name is taken, or the database cannot be reached.
pub async fn add_token(
    database: &Database,
    token: &NewToken,
    made_by: &str,
) -> Result<Secret, AppError> {
    let accounts = database.accounts().await?;
    let account = accounts
        .iter()
        .find(|account| account.name == token.account && !account.is_disabled)
        .ok_or_else(|| AccountError::NoSuchAccount(token.account.clone()))?;
    let role: Role = account.role.parse().map_err(|cause: UnknownWord| {
        AppError::Store(StoreError::Unreadable {
            what: "a role",
            cause: cause.to_string(),
        })
    })?;
    if token.rights.is_empty() {
        return Err(AccountError::NoRights.into());
    }
    for &right in &token.rights {
        if !right.is_for_tokens() {
            return Err(AccountError::NotForTokens(right).into());
        }
        if !role.rights().contains(&right) {
            return Err(AccountError::NotOfRole { right, role }.into());
        }
    }
    let secret = random_secret()?;
    match database.add_token(token, &secret.hash(), made_by).await? {
        TokenAdded::Added => Ok(secret),
        TokenAdded::NameTaken => Err(AccountError::TokenExists(token.name.to_string()).into()),
    }
}

/// Revokes a token, of an account where one is named.
///
/// # Errors
/// There is no such token, or the database cannot be reached.
pub async fn revoke_token(
    database: &Database,
    name: &str,
    account: Option<&str>,
    made_by: &str,
) -> Result<(), AppError> {
    if database.revoke_token(name, account, made_by).await? {
        Ok(())
    } else {
        Err(AccountError::NoSuchToken(name.to_owned()).into())
    }
}

/// The path, on whatever address the server has, that a link leads to.
pub fn sign_in_link(link: &Secret) -> String {
    format!("/sign-in/link/{}", link.text())
}

fn random_secret() -> Result<Secret, AppError> {
    let mut bytes = [0; 32];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(Secret::new(bytes)),
        Err(cause) => Err(AppError::System {
            doing: "make a secret",
            cause: cause.to_string(),
        }),
    }
}
