//! The program: everything is in the library, this is its door.

use std::process::ExitCode;

fn main() -> ExitCode {
    jangkau::cli::run(std::env::args_os())
}
