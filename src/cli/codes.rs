//! `jangkau codes`: which lists of village codes are there, and new ones.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::arguments::{Codes, CodesCommand};
use super::commands::COMMAND_LINE;
use super::error::CliError;
use super::output::{print_json, print_line};
use crate::app::{CodeListEntry, CodesToLoad, Database, code_lists, load_codes};
use crate::ingest::ReaderCommand;

pub(super) async fn codes(
    database: &Database,
    typed: &Codes,
    json: bool,
    cancel: Arc<AtomicBool>,
) -> Result<(), CliError> {
    let Some(CodesCommand::Load(typed)) = &typed.command else {
        let lists = code_lists(database).await?;
        if json {
            return Ok(print_json(&lists)?);
        }
        for list in &lists {
            print_list(list)?;
        }
        return Ok(());
    };
    let to_load = CodesToLoad {
        file: &typed.file,
        edition: &typed.edition,
        source: &typed.source,
        loaded_by: COMMAND_LINE,
    };
    let reader = ReaderCommand::this_program()?;
    let loaded = load_codes(database, &reader, &to_load, cancel).await?;
    if json {
        return Ok(print_json(&loaded)?);
    }
    print_list(&loaded)
}

fn print_list(list: &CodeListEntry) -> Result<(), CliError> {
    let CodeListEntry {
        edition,
        source,
        n_codes,
        n_districts,
        n_bps,
        ..
    } = list;
    let from = if list.is_shipped {
        "with the program".to_owned()
    } else {
        format!("loaded {}", list.loaded_at)
    };
    print_line(format!(
        "{edition:<10} {source}: {n_codes} villages in {n_districts} districts of {}, {n_bps} with codes of BPS; {from}",
        list.provinces.join(", ")
    ))?;
    Ok(())
}
