//! The command line.

mod app;
mod arguments;
mod audit;
mod check;
mod demo;
mod serve;
mod user;

pub use arguments::Arguments;

use std::io::Write;

use arguments::Command;

/// Does what the command line says; what it has to tell goes to `out`.
pub async fn run(arguments: Arguments, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
    match arguments.command {
        Command::Serve => serve::serve(&arguments.place, out).await,
        Command::Demo => demo::demo(&arguments.place, out).await,
        Command::SetupCode => serve::setup_code(&arguments.place, out).await,
        Command::User(command) => user::run(&arguments.place, command, out).await,
        Command::Audit(command) => audit::run(&arguments.place, command, out).await,
        Command::Check => check::check(&arguments.place, out).await,
        Command::App(command) => app::run(&arguments.place, command, out).await,
        Command::Version => {
            writeln!(out, "onsight {}", env!("CARGO_PKG_VERSION"))?;
            Ok(())
        }
    }
}
