//! The trail of what was done: its words, its rows, and the chain of hashes that shows when one was touched.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::words::words;

words!(
    /// What was done.
    AuditAction, "action", {
        /// A file became a version of a layer.
        Import = "import",
        /// Another version of a layer was made active.
        Rollback = "rollback",
        /// A rollback was taken back.
        Undo = "undo",
        /// The records of an old version were dropped.
        DropRecords = "drop-records",
        /// Two records were said to be one.
        SaySame = "say-same",
        /// Two records were said to be two.
        SayDifferent = "say-different",
        /// A list of village codes was loaded.
        LoadCodes = "load-codes",
        /// An indicator was computed.
        Compute = "compute",
        /// An account was made.
        AccountAdd = "account-add",
        /// An account may sign in no longer.
        AccountDisable = "account-disable",
        /// An account may sign in again.
        AccountEnable = "account-enable",
        /// An account got another role.
        AccountRole = "account-role",
        /// An account got a link to set its password with.
        AccountLink = "account-link",
        /// An account set its password.
        PasswordSet = "password-set",
        /// Somebody signed in.
        SignIn = "sign-in",
        /// A token was made.
        TokenAdd = "token-add",
        /// A token was revoked.
        TokenRevoke = "token-revoke",
    }
);

/// A row of the trail as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Counted from 1 without a gap.
    pub seq: i64,
    /// When, in UTC to the microsecond, by the clock of the database: `2026-11-24T08:00:00.000000Z`.
    pub at: String,
    /// Who.
    pub actor: String,
    /// What; a newer program may write words that this one does not know.
    pub action: String,
    /// To what.
    pub subject: String,
    /// The rest, JSON exactly as the database writes it.
    pub details: String,
    /// Hash of the row before.
    pub previous_hash: Vec<u8>,
    /// Hash of this row.
    pub hash: Vec<u8>,
}

impl AuditRow {
    /// The row as one text, each part after its length in bytes: what is hashed after the hash of the row before.
    pub fn text(&self) -> String {
        let seq = self.seq.to_string();
        let parts = [
            &seq,
            &self.at,
            &self.actor,
            &self.action,
            &self.subject,
            &self.details,
        ];
        let mut text = String::new();
        for (place, part) in parts.into_iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            // Writing into a text cannot fail.
            let _ = write!(text, "{comma}{}:{part}", part.len());
        }
        text
    }
}

/// The rows that were found to follow each other, from the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditChain {
    n_rows: i64,
    last_at: String,
    last_hash: Vec<u8>,
}

/// The first row of a trail that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {seq} {cause}")]
pub struct AuditBreak {
    /// Its number.
    pub seq: i64,
    /// What is wrong with it.
    pub cause: &'static str,
}

impl Default for AuditChain {
    fn default() -> Self {
        Self {
            n_rows: 0,
            last_at: String::new(),
            // What the first row has for the hash of the row before.
            last_hash: vec![0; 32],
        }
    }
}

impl AuditChain {
    /// How many rows it has.
    pub fn n_rows(&self) -> i64 {
        self.n_rows
    }

    /// Hash of its last row: kept elsewhere, it shows whether rows were cut off at the end, or all written anew.
    pub fn last_hash(&self) -> &[u8] {
        &self.last_hash
    }

    /// Takes the next row.
    ///
    /// # Errors
    /// It is not the next, or not as it was written.
    pub fn add(&mut self, row: &AuditRow) -> Result<(), AuditBreak> {
        let seq = self.n_rows + 1;
        let broken = |cause| Err(AuditBreak { seq, cause });
        if row.seq != seq {
            return broken("is missing");
        }
        if row.previous_hash != self.last_hash {
            return broken("does not follow the row before it");
        }
        if row.at < self.last_at {
            return broken("is earlier than the row before it");
        }
        let mut hash = Sha256::new();
        hash.update(&row.previous_hash);
        hash.update(row.text());
        if row.hash != hash.finalize()[..] {
            return broken("is not as it was written");
        }
        self.n_rows = seq;
        row.at.clone_into(&mut self.last_at);
        row.hash.clone_into(&mut self.last_hash);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(subject: &str, details: &str) -> AuditRow {
        AuditRow {
            seq: 1,
            at: "2026-11-24T08:00:00.000000Z".to_owned(),
            actor: "siti".to_owned(),
            action: "import".to_owned(),
            subject: subject.to_owned(),
            details: details.to_owned(),
            previous_hash: vec![0; 32],
            hash: Vec::new(),
        }
    }

    #[test]
    fn two_rows_whose_parts_run_together_have_two_texts() {
        assert_ne!(row("a", "1:b,1:c").text(), row("a,7:1:b", "c").text());
        assert_eq!(
            row("désa", "{}").text(),
            "1:1,27:2026-11-24T08:00:00.000000Z,4:siti,6:import,5:désa,2:{}"
        );
    }

    #[test]
    fn a_row_without_its_own_hash_breaks_the_chain() {
        let mut chain = AuditChain::default();
        let broken = chain.add(&row("villages", "{}")).unwrap_err();
        assert_eq!(broken.to_string(), "row 1 is not as it was written");
        assert_eq!(chain, AuditChain::default());
    }
}
