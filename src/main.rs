//! The program.

use std::process::ExitCode;

use jangkau::ingest::{ReaderCommand, reader};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(ReaderCommand::ARGUMENT) {
        return reader::run();
    }
    ExitCode::SUCCESS
}
