//! `jangkau audit`: what was done, by whom, and whether anybody touched the trail since.

use serde_json::json;

use super::arguments::Audit;
use super::error::CliError;
use super::output::{print_json, print_line};
use crate::app::{AppError, AuditChoice, Database, audit_json, export_audit, hexadecimal};
use crate::domain::AuditRow;

/// Rows printed before the rest is left to a file.
const MAX_PRINTED: usize = 1000;

pub(super) async fn audit(database: &Database, typed: &Audit, json: bool) -> Result<(), CliError> {
    if typed.verify {
        return verify(database, json).await;
    }
    let choice = AuditChoice {
        since: typed.since.clone(),
        subject: typed.subject.clone(),
    };
    if let Some(out) = &typed.out {
        let n_rows = export_audit(database, &choice, out).await?;
        if json {
            return Ok(print_json(&json!({ "file": out, "rows": n_rows }))?);
        }
        print_line(format!("{n_rows} rows written to {}", out.display()))?;
        return Ok(());
    }
    let mut rows = database.audit_page(&choice, 0).await?;
    let mut has_more = false;
    while let Some(last) = rows.last().map(|row| row.seq) {
        let next = database.audit_page(&choice, last).await?;
        if next.is_empty() {
            break;
        }
        has_more = true;
        rows.extend(next);
        // The newest are what somebody at a terminal looks for.
        rows.drain(..rows.len().saturating_sub(MAX_PRINTED));
    }
    if json {
        let rows: Vec<_> = rows.iter().map(audit_json).collect();
        return Ok(print_json(&rows)?);
    }
    if has_more {
        print_line("only the newest are shown; --out FILE writes all, --since DATE chooses")?;
    }
    for row in &rows {
        print_row(row)?;
    }
    Ok(())
}

fn print_row(row: &AuditRow) -> Result<(), CliError> {
    let AuditRow {
        seq,
        at,
        actor,
        action,
        subject,
        details,
        ..
    } = row;
    print_line(format!(
        "{seq:>6} {at} {actor}: {action} {subject} {details}"
    ))?;
    Ok(())
}

async fn verify(database: &Database, json: bool) -> Result<(), CliError> {
    let verified = database.verify_audit().await?;
    if json {
        print_json(&match &verified {
            Ok(chain) => json!({
                "whole": true,
                "rows": chain.n_rows(),
                "last_hash": hexadecimal(chain.last_hash()),
            }),
            Err(broken) => json!({ "whole": false, "seq": broken.seq, "cause": broken.cause }),
        })?;
    }
    let chain = verified.map_err(AppError::AuditBroken)?;
    if !json {
        print_line(format!(
            "{} rows, each as it was written; the last has hash {}",
            chain.n_rows(),
            hexadecimal(chain.last_hash())
        ))?;
    }
    Ok(())
}
