//! Measures the searches of the engine on a graph in plain arrays, for comparison with other programs.
//!
//! `engine one FOLDER OP [--threads N]` answers one operation with one line of JSON: processor and wall time of the
//! operation alone, peak memory of the process, and a sum by which results can be compared.

mod clock;
mod graph;
mod halving;
mod operations;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::Path;

use graph::BenchGraph;
use operations::Operation;

const USAGE: &str = "usage: engine one FOLDER nearest1|knn3|one2all|matrix|iso [--threads N]";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (folder, operation, threads) = match arguments[..] {
        ["one", folder, operation] | ["one", folder, operation, "--bench"] => {
            (folder, operation, NonZeroUsize::MIN)
        }
        ["one", folder, operation, "--threads", threads] => (folder, operation, threads.parse()?),
        _ => return Err(USAGE.into()),
    };
    let operation = Operation::parse(operation).ok_or(USAGE)?;
    let graph = BenchGraph::read(Path::new(folder))?;
    let n_nodes = graph.n_nodes();
    let measured = operation.measure(graph, threads)?;
    let line = serde_json::json!({
        "graph": Path::new(folder).file_name().map(|name| name.to_string_lossy()),
        "nodes": n_nodes,
        "op": operation.name(),
        "threads": threads,
        "cpu_ms": measured.spent.cpu_ms / measured.share,
        "wall_ms": measured.spent.wall_ms / measured.share,
        "frac": measured.share,
        "rss_mib": clock::peak_mib()?,
        "check": measured.check,
    });
    writeln!(io::stdout(), "{line}")?;
    Ok(())
}
