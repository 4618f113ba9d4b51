//! Dated lists of village codes.

use serde::Serialize;
use serde_json::json;

use super::audit::AuditEntry;
use super::database::Database;
use super::error::StoreError;
use super::reading::read;
use crate::domain::{AuditAction, BpsVillages, CodeList, VillageCode};

/// An edition of a list of codes, without its codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeListEntry {
    /// When it came out.
    pub edition: String,
    /// The decree or the office that it is from.
    pub source: String,
    /// Whether it came with the program.
    pub is_shipped: bool,
    /// Codes of the provinces that it has villages of.
    pub provinces: Vec<String>,
    /// Districts that it has villages of.
    pub n_districts: i64,
    /// Villages on it.
    pub n_codes: i64,
    /// Villages of which it gives the code of BPS, too.
    pub n_bps: i64,
    /// Who loaded it.
    pub loaded_by: String,
    /// When, in UTC.
    pub loaded_at: String,
}

/// Who brings a list of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOrigin<'a> {
    /// The program itself.
    Shipped,
    /// Somebody of this name.
    LoadedBy(&'a str),
}

impl Database {
    /// Keeps an edition of a list; it replaces the one of the same edition, source and origin.
    ///
    /// # Errors
    /// A code is twice in it, or the database cannot be reached; then nothing has changed.
    pub async fn keep_codes(
        &self,
        list: &CodeList,
        origin: ListOrigin<'_>,
    ) -> Result<(), StoreError> {
        let doing = "keep a list of codes";
        let (is_shipped, loaded_by) = match origin {
            ListOrigin::Shipped => (true, "jangkau"),
            ListOrigin::LoadedBy(name) => (false, name),
        };
        let codes: Vec<&str> = list.codes.iter().map(|each| each.code.as_str()).collect();
        let names: Vec<&str> = list.codes.iter().map(|each| each.name.as_str()).collect();
        let kecamatan: Vec<Option<&str>> = list
            .codes
            .iter()
            .map(|each| each.kecamatan.as_deref())
            .collect();
        let bps: Vec<Option<&str>> = list.codes.iter().map(|each| each.bps.as_deref()).collect();
        let mut client = self.app().await?;
        let tx = client.transaction().await.map_err(StoreError::sql(doing))?;
        tx.execute(
            include_str!("sql/delete_code_list.sql"),
            &[&list.edition, &list.source, &is_shipped],
        )
        .await
        .map_err(StoreError::sql(doing))?;
        let id: i64 = tx
            .query_one(
                include_str!("sql/insert_code_list.sql"),
                &[&list.edition, &list.source, &is_shipped, &codes, &loaded_by],
            )
            .await
            .map_err(StoreError::sql(doing))?
            .get("id");
        tx.execute(
            include_str!("sql/insert_listed_codes.sql"),
            &[&id, &codes, &names, &kecamatan, &bps],
        )
        .await
        .map_err(StoreError::sql(doing))?;
        let entry = AuditEntry {
            actor: loaded_by,
            action: AuditAction::LoadCodes,
            subject: &format!("codes {}", list.edition),
            details: json!({ "source": list.source, "n_codes": codes.len() }),
        };
        entry.append(&tx).await?;
        tx.commit().await.map_err(StoreError::sql(doing))
    }

    /// Whether the list that comes with the program is there in this edition.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn has_shipped_codes(&self, list: &CodeList) -> Result<bool, StoreError> {
        let client = self.app().await?;
        let row = client
            .query_one(
                include_str!("sql/has_shipped_codes.sql"),
                &[&list.edition, &list.source],
            )
            .await
            .map_err(StoreError::sql("look for the list of codes"))?;
        Ok(row.get(0))
    }

    /// The editions that are there, the newest first.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn code_lists(&self) -> Result<Vec<CodeListEntry>, StoreError> {
        let client = self.app().await?;
        read(
            &**client,
            "list the lists of codes",
            include_str!("sql/list_code_lists.sql"),
            &[],
            |row| {
                Ok(CodeListEntry {
                    edition: row.get("edition"),
                    source: row.get("source"),
                    is_shipped: row.get("is_shipped"),
                    provinces: row.get("provinces"),
                    n_districts: row.get("n_districts"),
                    n_codes: row.get("n_codes"),
                    n_bps: row.get("n_bps"),
                    loaded_by: row.get("loaded_by"),
                    loaded_at: row.get("loaded_at"),
                })
            },
        )
        .await
    }

    /// Which village each code of BPS means, as the newest list that has it says.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn bps_villages(&self) -> Result<BpsVillages, StoreError> {
        let client = self.app().await?;
        let pairs = read(
            &**client,
            "look up codes of BPS",
            include_str!("sql/list_bps_villages.sql"),
            &[],
            |row| Ok((row.get("bps"), VillageCode::from_stored(row.get("code")))),
        )
        .await?;
        Ok(pairs.into_iter().collect())
    }
}
