//! `onsight evidence`: a pack for an auditor, made and checked.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;

use crate::base::{Clock, text};
use crate::journal::Actor;
use crate::operate;
use crate::people::People;
use crate::server;
use crate::site::Site;
use crate::trust::{self, Purpose};

use super::arguments::Place;

#[derive(Debug, Subcommand)]
pub(super) enum Evidence {
    /// Make it, for the days until now
    Make {
        /// How many days back
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3660))]
        days: u16,
        /// Where to; a file that is not there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Make a bundle for whoever helps you: figures, without rows, names or secrets
    Support {
        /// Where to; a file that is not there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Check that it is whole and signed; needs no instance
    Verify {
        file: PathBuf,
        /// The public key it must be signed with
        #[arg(long, value_name = "HEX")]
        key: Option<String>,
    },
}

pub(super) async fn run(
    place: &Place,
    command: Evidence,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    match command {
        Evidence::Make { days, out: to } => {
            make(place, (Purpose::Instance, days), &to).await?;
            writeln!(out, "{} is made", to.display())?;
        }
        Evidence::Support { out: to } => {
            make(place, (Purpose::Support, 90), &to).await?;
            writeln!(
                out,
                "{} is made: look into it before you send it",
                to.display()
            )?;
        }
        Evidence::Verify { file, key } => verify(&file, key.as_deref(), out)?,
    }
    out.flush()?;
    Ok(())
}

async fn make(place: &Place, (purpose, days): (Purpose, u16), to: &Path) -> anyhow::Result<()> {
    let site = Site::beside(place.config()?, Clock::system())?;
    operate::recall(&site).await?;
    let trust = server::promises(&People::new(site.clone()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .with_context(|| format!("{} cannot be made", to.display()))?;
    let actor = Actor::command_line();
    let mut pieces = trust.pack(purpose, i64::from(days), actor).await?;
    while let Some(piece) = pieces.recv().await {
        file.write_all(&piece?)?;
    }
    file.sync_all()?;
    site.carry().await?;
    Ok(())
}

fn verify(file: &Path, key: Option<&str>, out: &mut impl Write) -> anyhow::Result<()> {
    let opened = File::open(file).with_context(|| file.display().to_string())?;
    match trust::check_pack(BufReader::new(opened), key) {
        Ok(checked) => {
            let manifest = &checked.manifest;
            let files = text::thousands(manifest.files.len() as u64);
            writeln!(out, "{}: {files} files, whole", file.display())?;
            for listed in &manifest.files {
                writeln!(out, "  {:<28} {}", listed.name, listed.about)?;
            }
            writeln!(out, "signed with {}", manifest.key)?;
            if key.is_none() {
                writeln!(
                    out,
                    "compare that with: onsight audit key (or give it with --key)"
                )?;
            }
            Ok(())
        }
        Err(flaw) => bail!("{}: {flaw}", file.display()),
    }
}
