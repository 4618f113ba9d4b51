//! Accounts: who there is, what they may do, and how they prove to be it. Secrets are kept as hashes.

mod attempts;
mod sessions;
mod tokens;

pub use attempts::Attempt;
pub use tokens::{NewToken, TokenAdded, TokenEntry};

use serde::Serialize;
use serde_json::{Value, json};
use tokio_postgres::{Row, Transaction};

use super::audit::AuditEntry;
use super::database::Database;
use super::error::StoreError;
use super::reading::{read, word};
use crate::domain::{AccountName, AuditAction, Grant, Layer, Visitor};

/// Hours that a link to set a password with works for: a day, to hand it over and be found.
const LINK_HOURS: i32 = 24;

/// An account, without what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountEntry {
    /// Its name.
    pub name: String,
    /// Its name in full.
    pub full_name: Option<String>,
    /// Its role.
    pub role: String,
    /// The layers of a dinas.
    pub layers: Vec<String>,
    /// The code of the area of a camat or a desa.
    pub area: Option<String>,
    /// Whether it has set a password.
    pub has_password: bool,
    /// Whether it may sign in no longer.
    pub is_disabled: bool,
    /// When it was made, in UTC.
    pub created_at: String,
}

/// An account to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Its name.
    pub name: AccountName,
    /// Its name in full.
    pub full_name: Option<String>,
    /// Its role.
    pub grant: Grant,
}

/// An account that may sign in, and the hash of its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInAccount {
    /// Its name.
    pub name: AccountName,
    /// Argon2id, in the form of the PHC; none until a link was used.
    pub password_hash: Option<String>,
}

impl Database {
    /// Makes an account with a link to set its password with; false where one has its name.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn add_account(
        &self,
        account: &NewAccount,
        link_hash: &[u8; 32],
        made_by: &str,
    ) -> Result<bool, StoreError> {
        let doing = "make an account";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        let (name, grant) = (account.name.as_str(), &account.grant);
        let n_inserted = tx
            .execute(
                include_str!("../sql/insert_account.sql"),
                &[
                    &name,
                    &account.full_name,
                    &grant.role().as_str(),
                    &grant.layers(),
                    &grant.area(),
                ],
            )
            .await
            .map_err(StoreError::sql(doing))?;
        if n_inserted == 0 {
            return Ok(false);
        }
        insert_link(&tx, name, link_hash).await?;
        let entry = entry(made_by, AuditAction::AccountAdd, name, of_grant(grant));
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(true)
    }

    /// All accounts, in order of name.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn accounts(&self) -> Result<Vec<AccountEntry>, StoreError> {
        let client = self.app().await?;
        read(
            &**client,
            "list the accounts",
            include_str!("../sql/list_accounts.sql"),
            &[],
            |row| {
                Ok(AccountEntry {
                    name: row.get("name"),
                    full_name: row.get("full_name"),
                    role: row.get("role"),
                    layers: row.get("layers"),
                    area: row.get("area"),
                    has_password: row.get("has_password"),
                    is_disabled: row.get("is_disabled"),
                    created_at: row.get("created_at"),
                })
            },
        )
        .await
    }

    /// Whether anybody can sign in.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn has_passwords(&self) -> Result<bool, StoreError> {
        let client = self.app().await?;
        let row = client
            .query_one(include_str!("../sql/has_passwords.sql"), &[])
            .await
            .map_err(StoreError::sql("look for accounts"))?;
        Ok(row.get(0))
    }

    /// Lets an account sign in, or no longer: then its sessions and links end at once, and its tokens are refused.
    /// False where there is no such account.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn enable_account(
        &self,
        name: &str,
        enabled: bool,
        made_by: &str,
    ) -> Result<bool, StoreError> {
        let doing = "enable or disable an account";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        let statement = include_str!("../sql/set_account_enabled.sql");
        let updated = tx.execute(statement, &[&name, &enabled]).await;
        if updated.map_err(StoreError::sql(doing))? == 0 {
            return Ok(false);
        }
        let action = if enabled {
            AuditAction::AccountEnable
        } else {
            end_sessions(&tx, name, None).await?;
            delete_links(&tx, name).await?;
            AuditAction::AccountDisable
        };
        entry(made_by, action, name, json!({})).append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(true)
    }

    /// Gives an account another role, from its next request on; false where there is no such account.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn set_grant(
        &self,
        name: &str,
        grant: &Grant,
        made_by: &str,
    ) -> Result<bool, StoreError> {
        let doing = "give an account another role";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        let updated = tx
            .execute(
                include_str!("../sql/set_account_grant.sql"),
                &[
                    &name,
                    &grant.role().as_str(),
                    &grant.layers(),
                    &grant.area(),
                ],
            )
            .await;
        if updated.map_err(StoreError::sql(doing))? == 0 {
            return Ok(false);
        }
        let entry = entry(made_by, AuditAction::AccountRole, name, of_grant(grant));
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(true)
    }

    /// Gives an account a link in the place of earlier ones; false where there is no such account, or it is disabled.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn add_link(
        &self,
        name: &str,
        link_hash: &[u8; 32],
        made_by: &str,
    ) -> Result<bool, StoreError> {
        let doing = "make a link";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        if !insert_link(&tx, name, link_hash).await? {
            return Ok(false);
        }
        let entry = entry(made_by, AuditAction::AccountLink, name, json!({}));
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(true)
    }

    /// The account of a link that works.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn find_link(&self, link_hash: &[u8; 32]) -> Result<Option<AccountName>, StoreError> {
        let client = self.app().await?;
        let row = client
            .query_opt(
                include_str!("../sql/find_sign_in_link.sql"),
                &[&link_hash.as_slice()],
            )
            .await
            .map_err(StoreError::sql("look for a link"))?;
        row.map(|row| word(&row, "account")).transpose()
    }

    /// Uses a link: sets the password, ends what sessions there are and begins one; none where it does not work.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn use_link(
        &self,
        link_hash: &[u8; 32],
        password_hash: &str,
        session_hash: &[u8; 32],
    ) -> Result<Option<AccountName>, StoreError> {
        let doing = "set a password by a link";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        let row = tx
            .query_opt(
                include_str!("../sql/use_sign_in_link.sql"),
                &[&link_hash.as_slice()],
            )
            .await
            .map_err(StoreError::sql(doing))?;
        let Some(row) = row else { return Ok(None) };
        let account: AccountName = word(&row, "account")?;
        let name = account.as_str();
        set_password(&tx, name, password_hash).await?;
        end_sessions(&tx, name, None).await?;
        sessions::insert(&tx, name, session_hash).await?;
        let entry = entry(
            name,
            AuditAction::PasswordSet,
            name,
            json!({ "by": "link" }),
        );
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(Some(account))
    }

    /// An account that may sign in, by its name.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn find_account(&self, name: &str) -> Result<Option<SignInAccount>, StoreError> {
        let client = self.app().await?;
        let row = client
            .query_opt(include_str!("../sql/find_account.sql"), &[&name])
            .await
            .map_err(StoreError::sql("look for an account"))?;
        row.map(|row| {
            Ok(SignInAccount {
                name: word(&row, "name")?,
                password_hash: row.get("password_hash"),
            })
        })
        .transpose()
    }

    /// Sets the password of an account, and ends its sessions but one.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn change_password(
        &self,
        account: &AccountName,
        password_hash: &str,
        session_hash: &[u8; 32],
    ) -> Result<(), StoreError> {
        let doing = "set a password";
        let name = account.as_str();
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        set_password(&tx, name, password_hash).await?;
        end_sessions(&tx, name, Some(session_hash)).await?;
        let entry = entry(name, AuditAction::PasswordSet, name, json!({}));
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))
    }
}

/// What is noted of an account.
fn entry<'a>(
    actor: &'a str,
    action: AuditAction,
    account: &'a str,
    details: Value,
) -> AuditEntry<'a> {
    AuditEntry {
        actor,
        action,
        subject: account,
        details,
    }
}

fn of_grant(grant: &Grant) -> Value {
    json!({ "role": grant.role(), "layers": grant.layers(), "area": grant.area() })
}

/// Who a row is of.
fn visitor(row: &Row, token_rights: Option<Vec<String>>) -> Result<Visitor, StoreError> {
    let role = word(row, "role")?;
    let layers = row.get::<_, Vec<String>>("layers");
    let layers = layers.iter().map(|layer| layer.parse::<Layer>());
    let layers: Result<Vec<Layer>, _> = layers.collect();
    let layers = layers.map_err(StoreError::unreadable("layers"))?;
    let area: Option<&str> = row.get("area");
    let rights = token_rights.map(|rights| {
        let rights = rights.iter().map(|right| right.parse());
        rights.collect::<Result<_, _>>()
    });
    Ok(Visitor {
        account: word(row, "name")?,
        full_name: row.get("full_name"),
        grant: Grant::try_new(role, &layers, area).map_err(StoreError::unreadable("role"))?,
        token_rights: rights
            .transpose()
            .map_err(StoreError::unreadable("rights"))?,
    })
}

async fn set_password(
    tx: &Transaction<'_>,
    name: &str,
    password_hash: &str,
) -> Result<(), StoreError> {
    tx.execute(
        include_str!("../sql/set_password.sql"),
        &[&name, &password_hash],
    )
    .await
    .map_err(StoreError::sql("set a password"))?;
    Ok(())
}

async fn end_sessions(
    tx: &Transaction<'_>,
    name: &str,
    but: Option<&[u8; 32]>,
) -> Result<(), StoreError> {
    tx.execute(
        include_str!("../sql/delete_sessions.sql"),
        &[&name, &but.map(<[u8; 32]>::as_slice)],
    )
    .await
    .map_err(StoreError::sql("end the sessions of an account"))?;
    Ok(())
}

async fn delete_links(tx: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute(include_str!("../sql/delete_sign_in_links.sql"), &[&name])
        .await
        .map_err(StoreError::sql("end the links of an account"))?;
    Ok(())
}

/// False where there is no such account, or it is disabled.
async fn insert_link(
    tx: &Transaction<'_>,
    name: &str,
    link_hash: &[u8; 32],
) -> Result<bool, StoreError> {
    delete_links(tx, name).await?;
    let n_inserted = tx
        .execute(
            include_str!("../sql/insert_sign_in_link.sql"),
            &[&link_hash.as_slice(), &name, &LINK_HOURS],
        )
        .await
        .map_err(StoreError::sql("make a link"))?;
    Ok(n_inserted == 1)
}
