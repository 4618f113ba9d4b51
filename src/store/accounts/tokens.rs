//! Tokens: what GIS programs and scripts send in the place of a password.

use serde::Serialize;
use serde_json::json;

use super::{entry, visitor};
use crate::domain::{AccountName, AuditAction, Right, Visitor};
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::reading::read;

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Its name, no other token's.
    pub name: AccountName,
    /// The account that it stands for.
    pub account: String,
    /// What it may do of what the account may; at least one.
    pub rights: Vec<Right>,
    /// Days until it expires.
    pub expires_days: u16,
}

/// What became of a token to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAdded {
    /// It is there.
    Added,
    /// Another one has its name.
    NameTaken,
}

/// A token, without what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenEntry {
    /// Its name.
    pub name: String,
    /// The account that it stands for.
    pub account: String,
    /// What it may do.
    pub rights: Vec<String>,
    /// `valid`, `expired` or `revoked`.
    pub state: String,
    /// When it was made, in UTC.
    pub created_at: String,
    /// When it expires, in UTC.
    pub expires_at: String,
    /// When it was used last, in UTC, to the minute; none where it never was.
    pub used_at: Option<String>,
}

impl Database {
    /// Makes a token of an account that there is.
    ///
    /// # Errors
    /// There is no such account, or the database cannot be reached.
    pub async fn add_token(
        &self,
        token: &NewToken,
        token_hash: &[u8; 32],
        made_by: &str,
    ) -> Result<TokenAdded, StoreError> {
        let doing = "make a token";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        let rights: Vec<&str> = token.rights.iter().map(|right| right.as_str()).collect();
        let n_inserted = tx
            .execute(
                include_str!("../sql/insert_api_token.sql"),
                &[
                    &token.name.as_str(),
                    &token.account,
                    &token_hash.as_slice(),
                    &rights,
                    &i32::from(token.expires_days),
                ],
            )
            .await
            .map_err(StoreError::sql(doing))?;
        if n_inserted == 0 {
            return Ok(TokenAdded::NameTaken);
        }
        let details = json!({
            "token": token.name,
            "rights": rights,
            "expires_days": token.expires_days,
        });
        let entry = entry(made_by, AuditAction::TokenAdd, &token.account, details);
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(TokenAdded::Added)
    }

    /// The tokens of an account, or all, in order of name.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn tokens(&self, account: Option<&str>) -> Result<Vec<TokenEntry>, StoreError> {
        let client = self.app().await?;
        read(
            &**client,
            "list the tokens",
            include_str!("../sql/list_api_tokens.sql"),
            &[&account],
            |row| {
                Ok(TokenEntry {
                    name: row.get("name"),
                    account: row.get("account"),
                    rights: row.get("rights"),
                    state: row.get("state"),
                    created_at: row.get("created_at"),
                    expires_at: row.get("expires_at"),
                    used_at: row.get("used_at"),
                })
            },
        )
        .await
    }

    /// Revokes a token, of an account where one is named; false where there is none.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn revoke_token(
        &self,
        name: &str,
        account: Option<&str>,
        made_by: &str,
    ) -> Result<bool, StoreError> {
        let doing = "revoke a token";
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        let row = tx
            .query_opt(
                include_str!("../sql/revoke_api_token.sql"),
                &[&name, &account],
            )
            .await
            .map_err(StoreError::sql(doing))?;
        let Some(row) = row else { return Ok(false) };
        let details = json!({ "token": name });
        let entry = entry(
            made_by,
            AuditAction::TokenRevoke,
            row.get("account"),
            details,
        );
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))?;
        Ok(true)
    }

    /// Who a token stands for; none where it is unknown, revoked or expired, or its account is disabled.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn visitor_of_token(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<Visitor>, StoreError> {
        let client = self.app().await?;
        let row = client
            .query_opt(
                include_str!("../sql/find_api_token.sql"),
                &[&token_hash.as_slice()],
            )
            .await
            .map_err(StoreError::sql("look for a token"))?;
        row.map(|row| visitor(&row, Some(row.get("rights"))))
            .transpose()
    }
}
