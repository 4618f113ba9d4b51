//! What can be typed of accounts and tokens.

use clap::{Args, Subcommand};

use crate::domain::{AccountName, Layer, Right, Role};

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Make an account; the link that sets its password is printed once.
    Add(AccountAdd),
    /// List the accounts.
    List,
    /// End the sessions of an account and let it sign in no longer; its tokens are refused, too.
    Disable {
        /// Its name.
        name: String,
    },
    /// Let a disabled account sign in again.
    Enable {
        /// Its name.
        name: String,
    },
    /// Give an account another role.
    Role {
        /// Its name.
        name: String,
        /// Its new role.
        role: Role,
        #[command(flatten)]
        grant: GrantTyped,
    },
    /// Print a new link to set a password with; earlier links of the account end.
    Link {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct AccountAdd {
    /// 2 to 40 small letters, digits, `.`, `_` and `-`, a letter first.
    pub(super) name: AccountName,
    /// admin, editor, planner, auditor, dinas, camat or desa.
    #[arg(long)]
    pub(super) role: Role,
    #[command(flatten)]
    pub(super) grant: GrantTyped,
    /// The person, or the office.
    #[arg(long, value_name = "NAME")]
    pub(super) full_name: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct GrantTyped {
    /// The layers that a dinas keeps.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(super) layers: Vec<Layer>,
    /// Code of the kecamatan of a camat, or of the village of a desa.
    #[arg(long, value_name = "CODE")]
    pub(super) area: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make a token for a program; it is printed once.
    Add(TokenAdd),
    /// List the tokens.
    List {
        /// Only those of this account.
        #[arg(long, value_name = "NAME")]
        account: Option<String>,
    },
    /// Revoke a token.
    Revoke {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct TokenAdd {
    /// A name of its own, such as qgis-siti.
    pub(super) name: AccountName,
    /// The account that it stands for.
    #[arg(long, value_name = "NAME")]
    pub(super) account: String,
    /// What it may do of what the account may: read, import, correct, publish, read-audit.
    #[arg(long, value_name = "A,B", value_delimiter = ',', required = true)]
    pub(super) rights: Vec<Right>,
    /// Days until it expires, at most a year.
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub(super) expires_days: u16,
}
