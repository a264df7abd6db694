//! The command line.

mod app;
mod arguments;
mod audit;
mod backup;
mod check;
mod demo;
mod doctor;
mod evidence;
mod fared;
mod generate;
mod keys;
#[cfg(test)]
mod manual_tests;
mod rollback;
mod routes;
mod serve;
mod survey;
mod telemetry;
mod user;

pub use arguments::Arguments;

use std::io::Write;

use arguments::Command;

use crate::site;
use crate::store;

/// `EX_CONFIG`: somebody has to change a key or a setting, and a new start
/// alone does not help.
const EXIT_SETTING: u8 = 78;

/// What the process ends with after that error.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if let Some(ill) = error.downcast_ref::<doctor::Ill>() {
        return ill.exit;
    }
    if let Some(fared) = error.downcast_ref::<fared::Fared>() {
        return fared.exit;
    }
    let is_setting = match error.downcast_ref::<site::Error>() {
        Some(site::Error::Folder(error)) => error.is_setting(),
        Some(site::Error::Store(error)) => {
            matches!(error, store::Error::WrongKey(_) | store::Error::TooNew(_))
        }
        _ => error.downcast_ref::<crate::config::Error>().is_some(),
    };
    if is_setting { EXIT_SETTING } else { 1 }
}

/// Does what the command line says; what it has to tell goes to `out`.
pub async fn run(arguments: Arguments, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
    match arguments.command {
        Command::Serve => serve::serve(&arguments.place, out).await,
        Command::Demo => demo::demo(&arguments.place, out).await,
        Command::SetupCode => serve::setup_code(&arguments.place, out).await,
        Command::User(command) => user::run(&arguments.place, command, out).await,
        Command::Audit(command) => audit::run(&arguments.place, command, out).await,
        Command::Doctor(asked) => doctor::run(&arguments.place, &asked, out).await,
        Command::Evidence(command) => evidence::run(&arguments.place, command, out).await,
        Command::SecurityDoc => Ok(write!(out, "{}", crate::trust::DOCUMENT)?),
        Command::Check => check::check(&arguments.place, out).await,
        Command::Keys(command) => keys::run(&arguments.place, command, out).await,
        Command::Rollback(wanted) => rollback::run(&arguments.place, &wanted, out),
        Command::Generate(what) => generate::run(&what),
        Command::Backup(command) => backup::run(&arguments.place, command, out).await,
        Command::Restore(command) => backup::restore(&arguments.place, command, out).await,
        Command::Telemetry(command) => telemetry::run(&arguments.place, command, out).await,
        Command::App(command) => app::run(&arguments.place, command, out).await,
        Command::Survey(command) => survey::run(&command, out),
        Command::Routes { public } => routes::list(public, out),
        Command::Version => {
            writeln!(out, "onsight {}", env!("CARGO_PKG_VERSION"))?;
            Ok(())
        }
    }
}
