//! The `assay` command.

use std::process::ExitCode;

/// Verifying and answering take many small pieces of memory: with this, a seventh more badges are verified a second.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    assay::cli::run()
}
