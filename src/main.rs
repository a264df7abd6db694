//! The executable: reads the command line, does it, prints what went wrong.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use onsight::cli::{self, Arguments};
use onsight::config::Telling;
use onsight::log::Lines;
use tracing_subscriber::EnvFilter;

/// Pages make and drop many small strings on several threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log(arguments.telling());
    match start(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to tell it to if this cannot be written.
            let _ = writeln!(std::io::stderr(), "onsight: {error:#}");
            ExitCode::from(cli::exit_code(&error))
        }
    }
}

/// Sets up the log: the environment says how much, before the file does.
fn log(telling: Telling) {
    let level = telling.level.unwrap_or_else(|| "warn".to_owned());
    let filter = EnvFilter::try_from_env("ONSIGHT_LOG").unwrap_or_else(|_unset| level.into());
    let is_journald = std::env::var_os("JOURNAL_STREAM").is_some();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .event_format(Lines::new(telling.format, is_journald))
        .with_writer(std::io::stderr)
        .init();
}

fn start(arguments: Arguments) -> anyhow::Result<()> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_twice| anyhow::anyhow!("a TLS provider is installed already"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let done = runtime.block_on(cli::run(arguments, &mut std::io::stdout()));
    // A query that runs on must not hold up the end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done
}
