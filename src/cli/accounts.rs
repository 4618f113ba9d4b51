//! `jangkau account` and `jangkau token`: who may do what.

use serde_json::json;

use super::accounts_arguments::{AccountCommand, GrantTyped, TokenCommand};
use super::commands::COMMAND_LINE;
use super::error::CliError;
use super::output::{print_json, print_line};
use crate::app::{
    AccountError, AppError, Database, NewAccount, NewToken, add_account, add_link, add_token,
    enable_account, revoke_token, set_grant, sign_in_link,
};
use crate::domain::{Grant, Role, Secret};

pub(super) async fn account(
    database: &Database,
    command: AccountCommand,
    json: bool,
) -> Result<(), CliError> {
    match command {
        AccountCommand::Add(typed) => {
            let account = NewAccount {
                grant: grant(typed.role, &typed.grant)?,
                name: typed.name,
                full_name: typed.full_name,
            };
            let link = add_account(database, &account, COMMAND_LINE).await?;
            print_link(account.name.as_str(), &link, json)
        }
        AccountCommand::List => list(database, json).await,
        AccountCommand::Disable { name } => {
            enable_account(database, &name, false, COMMAND_LINE).await?;
            print_done(&name, "disabled", json)
        }
        AccountCommand::Enable { name } => {
            enable_account(database, &name, true, COMMAND_LINE).await?;
            print_done(&name, "enabled", json)
        }
        AccountCommand::Role {
            name,
            role,
            grant: typed,
        } => {
            let grant = grant(role, &typed)?;
            set_grant(database, &name, &grant, COMMAND_LINE).await?;
            print_done(&name, role.as_str(), json)
        }
        AccountCommand::Link { name } => {
            let link = add_link(database, &name, COMMAND_LINE).await?;
            print_link(&name, &link, json)
        }
    }
}

fn grant(role: Role, typed: &GrantTyped) -> Result<Grant, AppError> {
    let grant = Grant::try_new(role, &typed.layers, typed.area.as_deref());
    Ok(grant.map_err(AccountError::from)?)
}

fn print_link(name: &str, link: &Secret, json: bool) -> Result<(), CliError> {
    let link = sign_in_link(link);
    if json {
        return Ok(print_json(&json!({ "account": name, "link": link }))?);
    }
    print_line(format!(
        "{name} sets a password at this path of the server, once and within a day:"
    ))?;
    Ok(print_line(link)?)
}

fn print_done(name: &str, state: &str, json: bool) -> Result<(), CliError> {
    if json {
        return Ok(print_json(&json!({ "account": name, "state": state }))?);
    }
    Ok(print_line(format!("{name}: {state}"))?)
}

async fn list(database: &Database, json: bool) -> Result<(), CliError> {
    let accounts = database.accounts().await?;
    if json {
        return Ok(print_json(&accounts)?);
    }
    for account in accounts {
        let state = match (account.is_disabled, account.has_password) {
            (true, _) => "disabled",
            (false, true) => "may sign in",
            (false, false) => "has not set a password",
        };
        let scope = account.area.unwrap_or_else(|| account.layers.join(","));
        let full_name = account.full_name.unwrap_or_default();
        print_line(format!(
            "{:<16} {:<8} {scope:<16} {state}  {full_name}",
            account.name, account.role
        ))?;
    }
    Ok(())
}

pub(super) async fn token(
    database: &Database,
    command: TokenCommand,
    json: bool,
) -> Result<(), CliError> {
    match command {
        TokenCommand::Add(typed) => {
            let token = NewToken {
                name: typed.name,
                account: typed.account,
                rights: typed.rights,
                expires_days: typed.expires_days,
            };
            let secret = add_token(database, &token, COMMAND_LINE).await?.text();
            if json {
                return Ok(print_json(&json!({ "name": token.name, "token": secret }))?);
            }
            print_line("the token, shown this once:")?;
            Ok(print_line(secret)?)
        }
        TokenCommand::List { account } => list_tokens(database, account.as_deref(), json).await,
        TokenCommand::Revoke { name } => {
            revoke_token(database, &name, None, COMMAND_LINE).await?;
            if json {
                return Ok(print_json(&json!({ "name": name, "state": "revoked" }))?);
            }
            Ok(print_line(format!("{name}: revoked"))?)
        }
    }
}

async fn list_tokens(
    database: &Database,
    account: Option<&str>,
    json: bool,
) -> Result<(), CliError> {
    let tokens = database.tokens(account).await?;
    if json {
        return Ok(print_json(&tokens)?);
    }
    for token in tokens {
        let used = token.used_at.as_deref().unwrap_or("never");
        print_line(format!(
            "{:<16} of {:<16} {:<8} {}; expires {}, used {used}",
            token.name,
            token.account,
            token.state,
            token.rights.join(","),
            token.expires_at
        ))?;
    }
    Ok(())
}
