//! `jangkau versions`, `diff`, `rollback`, `duplicates`: what was active, and what is to be.

use std::path::Path;

use serde_json::json;

use super::arguments::{Diff, Duplicates, Rollback, Versions};
use super::commands::COMMAND_LINE;
use super::error::CliError;
use super::output::{print_json, print_line};
use crate::app::{
    Database, Difference, RecordName, RollbackTo, Said, Same, resolve_duplicates, write_difference,
};
use crate::domain::{Counts, DatasetVersionId};

/// Records printed to a person before the rest is only counted.
const MAX_PRINTED: usize = 50;

pub(super) async fn versions(
    database: &Database,
    typed: &Versions,
    json: bool,
) -> Result<(), CliError> {
    match typed.drop_but {
        None => list(database, json).await,
        Some(keep) => drop_old(database, keep, typed.dry_run, json).await,
    }
}

async fn list(database: &Database, json: bool) -> Result<(), CliError> {
    let entries = database.versions().await?;
    if json {
        let entries: Vec<_> = entries
            .iter()
            .map(|entry| {
                json!({
                    "version": entry.version,
                    "active": entry.is_active,
                    "made_by": entry.made_by,
                    "dropped": entry.is_dropped,
                    "sources": entry.sources,
                })
            })
            .collect();
        return Ok(print_json(&entries)?);
    }
    if entries.is_empty() {
        print_line("nothing was imported yet")?;
    }
    for entry in entries {
        let mark = if entry.is_active { "*" } else { " " };
        let dropped = if entry.is_dropped { " (dropped)" } else { "" };
        print_line(format!(
            "{mark} {:>4} {:<15} {:>8} records{dropped}  {}",
            entry.version.id.0,
            entry.version.layer,
            entry.version.n_records,
            entry.version.activated_at,
        ))?;
        for source in entry.sources {
            let facts = source.provenance;
            let said = [facts.producer, facts.date, facts.licence];
            let said: Vec<String> = said.into_iter().flatten().collect();
            print_line(format!(
                "         {}: {}{}{}",
                source.source,
                source.file_names.join(", "),
                if said.is_empty() { "" } else { "; " },
                said.join(", "),
            ))?;
        }
    }
    Ok(())
}

async fn drop_old(
    database: &Database,
    keep: u32,
    dry_run: bool,
    json: bool,
) -> Result<(), CliError> {
    let dropped = database
        .drop_old_records(keep, dry_run, COMMAND_LINE)
        .await?;
    if json {
        return Ok(print_json(
            &json!({ "dry_run": dry_run, "dropped": dropped }),
        )?);
    }
    let done = if dry_run {
        "would be dropped"
    } else {
        "dropped"
    };
    for version in &dropped {
        print_line(format!(
            "{} version {}: {} records {done}",
            version.layer, version.version.0, version.n_records
        ))?;
    }
    if dropped.is_empty() {
        print_line("no version is old enough and unused")?;
    }
    Ok(())
}

pub(super) async fn diff(database: &Database, typed: &Diff, json: bool) -> Result<(), CliError> {
    let version = |version: Option<i64>| version.map(DatasetVersionId);
    let difference = database
        .difference(typed.layer, version(typed.from), version(typed.to))
        .await?;
    if let Some(out) = &typed.out {
        write_difference(&difference, out)?;
    }
    if json {
        return Ok(print_json(&difference)?);
    }
    print_difference(&difference, typed.out.as_deref())
}

fn print_difference(difference: &Difference, out: Option<&Path>) -> Result<(), CliError> {
    let from = difference.from.map_or_else(
        || "nothing".to_owned(),
        |from| format!("version {}", from.0),
    );
    let Counts {
        new,
        changed,
        unchanged,
        missing,
        ..
    } = difference.counts;
    print_line(format!(
        "{}: from {from} to version {}: {new} new, {changed} changed, {unchanged} unchanged, {missing} missing",
        difference.layer, difference.to.0
    ))?;
    for record in difference.records.iter().take(MAX_PRINTED) {
        let fields = if record.fields.is_empty() {
            String::new()
        } else {
            format!(": {}", record.fields.join(", "))
        };
        let name = record.name.as_deref().unwrap_or_default();
        print_line(format!(
            "  {:<8} {} {name}{fields}",
            record.change, record.key
        ))?;
    }
    let n_more = difference.records.len().saturating_sub(MAX_PRINTED);
    if n_more > 0 {
        print_line(format!(
            "  and {n_more} more; --json or --out list them all"
        ))?;
    }
    if let Some(out) = out {
        print_line(format!("written to {}", out.display()))?;
    }
    Ok(())
}

pub(super) async fn rollback(
    database: &Database,
    typed: &Rollback,
    json: bool,
) -> Result<(), CliError> {
    let to = match (typed.to, typed.undo) {
        (_, true) => RollbackTo::BeforeRollback,
        (Some(version), false) => RollbackTo::Version(DatasetVersionId(version)),
        (None, false) => RollbackTo::Previous,
    };
    let activated = database.roll_back(typed.layer, to, COMMAND_LINE).await?;
    if json {
        return Ok(print_json(&activated)?);
    }
    print_line(format!(
        "{}: version {} is active again; jangkau compute brings the results up to it",
        activated.layer, activated.version.0
    ))?;
    Ok(())
}

pub(super) async fn duplicates(
    database: &Database,
    typed: &Duplicates,
    json: bool,
) -> Result<(), CliError> {
    let said = Said {
        same: typed
            .same
            .iter()
            .map(|text| same(text))
            .collect::<Result<_, _>>()?,
        different: typed
            .different
            .iter()
            .map(|text| record_name(text))
            .collect::<Result<_, _>>()?,
        made_by: COMMAND_LINE.to_owned(),
    };
    let report = resolve_duplicates(database, typed.layer, &said).await?;
    if json {
        return Ok(print_json(&report)?);
    }
    print_line(format!(
        "{}: version {} is active",
        report.layer, report.version.0
    ))?;
    for pair in &report.composed.set_aside {
        print_line(format!(
            "  {}:{} stands for {}:{}",
            pair.kept_source, pair.kept_key, pair.source, pair.key
        ))?;
    }
    for pair in &report.composed.look_alikes {
        print_line(format!(
            "  {}:{} and {}:{} seem to be one: {}, {:.0} m",
            pair.source, pair.key, pair.other_source, pair.other_key, pair.name, pair.distance_m
        ))?;
    }
    Ok(())
}

/// `SOURCE:KEY=SOURCE:KEY`.
fn same(text: &str) -> Result<Same, CliError> {
    let (kept, left_out) = text.split_once('=').ok_or_else(|| {
        CliError::usage(format!("cannot take `{text}`: write SOURCE:KEY=SOURCE:KEY"))
    })?;
    Ok(Same {
        kept: record_name(kept)?,
        left_out: record_name(left_out)?,
    })
}

/// `SOURCE:KEY`; only a key may hold colons.
fn record_name(text: &str) -> Result<RecordName, CliError> {
    let (source, key) = text
        .split_once(':')
        .ok_or_else(|| CliError::usage(format!("cannot take `{text}`: write SOURCE:KEY")))?;
    Ok(RecordName {
        source: source.to_owned(),
        key: key.to_owned(),
    })
}
