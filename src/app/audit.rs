//! The audit trail as a file.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::AppError;
use crate::domain::AuditRow;
use crate::publish::{Cell, DecimalMark, UnfinishedFile, csv_head, csv_row};
use crate::store::{AuditChoice, Database};

/// Headings of the file for spreadsheets.
const HEADINGS: [&str; 8] = [
    "seq",
    "at",
    "actor",
    "action",
    "subject",
    "details",
    "previous_hash",
    "hash",
];

#[derive(Debug, Clone, Copy)]
enum Form {
    Csv,
    Json,
}

/// Writes the rows that are chosen, a page at a time, and returns how many there are.
///
/// `.json` has each row with `text`, what its hash is of; `.csv` is for reading: what a spreadsheet could take for a
/// formula gets an apostrophe before it.
///
/// # Errors
/// The suffix is of neither, the file cannot be written, or the database cannot be reached.
pub async fn export_audit(
    database: &Database,
    choice: &AuditChoice,
    out: &Path,
) -> Result<u64, AppError> {
    let form = match out.extension().and_then(|suffix| suffix.to_str()) {
        Some("csv") => Form::Csv,
        Some("json") => Form::Json,
        _ => {
            return Err(AppError::Usage(format!(
                "cannot write {}: its suffix must be .csv or .json",
                out.display()
            )));
        }
    };
    let mut file = UnfinishedFile::begin(out)?;
    file.write(
        match form {
            Form::Csv => csv_head(&HEADINGS).into_bytes(),
            Form::Json => b"[".to_vec(),
        }
        .as_slice(),
    )?;
    let mut n_rows = 0;
    let mut after = 0;
    loop {
        let rows = database.audit_page(choice, after).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in &rows {
            let text = match form {
                Form::Csv => csv_row(&cells(row), DecimalMark::Point),
                Form::Json => {
                    let comma = if n_rows == 0 { "" } else { "," };
                    format!("{comma}\n{}", audit_json(row))
                }
            };
            file.write(text.as_bytes())?;
            n_rows += 1;
        }
    }
    if let Form::Json = form {
        file.write(b"\n]\n")?;
    }
    file.finish()?;
    Ok(n_rows)
}

/// Rows as a whole file of `.csv`.
pub fn audit_csv(rows: &[AuditRow]) -> String {
    let lines = rows
        .iter()
        .map(|row| csv_row(&cells(row), DecimalMark::Point));
    lines.fold(csv_head(&HEADINGS), |text, line| text + &line)
}

/// A row as JSON: its parts, its hashes in hexadecimal, and `text`, what its hash is of.
pub fn audit_json(row: &AuditRow) -> Value {
    json!({
        "seq": row.seq,
        "at": row.at,
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        // What the database holds as JSON is JSON.
        "details": serde_json::from_str::<Value>(&row.details).unwrap_or_default(),
        "previous_hash": hexadecimal(&row.previous_hash),
        "hash": hexadecimal(&row.hash),
        "text": row.text(),
    })
}

fn cells(row: &AuditRow) -> [Cell; 8] {
    [
        Cell::Whole(row.seq),
        Cell::Text(row.at.clone()),
        Cell::Text(row.actor.clone()),
        Cell::Text(row.action.clone()),
        Cell::Text(row.subject.clone()),
        Cell::Text(row.details.clone()),
        Cell::Text(hexadecimal(&row.previous_hash)),
        Cell::Text(hexadecimal(&row.hash)),
    ]
}

/// Two lower-case digits a byte.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
