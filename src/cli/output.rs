//! What a command says: one JSON document, or lines for a person.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::domain::{Counts, Finding, ImportReport, SAMPLE_NOTICE};
use crate::ingest::Inspection;

/// Findings printed to a person before the rest is only counted; `--json` has them all.
const MAX_PRINTED_FINDINGS: usize = 50;

/// Records of a layer printed to a person who looks into a file; `--json` has twenty.
const MAX_PRINTED_ROWS: usize = 3;

/// Characters of a value printed there.
const MAX_PRINTED_CHARACTERS: usize = 40;

/// Writes one JSON document to standard output.
pub(super) fn print_json(document: &impl Serialize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, document)?;
    writeln!(out)
}

/// Writes lines to standard output.
pub(super) fn print_line(line: impl AsRef<str>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", line.as_ref())?;
    out.flush()
}

/// Says what an import did, counts first, then every finding with its place and its remedy.
pub(super) fn print_import(report: &ImportReport) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", import_headline(report))?;
    let Counts {
        new,
        changed,
        unchanged,
        missing,
        rejected,
        warnings,
    } = report.counts;
    writeln!(
        out,
        "  {new} new, {changed} changed, {unchanged} unchanged, {missing} missing, {rejected} rejected, {warnings} warnings"
    )?;
    for (label, value) in [
        ("coordinate system", &report.crs),
        ("encoding", &report.encoding),
    ] {
        if let Some(value) = value {
            writeln!(out, "  {label}: {value}")?;
        }
    }
    let fed = report
        .columns
        .iter()
        .filter_map(|column| Some(format!("{} from {}", column.field.as_ref()?, column.column)));
    let fed: Vec<String> = fed.collect();
    if !fed.is_empty() {
        writeln!(out, "  fields: {}", fed.join(", "))?;
    }
    print_findings(&mut out, &report.rows)
}

/// Says what a file holds, layer by layer.
pub(super) fn print_inspection(inspection: &Inspection) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for layer in &inspection.layers {
        let count = layer
            .n_features
            .map_or_else(|| "?".to_owned(), |n_features| n_features.to_string());
        let kind = layer.geometry.as_deref().unwrap_or("table");
        writeln!(
            out,
            "{} ({}, {count} features, {kind})",
            layer.name, layer.format
        )?;
        for (label, value) in [
            ("coordinate system", &layer.crs),
            ("encoding", &layer.encoding),
        ] {
            if let Some(value) = value {
                writeln!(out, "  {label}: {value}")?;
            }
        }
        for reading in &layer.readings {
            let texts = reading.texts.join(" | ");
            writeln!(out, "    as {}: {texts}", reading.encoding)?;
        }
        if let Some([west, south, east, north]) = layer.extent {
            writeln!(
                out,
                "  extent: longitude {west:.4} to {east:.4}, latitude {south:.4} to {north:.4}"
            )?;
        }
        writeln!(out, "  columns: {}", layer.fields.join(", "))?;
        for row in layer.first_rows.iter().take(MAX_PRINTED_ROWS) {
            let values = row.iter().map(|value| value.as_deref().unwrap_or("–"));
            let values: Vec<String> = values.map(one_line).collect();
            writeln!(out, "    {}", values.join(" | "))?;
        }
    }
    print_findings(&mut out, &inspection.findings)
}

/// A value that breaks no line and is no command to a terminal.
fn one_line(value: &str) -> String {
    let plain = |character: char| {
        if character.is_control() {
            ' '
        } else {
            character
        }
    };
    value
        .chars()
        .take(MAX_PRINTED_CHARACTERS)
        .map(plain)
        .collect()
}

/// Says what was found, each with its place and its remedy.
pub(super) fn print_findings(out: &mut impl Write, rows: &[Finding]) -> io::Result<()> {
    for row in rows.iter().take(MAX_PRINTED_FINDINGS) {
        print_finding(out, row)?;
    }
    let n_more = rows.len().saturating_sub(MAX_PRINTED_FINDINGS);
    if n_more > 0 {
        writeln!(out, "  and {n_more} more; --json lists them all")?;
    }
    Ok(())
}

fn import_headline(report: &ImportReport) -> String {
    let ImportReport { layer, source, .. } = report;
    match (report.version, report.activated) {
        (_, false) if report.dry_run => format!("{layer}: tried only, nothing was changed"),
        (Some(version), true) => {
            format!("{layer}: version {} from `{source}` is active", version.0)
        }
        (Some(version), false) => format!(
            "{layer}: the same content is already active as version {}",
            version.0
        ),
        (None, _) if report.has_errors() => format!("{layer}: refused, nothing was changed"),
        (None, _) => format!("{layer}: nothing was imported"),
    }
}

fn print_finding(out: &mut impl Write, row: &Finding) -> io::Result<()> {
    let Finding {
        code,
        severity,
        file,
        fid,
        field,
        value,
        cause,
        mend,
    } = row;
    let feature = fid
        .map(|fid| format!(", feature {fid}"))
        .unwrap_or_default();
    let field = field
        .as_ref()
        .map(|field| format!(", column {field}"))
        .unwrap_or_default();
    let value = value
        .as_ref()
        .map(|value| format!(" [{value}]"))
        .unwrap_or_default();
    // What concerns the layer as a whole names no file.
    let place = format!("{file}{feature}{field}{value}");
    match place.trim_start() {
        "" => writeln!(out, "  {severity} {code}: {cause}")?,
        place => writeln!(out, "  {severity} {code}: {place}: {cause}")?,
    }
    writeln!(out, "      {mend}")
}

/// Says on standard error that what follows is invented.
pub(super) fn print_sample_notice() -> io::Result<()> {
    writeln!(io::stderr().lock(), "{SAMPLE_NOTICE}")
}

/// Progress on standard error: a bar on a terminal, a line a stage in a pipe.
pub(super) struct ProgressLine {
    bar: Option<ProgressBar>,
}

impl ProgressLine {
    /// A line that shows nothing yet.
    pub(super) fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg} {pos}/{len} {wide_bar}");
            let bar = ProgressBar::new(0);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar }
    }

    /// Says which stage has begun.
    pub(super) fn stage(&self, stage: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(stage.to_owned());
        } else {
            tracing::info!(stage, "working");
        }
    }

    /// Says how far the stage is.
    pub(super) fn at(&self, done: u64, total: Option<u64>) {
        if let Some(bar) = &self.bar {
            bar.set_length(total.unwrap_or(done));
            bar.set_position(done);
        }
    }

    /// Takes the bar off the screen.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
